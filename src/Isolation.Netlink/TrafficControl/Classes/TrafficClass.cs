namespace Isolation.Netlink;

/// <summary>A class of a queueing discipline: takes the packets that filters give it (tc(8), CLASSES). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the link.</param>
/// <param name="Parent">The discipline, such as 1:, or the class above it, such as 1:1.</param>
/// <param name="Id">What it is known by: the discipline's major number and a minor one, such as 1:10.</param>
/// <param name="Kind">What it is.</param>
public sealed partial record TrafficClass(int InterfaceIndex, TrafficHandle Parent, TrafficHandle Id, TrafficClassKind Kind)
{
    /// <summary>How the rate is estimated, for a new one; null for not at all. A list does not tell it.</summary>
    public RateEstimator? Estimator { get; init; }

    /// <summary>The discipline that stands on it, as it was listed; none for one with classes of its own.</summary>
    public TrafficHandle Leaf { get; init; }

    /// <summary>The counters, as they were listed.</summary>
    public TrafficStatistics Statistics { get; init; }

    /// <summary>The counters that only its kind has, as they were listed: <see cref="HtbClassStatistics"/>; else null.</summary>
    public KindStatistics? KindStatistics { get; init; }

    /// <summary>As tc(8) writes it, in short: <c>htb 1:10 parent 1: of link 3</c>.</summary>
    public override string ToString() => $"{Kind.Name} {Id} parent {Parent} of link {InterfaceIndex}";
}
