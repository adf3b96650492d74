namespace Isolation.Netlink;

/// <summary>There is a next-hop object that was not there, or it is another than before (RTM_NEWNEXTHOP).</summary>
/// <param name="NextHop">As it is now.</param>
public sealed record NextHopChanged(NextHopObject NextHop) : NetworkEvent
{
    /// <summary>As it was told the last time; null for a new one, and if the monitor does not remember.</summary>
    public NextHopObject? Previous { get; init; }
}

/// <summary>A next-hop object is gone (RTM_DELNEXTHOP).</summary>
/// <param name="NextHop">As it was.</param>
public sealed record NextHopRemoved(NextHopObject NextHop) : NetworkEvent;
