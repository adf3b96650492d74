namespace Isolation.Netlink;

/// <summary>Which group of links a bond uses (ad_select in bonding.rst).</summary>
public enum BondAggregatorSelection : byte
{
    /// <summary>The largest bandwidth, kept until it fails.</summary>
    Stable = 0,

    /// <summary>The largest bandwidth.</summary>
    Bandwidth = 1,

    /// <summary>The most links.</summary>
    Count = 2,

    /// <summary>The best priorities of ports. Linux 6.18.</summary>
    PortPriority = 3,
}
