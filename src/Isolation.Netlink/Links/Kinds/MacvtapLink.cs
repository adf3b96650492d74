using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A macvlan whose packets a program reads and writes through <c>/dev/tapN</c> rather than the kernel (ip-link(8)). It needs <see cref="LinkSettings.ParentIndex"/>.</summary>
public sealed record MacvtapLink : MacvlanKind
{
    internal const string KindName = "macvtap";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public MacvtapLink()
        : base(KindName)
    {
    }

    private MacvtapLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new MacvtapLink(data), AttributeSpace.Of<MacvlanAttribute>());
}
