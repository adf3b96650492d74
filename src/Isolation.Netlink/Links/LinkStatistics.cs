using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>The counters of a link since it was made, of 64 bits each (struct rtnl_link_stats64). What a driver does not count is 0.</summary>
public readonly record struct LinkStatistics
{
    /// <summary>Packets that came in (rx_packets).</summary>
    public long ReceivedPackets { get; init; }

    /// <summary>Packets that went out (tx_packets).</summary>
    public long SentPackets { get; init; }

    /// <summary>Bytes that came in (rx_bytes).</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes that went out (tx_bytes).</summary>
    public long SentBytes { get; init; }

    /// <summary>Packets that came in broken (rx_errors).</summary>
    public long ReceiveErrors { get; init; }

    /// <summary>Packets that could not go out (tx_errors).</summary>
    public long SendErrors { get; init; }

    /// <summary>Packets that came in and were dropped, such as for want of memory (rx_dropped).</summary>
    public long ReceiveDrops { get; init; }

    /// <summary>Packets that were dropped before they went out (tx_dropped).</summary>
    public long SendDrops { get; init; }

    /// <summary>Multicast packets among those that came in (multicast).</summary>
    public long ReceivedMulticasts { get; init; }

    /// <summary>Collisions on the wire (collisions).</summary>
    public long Collisions { get; init; }

    /// <summary>Of the errors: packets of a wrong length (rx_length_errors).</summary>
    public long ReceiveLengthErrors { get; init; }

    /// <summary>Of the errors: packets for which the hardware had no room (rx_over_errors).</summary>
    public long ReceiveOverruns { get; init; }

    /// <summary>Of the errors: packets with a wrong check sum (rx_crc_errors).</summary>
    public long ReceiveChecksumErrors { get; init; }

    /// <summary>Of the errors: packets that did not end at a byte (rx_frame_errors).</summary>
    public long ReceiveFrameErrors { get; init; }

    /// <summary>Of the errors: overruns of the receiver's queue (rx_fifo_errors).</summary>
    public long ReceiveQueueErrors { get; init; }

    /// <summary>Packets that the hardware missed for want of room in memory (rx_missed_errors).</summary>
    public long ReceiveMissed { get; init; }

    /// <summary>Of the errors: transmissions that were given up (tx_aborted_errors).</summary>
    public long SendAborts { get; init; }

    /// <summary>Of the errors: losses of the carrier (tx_carrier_errors).</summary>
    public long SendCarrierErrors { get; init; }

    /// <summary>Of the errors: underruns of the sender's queue (tx_fifo_errors).</summary>
    public long SendQueueErrors { get; init; }

    /// <summary>Of the errors: missing heartbeats of old Ethernet (tx_heartbeat_errors).</summary>
    public long SendHeartbeatErrors { get; init; }

    /// <summary>Of the errors: collisions that came too late (tx_window_errors).</summary>
    public long SendWindowErrors { get; init; }

    /// <summary>Packets that came in compressed (rx_compressed).</summary>
    public long ReceivedCompressed { get; init; }

    /// <summary>Packets that went out compressed (tx_compressed).</summary>
    public long SentCompressed { get; init; }

    /// <summary>Packets that came in while the link did not take any, such as at a backup of a bond (rx_nohandler).</summary>
    public long ReceivedUnhandled { get; init; }

    /// <summary>Packets that were for another MAC address (rx_otherhost_dropped). Linux 5.19.</summary>
    public long ReceivedForOthers { get; init; }

    internal static LinkStatistics From(LinkStatisticsData data) => new()
    {
        ReceivedPackets = data.rx_packets,
        SentPackets = data.tx_packets,
        ReceivedBytes = data.rx_bytes,
        SentBytes = data.tx_bytes,
        ReceiveErrors = data.rx_errors,
        SendErrors = data.tx_errors,
        ReceiveDrops = data.rx_dropped,
        SendDrops = data.tx_dropped,
        ReceivedMulticasts = data.multicast,
        Collisions = data.collisions,
        ReceiveLengthErrors = data.rx_length_errors,
        ReceiveOverruns = data.rx_over_errors,
        ReceiveChecksumErrors = data.rx_crc_errors,
        ReceiveFrameErrors = data.rx_frame_errors,
        ReceiveQueueErrors = data.rx_fifo_errors,
        ReceiveMissed = data.rx_missed_errors,
        SendAborts = data.tx_aborted_errors,
        SendCarrierErrors = data.tx_carrier_errors,
        SendQueueErrors = data.tx_fifo_errors,
        SendHeartbeatErrors = data.tx_heartbeat_errors,
        SendWindowErrors = data.tx_window_errors,
        ReceivedCompressed = data.rx_compressed,
        SentCompressed = data.tx_compressed,
        ReceivedUnhandled = data.rx_nohandler,
        ReceivedForOthers = data.rx_otherhost_dropped,
    };
}
