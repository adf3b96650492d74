using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One end of a pair: what goes in here comes out at the peer (veth(4)).</summary>
/// <remarks>
/// <see cref="RouteChanges.AddVeth"/> makes a pair in two network namespaces, with both ends up. Give each end its name and network
/// namespace when the pair is made: that is much faster than making it here and moving it.
/// </remarks>
public sealed record VethLink() : LinkKind(KindName)
{
    internal const string KindName = "veth";

    internal VethLink(AttributeReader data)
        : this()
        => KeepUnknown(data);

    /// <summary>The other end, when a pair is made. Null: the kernel chooses its name. A list does not tell it; see <see cref="Link.ParentIndex"/>.</summary>
    public LinkSettings? Peer { get; init; }

    // The peer is described like a link of its own.
    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new VethLink(data), AttributeSpace.Of<VethAttribute>().With(VethAttribute.VETH_INFO_PEER, LinkAttributes.Space));

    private protected override void WriteData(MessageWriter writer) => Peer?.WriteAsPeer(writer, VethAttribute.VETH_INFO_PEER);
}
