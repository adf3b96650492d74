namespace Isolation.Netlink;

/// <summary>What the kernel tells of a route or a way (RTNH_F_* and RTM_F_* of linux/rtnetlink.h).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum RouteFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is not used: its link is down (RTNH_F_DEAD).</summary>
    Dead = 0x1,

    /// <summary>The gateway is looked for in turn (RTNH_F_PERVASIVE).</summary>
    Pervasive = 0x2,

    /// <summary>Hardware does it (RTNH_F_OFFLOAD).</summary>
    NextHopOffloaded = 0x8,

    /// <summary>Its link has no carrier (RTNH_F_LINKDOWN).</summary>
    LinkDown = 0x10,

    /// <summary>Multicast: it is not resolved yet (RTNH_F_UNRESOLVED).</summary>
    Unresolved = 0x20,

    /// <summary>Hardware gives its packets to the kernel (RTNH_F_TRAP).</summary>
    NextHopTrapped = 0x40,

    /// <summary>It is an answer to a question about one destination, not a route itself (RTM_F_CLONED).</summary>
    Cloned = 0x200,

    /// <summary>Hardware has the route (RTM_F_OFFLOAD).</summary>
    Offloaded = 0x4000,

    /// <summary>Hardware has the route and gives its packets to the kernel (RTM_F_TRAP).</summary>
    Trapped = 0x8000,

    /// <summary>Hardware was to have the route and refused it (RTM_F_OFFLOAD_FAILED).</summary>
    OffloadFailed = 0x20000000,
}
