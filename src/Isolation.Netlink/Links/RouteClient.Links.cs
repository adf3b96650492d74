using System.Diagnostics.CodeAnalysis;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>A link, by its index.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(int index) => GetLink(index, LinkDetails.None);

    /// <summary>A link, by its index, with more than the usual.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(int index, LinkDetails details)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return _connection.Get(Get("get the link with index", index), new GetLinkRequest(index, null, details), Reader(details));
    }

    /// <summary>A link, by its name or an alternative name.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(string name) => GetLink(name, LinkDetails.None);

    /// <summary>A link, by its name or an alternative name, with more than the usual.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is none.</exception>
    public Link GetLink(string name, LinkDetails details)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _connection.Get(Get("get the link", name), new GetLinkRequest(0, name, details), Reader(details));
    }

    /// <summary>A link, by its index, if there is one.</summary>
    public bool TryGetLink(int index, [NotNullWhen(true)] out Link? link)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return _connection.TryGet(Get("get the link with index", index), new GetLinkRequest(index, null, LinkDetails.None), Link.Read, Errno.ENODEV, out link);
    }

    /// <summary>A link, by its name or an alternative name, if there is one.</summary>
    public bool TryGetLink(string name, [NotNullWhen(true)] out Link? link)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _connection.TryGet(Get("get the link", name), new GetLinkRequest(0, name, LinkDetails.None), Link.Read, Errno.ENODEV, out link);
    }

    /// <summary>The links of the network namespace, in the kernel's order.</summary>
    public Listing<Link> ListLinks(LinkFilter? filter = null)
    {
        filter ??= LinkFilter.All;
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list links", null), filter);
        var links = new List<Link>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            Link link = Link.Read(body, filter.Details);
            if (filter.Matches(link))
                links.Add(link);
        }

        return new Listing<Link>(links, dump.IsInterrupted);
    }

    private static RequestDescription Get(string operation, object target) => new(RouteMessageType.RTM_GETLINK, 0, operation, target);

    private static AnswerReader<Link> Reader(LinkDetails details) => details == LinkDetails.None ? Link.Read : body => Link.Read(body, details);
}
