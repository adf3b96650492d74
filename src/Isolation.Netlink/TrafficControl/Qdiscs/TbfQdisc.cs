using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Sends no faster than a rate, with bursts: a token bucket filter (tc-tbf(8)).</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Burst">Bytes that may be sent at once. It must hold a packet; one that is sent in segments (GSO) is cut into them first. A list tells it to half a tick of 64 ns, which is 400 bytes at 100 Gbit/s.</param>
public sealed record TbfQdisc(DataRate Rate, long Burst) : QdiscKind(KindName)
{
    internal const string KindName = "tbf";

    /// <summary>Bytes that wait at the most, besides the burst. Null: <see cref="Latency"/> says it.</summary>
    public long? Limit { get; init; }

    /// <summary>How long a packet waits at the most, from which the kernel's limit is computed. It is for a new one or a change; a list tells <see cref="Limit"/>.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The rate within a burst; null for as fast as the link is. It needs <see cref="PeakBurst"/>.</summary>
    public DataRate? PeakRate { get; init; }

    /// <summary>Bytes that may be sent at once at <see cref="PeakRate"/>: the largest packet, which tc(8) calls mtu.</summary>
    public long? PeakBurst { get; init; }

    /// <summary>Bytes that each packet counts more.</summary>
    public ushort Overhead { get; init; }

    /// <summary>Bytes that each packet counts at least (mpu).</summary>
    public ushort MinimumPacket { get; init; }

    internal static TbfQdisc ReadOptions(AttributeReader attributes)
    {
        TbfData data = default;
        long largeRate = 0, largePeak = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((TbfAttribute)attribute.Type)
            {
                case TbfAttribute.TCA_TBF_PARMS:
                    data = attribute.Struct<TbfData>();
                    break;
                case TbfAttribute.TCA_TBF_RATE64:
                    largeRate = attribute.Number<long>();
                    break;
                case TbfAttribute.TCA_TBF_PRATE64:
                    largePeak = attribute.Number<long>();
                    break;
            }
        }

        DataRate rate = TrafficUnits.FromRate(data.rate, largeRate), peak = TrafficUnits.FromRate(data.peakrate, largePeak);
        return new TbfQdisc(rate, TrafficUnits.FromCutTicks(rate, data.buffer))
        {
            Limit = data.limit,
            PeakRate = peak.BytesPerSecond > 0 ? peak : null,
            PeakBurst = peak.BytesPerSecond > 0 ? TrafficUnits.FromCutTicks(peak, data.mtu) : null,
            Overhead = data.rate.overhead,
            MinimumPacket = data.rate.mpu,
        };
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        TrafficUnits.Check(Rate, nameof(Rate));
        uint burst = TrafficUnits.Check(Burst, nameof(Burst));
        if (PeakRate.HasValue != PeakBurst.HasValue)
            throw new ArgumentException("A peak rate and a peak burst need each other.");
        if (PeakRate is { } given && (TrafficUnits.Check(given, nameof(PeakRate)) is var peakRate && peakRate.BytesPerSecond <= Rate.BytesPerSecond))
            throw new ArgumentException($"The peak rate of {given} is not above the rate of {Rate}.");
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.Write(TbfAttribute.TCA_TBF_PARMS, new TbfData
            {
                rate = TrafficUnits.ToRate(Rate, Overhead, MinimumPacket),
                peakrate = PeakRate is { } peak ? TrafficUnits.ToRate(peak, Overhead, MinimumPacket) : default,
                limit = ToLimit(),
                buffer = TrafficUnits.ToTicks(Rate, Burst, nameof(Burst)),
                mtu = PeakRate is { } at ? TrafficUnits.ToTicks(at, TrafficUnits.Check(PeakBurst!.Value, nameof(PeakBurst)), nameof(PeakBurst)) : 0,
            });

            // In bytes, which the kernel prefers to the ticks of the struct: they would be too coarse for high rates.
            writer.Write(TbfAttribute.TCA_TBF_BURST, burst);
            TrafficUnits.WriteLarge(writer, TbfAttribute.TCA_TBF_RATE64, Rate);
            if (PeakRate is not { } withPeak)
                return;
            writer.Write(TbfAttribute.TCA_TBF_PBURST, (uint)PeakBurst!.Value);
            TrafficUnits.WriteLarge(writer, TbfAttribute.TCA_TBF_PRATE64, withPeak);
        }
    }

    // tc-tbf(8): what arrives within the latency at the rate, and the burst.
    private uint ToLimit()
    {
        if (Limit.HasValue == Latency.HasValue)
            throw new ArgumentException("Give either a limit or a latency.");
        if (Limit is { } limit)
            return TrafficUnits.Check(limit, nameof(Limit));
        long nanoseconds = TrafficUnits.ToNanoseconds(Latency!.Value, nameof(Latency));
        Int128 bytes = Bytes(Rate) + Burst;
        if (PeakRate is { } peak)
            bytes = Int128.Min(bytes, Bytes(peak) + PeakBurst!.Value);
        return bytes <= uint.MaxValue ? (uint)bytes : throw new ArgumentException($"The latency of {Latency} is too long for {Rate}: {bytes} bytes would wait.");

        Int128 Bytes(DataRate rate) => (Int128)rate.BytesPerSecond * nanoseconds / 1_000_000_000;
    }
}
