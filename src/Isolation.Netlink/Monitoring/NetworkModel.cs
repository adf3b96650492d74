namespace Isolation.Netlink;

/// <summary>What a network namespace has, kept current by the changes that a <see cref="NetworkMonitor"/> tells.</summary>
/// <remarks>
/// Open the monitor with <see cref="MonitorOptions.ListExisting"/>, and <see cref="Apply"/> each change. The model is for one thread at a time;
/// what its properties return changes with it.
/// </remarks>
public sealed class NetworkModel
{
    private readonly Dictionary<int, Link> _links = [];
    private readonly Dictionary<AddressKey, InterfaceAddress> _addresses = [];
    private readonly Dictionary<Route, Route> _routes = [];

    /// <summary>The links, by index.</summary>
    public IReadOnlyDictionary<int, Link> Links => _links;

    /// <summary>The addresses, in no order.</summary>
    public IReadOnlyCollection<InterfaceAddress> Addresses => _addresses.Values;

    /// <summary>The routes, in no order.</summary>
    public IReadOnlyCollection<Route> Routes => _routes.Values;

    /// <summary>Whether all that there is has been told, and nothing has been lost since: false before <see cref="Synchronized"/> and after an <see cref="Overrun"/>.</summary>
    public bool IsSynchronized { get; private set; }

    /// <summary>Takes a change over.</summary>
    public void Apply(NetworkEvent change)
    {
        ArgumentNullException.ThrowIfNull(change);
        switch (change)
        {
            case LinkChanged { Link: var link }:
                _links[link.Index] = link;
                break;
            case LinkRemoved { Link: var link }:
                _links.Remove(link.Index);
                break;
            case AddressChanged { Address: var address }:
                _addresses[AddressKey.Of(address)] = address;
                break;
            case AddressRemoved { Address: var address }:
                _addresses.Remove(AddressKey.Of(address));
                break;
            case RouteChanged { Route: var route, Previous: var previous }:
                if (previous is not null)
                    _routes.Remove(RouteIdentity.Of(previous));
                _routes[RouteIdentity.Of(route)] = route;
                break;
            case RouteRemoved { Route: var route }:
                _routes.Remove(RouteIdentity.Of(route));
                break;
            case Overrun:
                IsSynchronized = false;
                break;
            case Synchronized:
                IsSynchronized = true;
                break;
        }
    }
}
