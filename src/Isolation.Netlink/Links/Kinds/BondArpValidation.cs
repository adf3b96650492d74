namespace Isolation.Netlink;

/// <summary>Which answers of ARP a bond checks (arp_validate in bonding.rst).</summary>
public enum BondArpValidation : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those of the active link.</summary>
    Active = 1,

    /// <summary>Those of the others.</summary>
    Backup = 2,

    /// <summary>All.</summary>
    All = 3,

    /// <summary>None, but only ARP counts as traffic.</summary>
    Filter = 4,

    /// <summary>Those of the active link, and only ARP counts as traffic.</summary>
    FilterActive = 5,

    /// <summary>Those of the others, and only ARP counts as traffic.</summary>
    FilterBackup = 6,
}
