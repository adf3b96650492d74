namespace Isolation.Netlink;

/// <summary>What connections over a route begin with (RTAX_* of linux/rtnetlink.h; ip-route(8)). What is null is not set, and the kernel takes zero for not set too.</summary>
public sealed partial record RouteMetrics
{
    internal static RouteMetrics None { get; } = new();

    /// <summary>The largest packet, in bytes (RTAX_MTU).</summary>
    public uint? Mtu { get; init; }

    /// <summary>The largest segment that is told to the other end of TCP, in bytes (RTAX_ADVMSS).</summary>
    public uint? AdvertisedSegmentSize { get; init; }

    /// <summary>The largest window that is told to the other end of TCP, in bytes (RTAX_WINDOW).</summary>
    public uint? Window { get; init; }

    /// <summary>The first estimate of the round-trip time, in steps of 0.125 ms (RTAX_RTT).</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The first estimate of its variance, in steps of 0.25 ms (RTAX_RTTVAR).</summary>
    public TimeSpan? RoundTripTimeVariance { get; init; }

    /// <summary>The shortest time until TCP sends again, in milliseconds (RTAX_RTO_MIN). A new route gets its lock too: without, it has no effect.</summary>
    public TimeSpan? MinimumRetransmissionTimeout { get; init; }

    /// <summary>The first slow-start threshold, in packets (RTAX_SSTHRESH).</summary>
    public uint? SlowStartThreshold { get; init; }

    /// <summary>The largest congestion window, in packets (RTAX_CWND). It works with its lock only.</summary>
    public uint? CongestionWindow { get; init; }

    /// <summary>The first congestion window, in packets (RTAX_INITCWND).</summary>
    public uint? InitialCongestionWindow { get; init; }

    /// <summary>The first receive window, in packets (RTAX_INITRWND).</summary>
    public uint? InitialReceiveWindow { get; init; }

    /// <summary>How far packets may be out of order (RTAX_REORDERING).</summary>
    public uint? Reordering { get; init; }

    /// <summary>The time to live or hop limit of packets (RTAX_HOPLIMIT).</summary>
    public uint? HopLimit { get; init; }

    /// <summary>Whether each segment is acknowledged at once (RTAX_QUICKACK).</summary>
    public bool? QuickAcknowledgement { get; init; }

    /// <summary>Whether TCP Fast Open works without a cookie (RTAX_FASTOPEN_NO_COOKIE).</summary>
    public bool? FastOpenWithoutCookie { get; init; }

    /// <summary>The name of the congestion control, such as <c>cubic</c> (RTAX_CC_ALGO).</summary>
    public string? CongestionControl { get; init; }

    /// <summary>Extensions of TCP/IP (RTAX_FEATURES).</summary>
    public RouteFeatures? Features { get; init; }

    /// <summary>What the kernel may not change by itself (RTAX_LOCK).</summary>
    public RouteMetricLocks Locks { get; init; }
}

/// <summary>Extensions that a route wants (RTAX_FEATURE_* of linux/rtnetlink.h).</summary>
[Flags]
public enum RouteFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Explicit congestion notification (RTAX_FEATURE_ECN).</summary>
    CongestionNotification = 1,

    /// <summary>Selective acknowledgements; the kernel does not read it (RTAX_FEATURE_SACK).</summary>
    SelectiveAcknowledgement = 2,

    /// <summary>Time stamps; the kernel does not read it (RTAX_FEATURE_TIMESTAMP).</summary>
    Timestamps = 4,

    /// <summary>A fragment header in each packet (RTAX_FEATURE_ALLFRAG).</summary>
    AllFragments = 8,
}

/// <summary>Metrics that the kernel may not change by itself: a bit for each, at the place of its number RTAX_*.</summary>
[Flags]
public enum RouteMetricLocks : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="RouteMetrics.Mtu"/>: no discovery of the path's (RTAX_MTU).</summary>
    Mtu = 1 << 2,

    /// <summary><see cref="RouteMetrics.Window"/> (RTAX_WINDOW).</summary>
    Window = 1 << 3,

    /// <summary><see cref="RouteMetrics.RoundTripTime"/> (RTAX_RTT).</summary>
    RoundTripTime = 1 << 4,

    /// <summary><see cref="RouteMetrics.RoundTripTimeVariance"/> (RTAX_RTTVAR).</summary>
    RoundTripTimeVariance = 1 << 5,

    /// <summary><see cref="RouteMetrics.SlowStartThreshold"/> (RTAX_SSTHRESH).</summary>
    SlowStartThreshold = 1 << 6,

    /// <summary><see cref="RouteMetrics.CongestionWindow"/> (RTAX_CWND).</summary>
    CongestionWindow = 1 << 7,

    /// <summary><see cref="RouteMetrics.AdvertisedSegmentSize"/> (RTAX_ADVMSS).</summary>
    AdvertisedSegmentSize = 1 << 8,

    /// <summary><see cref="RouteMetrics.Reordering"/> (RTAX_REORDERING).</summary>
    Reordering = 1 << 9,

    /// <summary><see cref="RouteMetrics.HopLimit"/> (RTAX_HOPLIMIT).</summary>
    HopLimit = 1 << 10,

    /// <summary><see cref="RouteMetrics.MinimumRetransmissionTimeout"/> (RTAX_RTO_MIN).</summary>
    MinimumRetransmissionTimeout = 1 << 13,
}
