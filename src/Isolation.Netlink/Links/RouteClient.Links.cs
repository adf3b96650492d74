using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>A link, by its index.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return GetLink(new OneLinkRequest(index), "get the link with index", index);
    }

    /// <summary>A link, by its name or an alternative name.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return GetLink(new OneLinkRequest(0, name), "get the link", name);
    }

    /// <summary>The links of the network namespace, in the kernel's order.</summary>
    public Listing<Link> ListLinks(LinkFilter? filter = null)
    {
        filter ??= LinkFilter.All;
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list links", null), filter);
        var links = new List<Link>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            Link link = Link.Read(body);
            if (filter.Matches(link))
                links.Add(link);
        }

        return new Listing<Link>(links, dump.IsInterrupted);
    }

    private Link GetLink(OneLinkRequest request, string operation, object target)
        => _connection.Get(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, operation, target), request, Link.Read);
}
