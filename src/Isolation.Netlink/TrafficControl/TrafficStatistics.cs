using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The counters of a queueing discipline, a class or an action (TCA_STATS2, linux/gen_stats.h).</summary>
/// <param name="Bytes">Bytes that went through.</param>
/// <param name="Packets">Packets that went through.</param>
/// <param name="Drops">Packets that were dropped. The kernel counts to 2^32.</param>
/// <param name="Overlimits">How often a limit was hit. The kernel counts to 2^32.</param>
/// <param name="Requeues">Packets that the link did not take at once. The kernel counts to 2^32.</param>
/// <param name="QueueLength">Packets that wait.</param>
/// <param name="Backlog">Bytes that wait.</param>
/// <param name="Rate">The estimated rate, where there is a <see cref="RateEstimator"/>.</param>
/// <param name="PacketRate">The estimated packets a second, where there is a <see cref="RateEstimator"/>.</param>
public readonly record struct TrafficStatistics(long Bytes, long Packets, long Drops, long Overlimits, long Requeues, long QueueLength, long Backlog, DataRate Rate, long PacketRate)
{
    /// <summary>Reads TCA_STATS2 or TCA_ACT_STATS.</summary>
    /// <param name="attributes">What it holds.</param>
    /// <param name="ofKind">What only the kind counts (TCA_STATS_APP).</param>
    internal static TrafficStatistics Read(AttributeReader attributes, out ReadOnlySpan<byte> ofKind)
    {
        ofKind = [];
        TrafficStatistics statistics = default;
        long? packets = null;
        RateStatistics64Data? rate = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((StatisticsAttribute)attribute.Type)
            {
                case StatisticsAttribute.TCA_STATS_BASIC:
                    BasicStatisticsData basic = attribute.Struct<BasicStatisticsData>();
                    statistics = statistics with { Bytes = basic.bytes, Packets = basic.packets };
                    break;
                case StatisticsAttribute.TCA_STATS_PKT64:
                    packets = attribute.Number<long>();
                    break;
                case StatisticsAttribute.TCA_STATS_RATE_EST:
                    RateStatisticsData small = attribute.Struct<RateStatisticsData>();
                    statistics = statistics with { Rate = new DataRate(small.bps), PacketRate = small.pps };
                    break;
                case StatisticsAttribute.TCA_STATS_RATE_EST64:
                    rate = attribute.Struct<RateStatistics64Data>();
                    break;
                case StatisticsAttribute.TCA_STATS_QUEUE:
                    QueueStatisticsData queue = attribute.Struct<QueueStatisticsData>();
                    statistics = statistics with { QueueLength = queue.qlen, Backlog = queue.backlog, Drops = queue.drops, Requeues = queue.requeues, Overlimits = queue.overlimits };
                    break;
                case StatisticsAttribute.TCA_STATS_APP:
                    ofKind = attribute.Value;
                    break;
            }
        }

        // The larger ones follow when the smaller ones are not enough.
        statistics = statistics with { Packets = packets ?? statistics.Packets };
        return rate is { } large ? statistics with { Rate = new DataRate(large.bps), PacketRate = large.pps } : statistics;
    }
}
