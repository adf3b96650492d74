using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record RouteMetrics
{
    // The kernel has RTAX_RTT in 1/8 ms, RTAX_RTTVAR in 1/4 ms (tcp_init_metrics), RTAX_RTO_MIN in ms.
    private const long RoundTripTicks = TimeSpan.TicksPerMillisecond / 8, VarianceTicks = TimeSpan.TicksPerMillisecond / 4;

    // TCP_CA_NAME_MAX, without the zero byte.
    private const int LongestName = 15;

    /// <summary>Writes RTA_METRICS, if there is something to write.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="asNew">Whether the locks are written too. Without them, any do when deleting.</param>
    internal void WriteTo(MessageWriter writer, bool asNew)
    {
        if (this == None)
            return;
        if (CongestionControl is not null && (CongestionControl.Length == 0 || Encoding.UTF8.GetByteCount(CongestionControl) > LongestName || CongestionControl.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException($"'{CongestionControl}' is no name of a congestion control: 1 to {LongestName} bytes.");
        using MessageWriter.Scope metrics = writer.Nest(RouteAttribute.RTA_METRICS);
        writer.Write(RouteMetricAttribute.RTAX_MTU, Mtu);
        writer.Write(RouteMetricAttribute.RTAX_WINDOW, Window);
        writer.Write(RouteMetricAttribute.RTAX_RTT, Units(RoundTripTime, RoundTripTicks));
        writer.Write(RouteMetricAttribute.RTAX_RTTVAR, Units(RoundTripTimeVariance, VarianceTicks));
        writer.Write(RouteMetricAttribute.RTAX_SSTHRESH, SlowStartThreshold);
        writer.Write(RouteMetricAttribute.RTAX_CWND, CongestionWindow);
        writer.Write(RouteMetricAttribute.RTAX_ADVMSS, AdvertisedSegmentSize);
        writer.Write(RouteMetricAttribute.RTAX_REORDERING, Reordering);
        writer.Write(RouteMetricAttribute.RTAX_HOPLIMIT, HopLimit);
        writer.Write(RouteMetricAttribute.RTAX_INITCWND, InitialCongestionWindow);
        writer.Write(RouteMetricAttribute.RTAX_FEATURES, Features);
        writer.Write(RouteMetricAttribute.RTAX_RTO_MIN, Units(MinimumRetransmissionTimeout, TimeSpan.TicksPerMillisecond));
        writer.Write(RouteMetricAttribute.RTAX_INITRWND, InitialReceiveWindow);
        writer.Write(RouteMetricAttribute.RTAX_QUICKACK, Number(QuickAcknowledgement));
        writer.Write(RouteMetricAttribute.RTAX_FASTOPEN_NO_COOKIE, Number(FastOpenWithoutCookie));
        if (CongestionControl is not null)
            writer.WriteBytes(RouteMetricAttribute.RTAX_CC_ALGO, Encoding.UTF8.GetBytes(CongestionControl));

        // tcp_rto_min reads the metric with its lock only.
        RouteMetricLocks locks = Locks | (MinimumRetransmissionTimeout is null ? 0 : RouteMetricLocks.MinimumRetransmissionTimeout);
        if (asNew && locks != RouteMetricLocks.None)
            writer.Write(RouteMetricAttribute.RTAX_LOCK, locks);
    }

    /// <summary>Reads what RTA_METRICS holds.</summary>
    internal static RouteMetrics Read(AttributeReader attributes)
    {
        var result = new RouteMetrics();
        foreach (Wire.Attribute attribute in attributes)
            result = result.With(attribute);
        return result;
    }

    private RouteMetrics With(Wire.Attribute attribute) => (RouteMetricAttribute)attribute.Type switch
    {
        RouteMetricAttribute.RTAX_LOCK => this with { Locks = attribute.Number<RouteMetricLocks>() },
        RouteMetricAttribute.RTAX_MTU => this with { Mtu = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_WINDOW => this with { Window = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_RTT => this with { RoundTripTime = Time(attribute, RoundTripTicks) },
        RouteMetricAttribute.RTAX_RTTVAR => this with { RoundTripTimeVariance = Time(attribute, VarianceTicks) },
        RouteMetricAttribute.RTAX_SSTHRESH => this with { SlowStartThreshold = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_CWND => this with { CongestionWindow = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_ADVMSS => this with { AdvertisedSegmentSize = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_REORDERING => this with { Reordering = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_HOPLIMIT => this with { HopLimit = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_INITCWND => this with { InitialCongestionWindow = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_FEATURES => this with { Features = attribute.Number<RouteFeatures>() },
        RouteMetricAttribute.RTAX_RTO_MIN => this with { MinimumRetransmissionTimeout = Time(attribute, TimeSpan.TicksPerMillisecond) },
        RouteMetricAttribute.RTAX_INITRWND => this with { InitialReceiveWindow = attribute.Number<uint>() },
        RouteMetricAttribute.RTAX_QUICKACK => this with { QuickAcknowledgement = attribute.Number<uint>() != 0 },
        RouteMetricAttribute.RTAX_CC_ALGO => this with { CongestionControl = attribute.Text },
        RouteMetricAttribute.RTAX_FASTOPEN_NO_COOKIE => this with { FastOpenWithoutCookie = attribute.Number<uint>() != 0 },
        _ => this,
    };

    private static TimeSpan Time(Wire.Attribute attribute, long ticks) => TimeSpan.FromTicks(attribute.Number<uint>() * ticks);

    private static uint? Number(bool? value) => value is { } known ? (known ? 1u : 0u) : null;

    private static uint? Units(TimeSpan? time, long ticks)
    {
        if (time is not { } value)
            return null;
        return value >= TimeSpan.Zero && value.Ticks / ticks <= uint.MaxValue ? (uint)(value.Ticks / ticks) : throw new ArgumentException($"The time is out of range: {value}.");
    }
}
