namespace Isolation.Netlink;

/// <summary>Which link of a bond has which MAC address (fail_over_mac in bonding.rst).</summary>
public enum BondFailOverAddress : byte
{
    /// <summary>All have the bond's.</summary>
    None = 0,

    /// <summary>The bond has the active one's.</summary>
    Active = 1,

    /// <summary>The active one gets the bond's.</summary>
    Follow = 2,
}
