namespace Isolation.Netlink;

/// <summary>It was not known, or its state or address changed; the kernel does not tell every change of state (RTM_NEWNEIGH).</summary>
/// <param name="Neighbor">As it is now.</param>
public sealed record NeighborChanged(Neighbor Neighbor) : NetworkEvent
{
    /// <summary>As it was told the last time; null for a new one, and if the monitor does not remember.</summary>
    public Neighbor? Previous { get; init; }
}

/// <summary>A neighbour is gone (RTM_DELNEIGH).</summary>
/// <param name="Neighbor">As it was.</param>
public sealed record NeighborRemoved(Neighbor Neighbor) : NetworkEvent;
