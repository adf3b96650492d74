namespace Isolation.Netlink;

/// <summary>A queueing discipline: decides which packets of a link go next, and when (tc(8)). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the link.</param>
/// <param name="Kind">How it treats packets.</param>
public sealed partial record Qdisc(int InterfaceIndex, QdiscKind Kind)
{
    /// <summary>
    /// Where it stands: <see cref="TrafficHandle.Root"/>, a class of another discipline, or <see cref="TrafficHandle.Ingress"/>.
    /// It begins as <c>ingress</c> and <c>clsact</c> need it, and else as the root.
    /// </summary>
    public TrafficHandle Parent { get; init; } = (Kind ?? throw new ArgumentNullException(nameof(Kind))).DefaultParent;

    /// <summary>Its own handle, with a minor number of 0. None: the kernel chooses one; one that was listed so is the kernel's default and cannot be deleted.</summary>
    public TrafficHandle Handle { get; init; } = Kind.DefaultHandle;

    /// <summary>How the rate is estimated, for a new one; null for not at all. A list does not tell it.</summary>
    public RateEstimator? Estimator { get; init; }

    /// <summary>The counters, as they were listed.</summary>
    public TrafficStatistics Statistics { get; init; }

    /// <summary>The counters that only its kind has, as they were listed: <see cref="FqStatistics"/>, <see cref="FqCodelStatistics"/>; else null.</summary>
    public KindStatistics? KindStatistics { get; init; }

    /// <summary>As tc(8) writes it, in short: <c>netem 1: parent root of link 3</c>.</summary>
    public override string ToString() => $"{Kind.Name}{(Handle == TrafficHandle.None ? "" : $" {Handle}")} parent {Parent} of link {InterfaceIndex}";
}
