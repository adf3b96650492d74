namespace Isolation.Netlink;

/// <summary>Where a program of XDP runs (XDP_ATTACHED_*).</summary>
public enum LinkXdpMode : byte
{
    /// <summary>Nowhere (XDP_ATTACHED_NONE).</summary>
    None = 0,

    /// <summary>In the driver (XDP_ATTACHED_DRV).</summary>
    Driver = 1,

    /// <summary>After the driver (XDP_ATTACHED_SKB).</summary>
    Generic = 2,

    /// <summary>In the hardware (XDP_ATTACHED_HW).</summary>
    Hardware = 3,

    /// <summary>In several of these places (XDP_ATTACHED_MULTI).</summary>
    Several = 4,
}
