namespace Isolation.Netlink;

/// <summary>A link is there that was not, or is another than before (RTM_NEWLINK). The kernel also sends it when little or nothing changed.</summary>
/// <param name="Link">As it is now.</param>
public sealed record LinkChanged(Link Link) : NetworkEvent
{
    /// <summary>As it was told the last time; null for a new one, and if the monitor does not remember.</summary>
    public Link? Previous { get; init; }
}

/// <summary>A link is gone from the network namespace (RTM_DELLINK). It may have been moved to another.</summary>
/// <param name="Link">As it was.</param>
public sealed record LinkRemoved(Link Link) : NetworkEvent;
