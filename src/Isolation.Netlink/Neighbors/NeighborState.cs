namespace Isolation.Netlink;

/// <summary>How much is known of a neighbour (NUD_* of linux/neighbour.h; ip-neighbour(8), arp(7)).</summary>
[Flags]
public enum NeighborState : ushort
{
    /// <summary>Nothing (NUD_NONE).</summary>
    None = 0,

    /// <summary>It is being asked for (NUD_INCOMPLETE).</summary>
    Incomplete = 0x01,

    /// <summary>It answered a short while ago (NUD_REACHABLE). Of a forwarding entry: it is no permanent one.</summary>
    Reachable = 0x02,

    /// <summary>It answered long ago, and is asked before it is used again (NUD_STALE).</summary>
    Stale = 0x04,

    /// <summary>It is used, and will be asked soon (NUD_DELAY).</summary>
    Delay = 0x08,

    /// <summary>It is asked directly (NUD_PROBE).</summary>
    Probe = 0x10,

    /// <summary>It did not answer (NUD_FAILED).</summary>
    Failed = 0x20,

    /// <summary>It need not be asked (NUD_NOARP). Of a forwarding entry: it does not age.</summary>
    NoArp = 0x40,

    /// <summary>It is known for good (NUD_PERMANENT).</summary>
    Permanent = 0x80,
}

/// <summary>Properties of a neighbour or a forwarding entry (NTF_* of linux/neighbour.h; those of NDA_FLAGS_EXT eight bits higher, as the kernel keeps them).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum NeighborFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It is asked at once, and as if it were in use (NTF_USE).</summary>
    Use = 0x1,

    /// <summary>Of a forwarding entry: it is in the table of the link itself (NTF_SELF).</summary>
    Self = 0x2,

    /// <summary>Of a forwarding entry: it is in the table of the link's bridge (NTF_MASTER).</summary>
    Master = 0x4,

    /// <summary>This host answers for it (NTF_PROXY).</summary>
    Proxy = 0x8,

    /// <summary>A program learned it, and cares for it (NTF_EXT_LEARNED).</summary>
    ExternallyLearned = 0x10,

    /// <summary>Hardware has it (NTF_OFFLOADED).</summary>
    Offloaded = 0x20,

    /// <summary>Of a forwarding entry: it does not move to another port (NTF_STICKY).</summary>
    Sticky = 0x40,

    /// <summary>IPv6: it is a router (NTF_ROUTER).</summary>
    Router = 0x80,

    /// <summary>The kernel keeps it known by itself (NTF_EXT_MANAGED).</summary>
    Managed = 0x100,

    /// <summary>Of a forwarding entry: the host behind it is not let in (NTF_EXT_LOCKED).</summary>
    Locked = 0x200,
}
