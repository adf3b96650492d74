namespace Isolation.Netlink;

/// <summary>Who made an address (IFAPROT_* of linux/if_addr.h). Other numbers are free for use.</summary>
public enum AddressProtocol : byte
{
    /// <summary>Not known (IFAPROT_UNSPEC).</summary>
    Unspecified = 0,

    /// <summary>The kernel, for the loopback link (IFAPROT_KERNEL_LO).</summary>
    Loopback = 1,

    /// <summary>The kernel, by a router's advertisement (IFAPROT_KERNEL_RA).</summary>
    RouterAdvertisement = 2,

    /// <summary>The kernel, for the link itself (IFAPROT_KERNEL_LL).</summary>
    LinkLocal = 3,
}
