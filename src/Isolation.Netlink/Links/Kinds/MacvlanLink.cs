using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A further MAC address of another link, its parent (ip-link(8)). It needs <see cref="LinkSettings.ParentIndex"/>.</summary>
public sealed record MacvlanLink : MacvlanKind
{
    internal const string KindName = "macvlan";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public MacvlanLink()
        : base(KindName)
    {
    }

    private MacvlanLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new MacvlanLink(data), AttributeSpace.Of<MacvlanAttribute>());
}
