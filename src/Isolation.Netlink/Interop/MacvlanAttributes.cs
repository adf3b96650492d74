namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a macvlan or macvtap holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum MacvlanAttribute : ushort
{
    IFLA_MACVLAN_MODE = 1,
    IFLA_MACVLAN_FLAGS = 2,
    IFLA_MACVLAN_MACADDR_MODE = 3,
    IFLA_MACVLAN_MACADDR = 4,
    IFLA_MACVLAN_MACADDR_DATA = 5,
    IFLA_MACVLAN_MACADDR_COUNT = 6,
    IFLA_MACVLAN_BC_QUEUE_LEN = 7,
    IFLA_MACVLAN_BC_QUEUE_LEN_USED = 8,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_MACVLAN_BC_CUTOFF = 9,
}

/// <summary>enum macvlan_macaddr_mode.</summary>
[KernelHeader("linux/if_link.h")]
internal enum MacvlanAddressChange : uint
{
    MACVLAN_MACADDR_ADD = 0,
    MACVLAN_MACADDR_DEL = 1,
    MACVLAN_MACADDR_FLUSH = 2,
    MACVLAN_MACADDR_SET = 3,
}
