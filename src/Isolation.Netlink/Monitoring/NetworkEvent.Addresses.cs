namespace Isolation.Netlink;

/// <summary>A link has an address that it did not have, or with other flags or lifetimes (RTM_NEWADDR).</summary>
/// <param name="Address">As it is now.</param>
public sealed record AddressChanged(InterfaceAddress Address) : NetworkEvent
{
    /// <summary>As it was told the last time; null for a new one, and if the monitor does not remember.</summary>
    public InterfaceAddress? Previous { get; init; }
}

/// <summary>A link has lost an address (RTM_DELADDR).</summary>
/// <param name="Address">As it was.</param>
public sealed record AddressRemoved(InterfaceAddress Address) : NetworkEvent;
