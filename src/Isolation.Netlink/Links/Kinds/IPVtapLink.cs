using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An ipvlan whose packets a program reads and writes through <c>/dev/tapN</c> rather than the kernel. It needs <see cref="LinkSettings.ParentIndex"/>.</summary>
public sealed record IPVtapLink : IPVlanKind
{
    internal const string KindName = "ipvtap";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPVtapLink()
        : base(KindName)
    {
    }

    private IPVtapLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPVtapLink(data), AttributeSpace.Of<IPVlanAttribute>());
}
