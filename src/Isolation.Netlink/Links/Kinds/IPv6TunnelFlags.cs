namespace Isolation.Netlink;

/// <summary>What a tunnel over IPv6 takes from the packet inside, and more (IP6_TNL_F_*).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum IPv6TunnelFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No limit is written (IP6_TNL_F_IGN_ENCAP_LIMIT).</summary>
    IgnoreEncapsulationLimit = 1,

    /// <summary>The traffic class of the packet inside (IP6_TNL_F_USE_ORIG_TCLASS).</summary>
    UseOriginalTrafficClass = 2,

    /// <summary>The flow label of the packet inside (IP6_TNL_F_USE_ORIG_FLOWLABEL).</summary>
    UseOriginalFlowLabel = 4,

    /// <summary>It is for Mobile IPv6 (IP6_TNL_F_MIP6_DEV).</summary>
    MobileIPv6 = 8,

    /// <summary>What comes in gets the DSCP of the tunnel (IP6_TNL_F_RCV_DSCP_COPY).</summary>
    CopyDscp = 16,

    /// <summary>The mark of the packet inside (IP6_TNL_F_USE_ORIG_FWMARK).</summary>
    UseOriginalMark = 32,

    /// <summary>The other end may be this machine (IP6_TNL_F_ALLOW_LOCAL_REMOTE).</summary>
    AllowLocalRemote = 64,

    /// <summary>Told by the kernel: with these ends it can send (IP6_TNL_F_CAP_XMIT of its net/ip6_tunnel.h).</summary>
    CanSend = 0x10000,

    /// <summary>Told by the kernel: with these ends it can receive (IP6_TNL_F_CAP_RCV).</summary>
    CanReceive = 0x20000,

    /// <summary>Told by the kernel: whether it can is found out for each packet (IP6_TNL_F_CAP_PER_PACKET).</summary>
    DependsOnPacket = 0x40000,
}
