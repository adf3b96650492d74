namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of an ipvlan or ipvtap holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum IPVlanAttribute : ushort
{
    IFLA_IPVLAN_MODE = 1,
    IFLA_IPVLAN_FLAGS = 2,
}

/// <summary>What IFLA_INFO_DATA of a VRF holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VrfAttribute : ushort
{
    IFLA_VRF_TABLE = 1,
}

/// <summary>What IFLA_INFO_SLAVE_DATA of a port of a VRF holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VrfPortAttribute : ushort
{
    IFLA_VRF_PORT_TABLE = 1,
}

/// <summary>What IFLA_INFO_DATA of an xfrm interface holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum XfrmAttribute : ushort
{
    IFLA_XFRM_LINK = 1,
    IFLA_XFRM_IF_ID = 2,
    IFLA_XFRM_COLLECT_METADATA = 3,
}

/// <summary>What IFLA_INFO_DATA of a tun or tap holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum TunAttribute : ushort
{
    IFLA_TUN_OWNER = 1,
    IFLA_TUN_GROUP = 2,
    IFLA_TUN_TYPE = 3,
    IFLA_TUN_PI = 4,
    IFLA_TUN_VNET_HDR = 5,
    IFLA_TUN_PERSIST = 6,
    IFLA_TUN_MULTI_QUEUE = 7,
    IFLA_TUN_NUM_QUEUES = 8,
    IFLA_TUN_NUM_DISABLED_QUEUES = 9,
}

/// <summary>What IFLA_INFO_DATA of a netkit holds.</summary>
[KernelHeader("linux/if_link.h", IsNew = true)]
internal enum NetkitAttribute : ushort
{
    IFLA_NETKIT_PEER_INFO = 1,
    IFLA_NETKIT_PRIMARY = 2,
    IFLA_NETKIT_POLICY = 3,
    IFLA_NETKIT_PEER_POLICY = 4,
    IFLA_NETKIT_MODE = 5,
    IFLA_NETKIT_SCRUB = 6,
    IFLA_NETKIT_PEER_SCRUB = 7,
    IFLA_NETKIT_HEADROOM = 8,
    IFLA_NETKIT_TAILROOM = 9,
}
