namespace Isolation.Netlink;

/// <summary>How a bond uses its links (BOND_MODE_*).</summary>
public enum BondMode : byte
{
    /// <summary>One after the other (BOND_MODE_ROUNDROBIN).</summary>
    RoundRobin = 0,

    /// <summary>One, until it fails (BOND_MODE_ACTIVEBACKUP).</summary>
    ActiveBackup = 1,

    /// <summary>By a hash of the packet (BOND_MODE_XOR).</summary>
    Xor = 2,

    /// <summary>All, with every packet (BOND_MODE_BROADCAST).</summary>
    Broadcast = 3,

    /// <summary>As agreed with the other side (IEEE 802.3ad) (BOND_MODE_8023AD).</summary>
    Lacp = 4,

    /// <summary>By load, outwards (BOND_MODE_TLB).</summary>
    TransmitLoadBalancing = 5,

    /// <summary>By load, both ways (BOND_MODE_ALB).</summary>
    AdaptiveLoadBalancing = 6,
}
