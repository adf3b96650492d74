using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>The counters of a link since it was made, of 64 bits each (struct rtnl_link_stats64).</summary>
/// <param name="ReceivedPackets">Packets that came in.</param>
/// <param name="SentPackets">Packets that went out.</param>
/// <param name="ReceivedBytes">Bytes that came in.</param>
/// <param name="SentBytes">Bytes that went out.</param>
/// <param name="ReceiveErrors">Packets that came in broken.</param>
/// <param name="SendErrors">Packets that could not go out.</param>
/// <param name="ReceiveDrops">Packets that came in and were dropped, such as for want of memory.</param>
/// <param name="SendDrops">Packets that were dropped before they went out.</param>
/// <param name="ReceivedMulticasts">Multicast packets among those that came in.</param>
/// <param name="Collisions">Collisions on the wire.</param>
public readonly record struct LinkStatistics(
    long ReceivedPackets,
    long SentPackets,
    long ReceivedBytes,
    long SentBytes,
    long ReceiveErrors,
    long SendErrors,
    long ReceiveDrops,
    long SendDrops,
    long ReceivedMulticasts,
    long Collisions)
{
    internal static LinkStatistics From(LinkStatisticsData data)
        => new(data.rx_packets, data.tx_packets, data.rx_bytes, data.tx_bytes, data.rx_errors, data.tx_errors, data.rx_dropped, data.tx_dropped, data.multicast, data.collisions);
}
