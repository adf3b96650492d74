namespace Isolation.Netlink;

/// <summary>There is a route that was not there, or one took another's place (RTM_NEWROUTE).</summary>
/// <param name="Route">As it is now.</param>
public sealed record RouteChanged(Route Route) : NetworkEvent
{
    /// <summary>The route that is there no more, because this one took its place; null for none, and if the monitor does not remember.</summary>
    public Route? Previous { get; init; }

    /// <summary>It took the place of another with the same destination and metric (NLM_F_REPLACE).</summary>
    public bool IsReplacement { get; init; }

    /// <summary>It stands after others with the same destination and metric (NLM_F_APPEND).</summary>
    public bool IsAppended { get; init; }
}

/// <summary>A route is gone (RTM_DELROUTE).</summary>
/// <param name="Route">As it was.</param>
public sealed record RouteRemoved(Route Route) : NetworkEvent;
