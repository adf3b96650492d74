using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Further IP addresses of another link, its parent, with its MAC address (ip-link(8)). It needs <see cref="LinkSettings.ParentIndex"/>.</summary>
public sealed record IPVlanLink : IPVlanKind
{
    internal const string KindName = "ipvlan";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPVlanLink()
        : base(KindName)
    {
    }

    private IPVlanLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPVlanLink(data), AttributeSpace.Of<IPVlanAttribute>());
}
