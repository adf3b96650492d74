using System.Numerics;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Serves flows in turn and sends each at its own pace: fair queueing (tc-fq(8)). What is null is the kernel's default, or stays as it is.</summary>
public sealed record FqQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "fq";

    /// <summary>Packets that wait at the most.</summary>
    public long? PacketLimit { get; init; }

    /// <summary>Packets of a flow that wait at the most.</summary>
    public long? FlowPacketLimit { get; init; }

    /// <summary>Bytes that a flow may send in its turn.</summary>
    public long? Quantum { get; init; }

    /// <summary>Bytes that a new flow may send in its first turn.</summary>
    public long? InitialQuantum { get; init; }

    /// <summary>Whether flows are paced.</summary>
    public bool? HasPacing { get; init; }

    /// <summary>The rate of a flow at the most. The kernel takes up to 34 Gbit/s; one that is listed as 34,359,738,360 bit/s is none.</summary>
    public DataRate? MaximumFlowRate { get; init; }

    /// <summary>A flow below this rate sends each packet on its own.</summary>
    public DataRate? LowRateThreshold { get; init; }

    /// <summary>Buckets of the table of flows: a power of two, up to 262,144.</summary>
    public int? Buckets { get; init; }

    /// <summary>How long a flow rests until it counts as new again.</summary>
    public TimeSpan? RefillDelay { get; init; }

    /// <summary>The bits of a hash by which packets without a socket are told apart.</summary>
    public long? OrphanMask { get; init; }

    /// <summary>What waits longer is marked (ECN).</summary>
    public TimeSpan? CongestionThreshold { get; init; }

    /// <summary>By how much the timer may be late, in steps of a nanosecond: at most 4.29 seconds.</summary>
    public TimeSpan? TimerSlack { get; init; }

    /// <summary>How far in the future a packet may ask to be sent.</summary>
    public TimeSpan? Horizon { get; init; }

    /// <summary>Whether packets beyond the horizon are dropped; else they are sent at it.</summary>
    public bool? DropsBeyondHorizon { get; init; }

    internal static FqQdisc ReadOptions(AttributeReader attributes)
    {
        var fq = new FqQdisc();
        foreach (Wire.Attribute attribute in attributes)
        {
            fq = (FqAttribute)attribute.Type switch
            {
                FqAttribute.TCA_FQ_PLIMIT => fq with { PacketLimit = attribute.Number<uint>() },
                FqAttribute.TCA_FQ_FLOW_PLIMIT => fq with { FlowPacketLimit = attribute.Number<uint>() },
                FqAttribute.TCA_FQ_QUANTUM => fq with { Quantum = attribute.Number<uint>() },
                FqAttribute.TCA_FQ_INITIAL_QUANTUM => fq with { InitialQuantum = attribute.Number<uint>() },
                FqAttribute.TCA_FQ_RATE_ENABLE => fq with { HasPacing = attribute.Number<uint>() != 0 },
                FqAttribute.TCA_FQ_FLOW_MAX_RATE => fq with { MaximumFlowRate = new DataRate(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_LOW_RATE_THRESHOLD => fq with { LowRateThreshold = new DataRate(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_BUCKETS_LOG => fq with { Buckets = attribute.Number<uint>() is < 31 and var log ? 1 << (int)log : throw NetlinkException.Malformed("a table of flows of more than 2^30 buckets") },
                FqAttribute.TCA_FQ_FLOW_REFILL_DELAY => fq with { RefillDelay = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_ORPHAN_MASK => fq with { OrphanMask = attribute.Number<uint>() },
                FqAttribute.TCA_FQ_CE_THRESHOLD => fq with { CongestionThreshold = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_TIMER_SLACK => fq with { TimerSlack = TrafficUnits.FromNanoseconds(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_HORIZON => fq with { Horizon = TrafficUnits.FromMicroseconds(attribute.Number<uint>()) },
                FqAttribute.TCA_FQ_HORIZON_DROP => fq with { DropsBeyondHorizon = attribute.Boolean },
                _ => fq,
            };
        }

        return fq;
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        if (Buckets is { } buckets && (buckets is < 1 or > 262_144 || !BitOperations.IsPow2(buckets)))
            throw new ArgumentException($"The number of buckets is no power of two up to 262144: {buckets}.");
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            if (Buckets is { } count)
                writer.Write(FqAttribute.TCA_FQ_BUCKETS_LOG, (uint)BitOperations.Log2((uint)count));
            writer.Write(FqAttribute.TCA_FQ_PLIMIT, TrafficUnits.Check(PacketLimit, nameof(PacketLimit), least: 0));
            writer.Write(FqAttribute.TCA_FQ_FLOW_PLIMIT, TrafficUnits.Check(FlowPacketLimit, nameof(FlowPacketLimit), least: 0));
            writer.Write(FqAttribute.TCA_FQ_QUANTUM, TrafficUnits.Check(Quantum, nameof(Quantum)));
            writer.Write(FqAttribute.TCA_FQ_INITIAL_QUANTUM, TrafficUnits.Check(InitialQuantum, nameof(InitialQuantum)));
            writer.Write(FqAttribute.TCA_FQ_RATE_ENABLE, HasPacing is { } pacing ? (pacing ? 1u : 0) : default(uint?));
            writer.Write(FqAttribute.TCA_FQ_FLOW_MAX_RATE, TrafficUnits.Check(MaximumFlowRate?.BytesPerSecond, nameof(MaximumFlowRate)));
            writer.Write(FqAttribute.TCA_FQ_LOW_RATE_THRESHOLD, TrafficUnits.Check(LowRateThreshold?.BytesPerSecond, nameof(LowRateThreshold), least: 0));
            writer.Write(FqAttribute.TCA_FQ_FLOW_REFILL_DELAY, TrafficUnits.ToMicroseconds(RefillDelay, nameof(RefillDelay)));
            writer.Write(FqAttribute.TCA_FQ_ORPHAN_MASK, TrafficUnits.Check(OrphanMask, nameof(OrphanMask), least: 0));
            writer.Write(FqAttribute.TCA_FQ_CE_THRESHOLD, TrafficUnits.ToMicroseconds(CongestionThreshold, nameof(CongestionThreshold)));
            if (TimerSlack is { } slack)
                writer.Write(FqAttribute.TCA_FQ_TIMER_SLACK, (uint)TrafficUnits.ToNanoseconds(slack, nameof(TimerSlack), uint.MaxValue));
            writer.Write(FqAttribute.TCA_FQ_HORIZON, TrafficUnits.ToMicroseconds(Horizon, nameof(Horizon)));
            writer.Write(FqAttribute.TCA_FQ_HORIZON_DROP, DropsBeyondHorizon);
        }
    }
}

/// <summary>The counters that only fq has (struct tc_fq_qd_stats).</summary>
/// <param name="Flows">Flows that it knows.</param>
/// <param name="InactiveFlows">Flows without a packet.</param>
/// <param name="ThrottledFlows">Flows that wait for their pace.</param>
/// <param name="CollectedFlows">Flows that were forgotten.</param>
/// <param name="HighPriorityPackets">Packets that went before all others.</param>
/// <param name="Throttled">How often a flow had to wait for its pace.</param>
/// <param name="FlowLimitDrops">Packets that were dropped because of <see cref="FqQdisc.FlowPacketLimit"/>.</param>
/// <param name="CongestionMarks">Packets that were marked because of <see cref="FqQdisc.CongestionThreshold"/>.</param>
/// <param name="HorizonDrops">Packets beyond the horizon that were dropped.</param>
/// <param name="HorizonCaps">Packets beyond the horizon that were sent at it.</param>
public sealed record FqStatistics(long Flows, long InactiveFlows, long ThrottledFlows, long CollectedFlows, long HighPriorityPackets, long Throttled, long FlowLimitDrops, long CongestionMarks, long HorizonDrops, long HorizonCaps) : KindStatistics
{
    internal static FqStatistics Read(ReadOnlySpan<byte> value)
    {
        FqStatisticsData data = new Wire.Attribute(0, value).Struct<FqStatisticsData>();
        return new FqStatistics(data.flows, data.inactive_flows, data.throttled_flows, data.gc_flows, data.highprio_packets, data.throttled, data.flows_plimit, data.ce_mark, data.horizon_drops, data.horizon_caps);
    }
}
