using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Serves flows in turn and keeps their queues short: fair queueing with controlled delay (tc-fq_codel(8)). What is null is the kernel's default, or stays as it is.</summary>
/// <remarks>The kernel keeps times in units of 1.024 us and tells them cut to the microsecond: 5 ms are listed as 4.999 ms.</remarks>
public sealed record FqCodelQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "fq_codel";

    /// <summary>Packets that wait at the most.</summary>
    public long? PacketLimit { get; init; }

    /// <summary>The number of flows that are told apart, up to 65,536. It is for a new one: a change that names it is refused (EINVAL).</summary>
    public long? Flows { get; init; }

    /// <summary>How long packets may wait for good.</summary>
    public TimeSpan? Target { get; init; }

    /// <summary>The time in which the wait must have been below the target once.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Bytes that a flow may send in its turn.</summary>
    public long? Quantum { get; init; }

    /// <summary>Whether packets are marked instead of dropped, where they can be (ECN).</summary>
    public bool? MarksInsteadOfDrop { get; init; }

    /// <summary>What waits longer is marked.</summary>
    public TimeSpan? CongestionThreshold { get; init; }

    /// <summary>Packets that are dropped at once when a limit is hit.</summary>
    public long? DropBatchSize { get; init; }

    /// <summary>Bytes of memory that packets take at the most.</summary>
    public long? MemoryLimit { get; init; }

    internal static FqCodelQdisc ReadOptions(AttributeReader attributes)
    {
        var codel = new FqCodelQdisc();
        foreach (Wire.Attribute attribute in attributes)
        {
            codel = (FqCodelAttribute)attribute.Type switch
            {
                FqCodelAttribute.TCA_FQ_CODEL_LIMIT => codel with { PacketLimit = attribute.Number<uint>() },
                FqCodelAttribute.TCA_FQ_CODEL_FLOWS => codel with { Flows = attribute.Number<uint>() },
                FqCodelAttribute.TCA_FQ_CODEL_TARGET => codel with { Target = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqCodelAttribute.TCA_FQ_CODEL_INTERVAL => codel with { Interval = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqCodelAttribute.TCA_FQ_CODEL_QUANTUM => codel with { Quantum = attribute.Number<uint>() },
                FqCodelAttribute.TCA_FQ_CODEL_ECN => codel with { MarksInsteadOfDrop = attribute.Number<uint>() != 0 },
                FqCodelAttribute.TCA_FQ_CODEL_CE_THRESHOLD => codel with { CongestionThreshold = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqCodelAttribute.TCA_FQ_CODEL_DROP_BATCH_SIZE => codel with { DropBatchSize = attribute.Number<uint>() },
                FqCodelAttribute.TCA_FQ_CODEL_MEMORY_LIMIT => codel with { MemoryLimit = attribute.Number<uint>() },
                _ => codel,
            };
        }

        return codel;
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        if (Flows is < 1 or > 65_536)
            throw new ArgumentException($"{nameof(Flows)} is out of range: {Flows}.");
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_LIMIT, TrafficUnits.Check(PacketLimit, nameof(PacketLimit)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_FLOWS, (uint?)Flows);
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_QUANTUM, TrafficUnits.Check(Quantum, nameof(Quantum)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_INTERVAL, TrafficUnits.ToMicroseconds(Interval, nameof(Interval)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_TARGET, TrafficUnits.ToMicroseconds(Target, nameof(Target)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_ECN, MarksInsteadOfDrop is { } marks ? (marks ? 1u : 0) : default(uint?));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_CE_THRESHOLD, TrafficUnits.ToMicroseconds(CongestionThreshold, nameof(CongestionThreshold)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_MEMORY_LIMIT, TrafficUnits.Check(MemoryLimit, nameof(MemoryLimit)));
            writer.Write(FqCodelAttribute.TCA_FQ_CODEL_DROP_BATCH_SIZE, TrafficUnits.Check(DropBatchSize, nameof(DropBatchSize)));
        }
    }
}

/// <summary>The counters that only fq_codel has (struct tc_fq_codel_qd_stats).</summary>
/// <param name="LargestPacket">The bytes of the largest packet so far.</param>
/// <param name="LimitDrops">Packets that were dropped because of <see cref="FqCodelQdisc.PacketLimit"/>.</param>
/// <param name="MemoryDrops">Packets that were dropped because of <see cref="FqCodelQdisc.MemoryLimit"/>.</param>
/// <param name="Marks">Packets that were marked instead of dropped.</param>
/// <param name="CongestionMarks">Packets that were marked because of <see cref="FqCodelQdisc.CongestionThreshold"/>.</param>
/// <param name="NewFlows">How often a packet began a new flow.</param>
/// <param name="NewFlowsWaiting">New flows with packets.</param>
/// <param name="OldFlowsWaiting">Other flows with packets.</param>
/// <param name="Memory">Bytes of memory that packets take.</param>
public sealed record FqCodelStatistics(long LargestPacket, long LimitDrops, long MemoryDrops, long Marks, long CongestionMarks, long NewFlows, long NewFlowsWaiting, long OldFlowsWaiting, long Memory) : KindStatistics
{
    internal static FqCodelStatistics Read(ReadOnlySpan<byte> value)
    {
        FqCodelQueueData data = new Wire.Attribute(0, value).Struct<FqCodelStatisticsData>().qdisc_stats;
        return new FqCodelStatistics(data.maxpacket, data.drop_overlimit, data.drop_overmemory, data.ecn_mark, data.ce_mark, data.new_flow_count, data.new_flows_len, data.old_flows_len, data.memory_usage);
    }
}
