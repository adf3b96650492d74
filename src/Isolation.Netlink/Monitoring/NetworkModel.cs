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
    private readonly Dictionary<NeighborKey, Neighbor> _neighbors = [];
    private readonly Dictionary<RoutingRule, RoutingRule> _rules = [];
    private readonly Dictionary<int, NextHopObject> _nextHops = [];

    /// <summary>The links, by index.</summary>
    public IReadOnlyDictionary<int, Link> Links => _links;

    /// <summary>The addresses, in no order.</summary>
    public IReadOnlyCollection<InterfaceAddress> Addresses => _addresses.Values;

    /// <summary>The routes, in no order.</summary>
    public IReadOnlyCollection<Route> Routes => _routes.Values;

    /// <summary>The neighbours, in no order.</summary>
    public IReadOnlyCollection<Neighbor> Neighbors => _neighbors.Values;

    /// <summary>The rules, in no order.</summary>
    public IReadOnlyCollection<RoutingRule> Rules => _rules.Values;

    /// <summary>The next-hop objects, by id.</summary>
    public IReadOnlyDictionary<int, NextHopObject> NextHops => _nextHops;

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
            case NeighborChanged { Neighbor: var neighbor }:
                _neighbors[NeighborKey.Of(neighbor)] = neighbor;
                break;
            case NeighborRemoved { Neighbor: var neighbor }:
                _neighbors.Remove(NeighborKey.Of(neighbor));
                break;
            case RuleChanged { Rule: var rule }:
                _rules[RuleIdentity.Of(rule)] = rule;
                break;
            case RuleRemoved { Rule: var rule }:
                _rules.Remove(RuleIdentity.Of(rule));
                break;
            case NextHopChanged { NextHop: var nextHop }:
                _nextHops[nextHop.Id] = nextHop;
                break;
            case NextHopRemoved { NextHop: var nextHop }:
                _nextHops.Remove(nextHop.Id);
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
