namespace Isolation.Netlink;

/// <summary>There is a rule that was not there (RTM_NEWRULE).</summary>
/// <param name="Rule">As it is now.</param>
public sealed record RuleChanged(RoutingRule Rule) : NetworkEvent
{
    /// <summary>As it was told the last time; null for a new one, and if the monitor does not remember.</summary>
    public RoutingRule? Previous { get; init; }
}

/// <summary>A rule is gone (RTM_DELRULE).</summary>
/// <param name="Rule">As it was.</param>
public sealed record RuleRemoved(RoutingRule Rule) : NetworkEvent;
