namespace Isolation.Netlink;

/// <summary>Counters that only one kind of queueing discipline or class has (TCA_STATS_APP).</summary>
public abstract record KindStatistics
{
    private protected KindStatistics()
    {
    }
}
