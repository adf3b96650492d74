using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One end of a pair: what goes in here comes out at the peer (veth(4)).</summary>
/// <remarks>
/// Give each end its name and network namespace when the pair is made: that is much faster than making it here and moving
/// it. The peer cannot be switched on at once, but the link itself can. So make the far end the link and the near one its
/// peer, and switch that on by its name in the same <see cref="RouteBatch"/>.
/// </remarks>
public sealed record VethLink() : LinkKind(KindName)
{
    internal const string KindName = "veth";

    /// <summary>The other end, when a pair is made. Null: the kernel chooses its name. A list does not tell it; see <see cref="Link.ParentIndex"/>.</summary>
    public LinkSettings? Peer { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        if (Peer is null)
            return;
        using (writer.Nest(LinkInfoAttribute.IFLA_INFO_DATA))
        using (writer.Nest(VethAttribute.VETH_INFO_PEER))
        {
            writer.WriteHeader(Peer.ToHeader(index: 0));
            Peer.WriteAsPeer(writer);
        }
    }
}
