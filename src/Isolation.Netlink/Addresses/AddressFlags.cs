namespace Isolation.Netlink;

/// <summary>Properties of an address (IFA_F_* of linux/if_addr.h; ip-address(8)).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum AddressFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>IPv4: there is another of the same prefix before it. IPv6: a temporary address (IFA_F_SECONDARY, IFA_F_TEMPORARY).</summary>
    Secondary = 0x1,

    /// <summary>No duplicate detection (IFA_F_NODAD): the address can be used at once.</summary>
    NoDuplicateDetection = 0x2,

    /// <summary>It can be used while duplicates are looked for (IFA_F_OPTIMISTIC).</summary>
    Optimistic = 0x4,

    /// <summary>Somebody else has it (IFA_F_DADFAILED).</summary>
    DuplicateDetected = 0x8,

    /// <summary>The home address of Mobile IPv6 (IFA_F_HOMEADDRESS).</summary>
    HomeAddress = 0x10,

    /// <summary>Its preferred lifetime is over (IFA_F_DEPRECATED).</summary>
    Deprecated = 0x20,

    /// <summary>Duplicates are still looked for (IFA_F_TENTATIVE).</summary>
    Tentative = 0x40,

    /// <summary>It has no lifetime (IFA_F_PERMANENT).</summary>
    Permanent = 0x80,

    /// <summary>The kernel makes temporary addresses from it (IFA_F_MANAGETEMPADDR).</summary>
    ManageTemporary = 0x100,

    /// <summary>The kernel makes no route to its prefix (IFA_F_NOPREFIXROUTE).</summary>
    NoPrefixRoute = 0x200,

    /// <summary>A multicast group is joined (IFA_F_MCAUTOJOIN).</summary>
    MulticastAutoJoin = 0x400,

    /// <summary>Its identifier is a stable, opaque one (IFA_F_STABLE_PRIVACY).</summary>
    StablePrivacy = 0x800,
}
