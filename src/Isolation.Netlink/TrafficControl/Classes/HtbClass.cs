using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A class of <see cref="HtbQdisc"/>: has a rate for certain, and borrows up to a ceiling of what its parent has left (tc-htb(8)).</summary>
/// <param name="Rate">The rate that it has for certain.</param>
public sealed record HtbClass(DataRate Rate) : TrafficClassKind(HtbQdisc.KindName)
{
    // As tc-htb(8): a packet of an Ethernet with its header, and some room.
    private const long DefaultBurst = 1600;

    /// <summary>The rate that it has at the most; null for <see cref="Rate"/>.</summary>
    public DataRate? Ceiling { get; init; }

    /// <summary>Bytes that may be sent at once above the rate; null for 1600, as tc(8) takes it. A list tells it to the nearest byte that the kernel's ticks of 64 ns have.</summary>
    public long? Burst { get; init; }

    /// <summary>Bytes that may be sent at once at the ceiling, as fast as the link is; null for 1600.</summary>
    public long? CeilingBurst { get; init; }

    /// <summary>Of classes that borrow, those with the lowest number come first: 0 to 7.</summary>
    public int Priority { get; init; }

    /// <summary>Bytes that it sends in its turn; 0: the kernel computes it by <see cref="HtbQdisc.RateToQuantum"/>.</summary>
    public long Quantum { get; init; }

    /// <summary>Bytes that each packet counts more.</summary>
    public ushort Overhead { get; init; }

    /// <summary>Bytes that each packet counts at least (mpu).</summary>
    public ushort MinimumPacket { get; init; }

    /// <summary>Its level, as it was listed: 0 for one without classes of its own, else 7 at the root and one less at each step down.</summary>
    public int Level { get; init; }

    internal static HtbClass ReadOptions(AttributeReader attributes)
    {
        HtbClassData data = default;
        long largeRate = 0, largeCeiling = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((HtbAttribute)attribute.Type)
            {
                case HtbAttribute.TCA_HTB_PARMS:
                    data = attribute.Struct<HtbClassData>();
                    break;
                case HtbAttribute.TCA_HTB_RATE64:
                    largeRate = attribute.Number<long>();
                    break;
                case HtbAttribute.TCA_HTB_CEIL64:
                    largeCeiling = attribute.Number<long>();
                    break;
            }
        }

        DataRate rate = TrafficUnits.FromRate(data.rate, largeRate), ceiling = TrafficUnits.FromRate(data.ceil, largeCeiling);
        return new HtbClass(rate)
        {
            Ceiling = ceiling,
            Burst = TrafficUnits.FromTicks(rate, data.buffer),
            CeilingBurst = TrafficUnits.FromTicks(ceiling, data.cbuffer),
            Priority = (int)data.prio,
            Quantum = data.quantum,
            Overhead = data.rate.overhead,
            MinimumPacket = data.rate.mpu,
            Level = (int)data.level,
        };
    }

    internal override void WriteOptions(MessageWriter writer)
    {
        DataRate rate = TrafficUnits.Check(Rate, nameof(Rate)), ceiling = TrafficUnits.Check(Ceiling ?? Rate, nameof(Ceiling));
        if (ceiling.BytesPerSecond < rate.BytesPerSecond)
            throw new ArgumentException($"The ceiling of {ceiling} is below the rate of {rate}.");
        if (Priority is < 0 or > 7)
            throw new ArgumentException($"The priority is out of range: {Priority}.");
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            TrafficUnits.WriteLarge(writer, HtbAttribute.TCA_HTB_RATE64, rate);
            TrafficUnits.WriteLarge(writer, HtbAttribute.TCA_HTB_CEIL64, ceiling);
            writer.Write(HtbAttribute.TCA_HTB_PARMS, new HtbClassData
            {
                rate = TrafficUnits.ToRate(rate, Overhead, MinimumPacket),
                ceil = TrafficUnits.ToRate(ceiling, Overhead, MinimumPacket),
                buffer = TrafficUnits.ToTicks(rate, TrafficUnits.Check(Burst ?? DefaultBurst, nameof(Burst)), nameof(Burst)),
                cbuffer = TrafficUnits.ToTicks(ceiling, TrafficUnits.Check(CeilingBurst ?? DefaultBurst, nameof(CeilingBurst)), nameof(CeilingBurst)),
                quantum = TrafficUnits.Check(Quantum, nameof(Quantum), least: 0),
                prio = (uint)Priority,
            });
        }
    }
}

/// <summary>The counters that only a class of htb has (struct tc_htb_xstats).</summary>
/// <param name="Lends">Packets sent at its own rate.</param>
/// <param name="Borrows">Packets sent with what it borrowed.</param>
/// <param name="Giants">Packets that were too large for the computation; the kernel has not counted them since Linux 3.8.</param>
/// <param name="Tokens">What it may send now at its rate, in ticks of 64 ns; negative for a debt.</param>
/// <param name="CeilingTokens">What it may send now at its ceiling, in ticks of 64 ns; negative for a debt.</param>
public sealed record HtbClassStatistics(long Lends, long Borrows, long Giants, long Tokens, long CeilingTokens) : KindStatistics
{
    internal static HtbClassStatistics Read(ReadOnlySpan<byte> value)
    {
        HtbClassStatisticsData data = new Wire.Attribute(0, value).Struct<HtbClassStatisticsData>();
        return new HtbClassStatistics(data.lends, data.borrows, data.giants, data.tokens, data.ctokens);
    }
}
