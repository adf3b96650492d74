using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a bridge holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum BridgeAttribute : ushort
{
    IFLA_BR_FORWARD_DELAY = 1,
    IFLA_BR_HELLO_TIME = 2,
    IFLA_BR_MAX_AGE = 3,
    IFLA_BR_AGEING_TIME = 4,
    IFLA_BR_STP_STATE = 5,
    IFLA_BR_PRIORITY = 6,
    IFLA_BR_VLAN_FILTERING = 7,
    IFLA_BR_VLAN_PROTOCOL = 8,
    IFLA_BR_GROUP_FWD_MASK = 9,
    IFLA_BR_ROOT_ID = 10,
    IFLA_BR_BRIDGE_ID = 11,
    IFLA_BR_ROOT_PORT = 12,
    IFLA_BR_ROOT_PATH_COST = 13,
    IFLA_BR_TOPOLOGY_CHANGE = 14,
    IFLA_BR_TOPOLOGY_CHANGE_DETECTED = 15,
    IFLA_BR_HELLO_TIMER = 16,
    IFLA_BR_TCN_TIMER = 17,
    IFLA_BR_TOPOLOGY_CHANGE_TIMER = 18,
    IFLA_BR_GC_TIMER = 19,
    IFLA_BR_GROUP_ADDR = 20,
    IFLA_BR_FDB_FLUSH = 21,
    IFLA_BR_MCAST_ROUTER = 22,
    IFLA_BR_MCAST_SNOOPING = 23,
    IFLA_BR_MCAST_QUERY_USE_IFADDR = 24,
    IFLA_BR_MCAST_QUERIER = 25,
    IFLA_BR_MCAST_HASH_ELASTICITY = 26,
    IFLA_BR_MCAST_HASH_MAX = 27,
    IFLA_BR_MCAST_LAST_MEMBER_CNT = 28,
    IFLA_BR_MCAST_STARTUP_QUERY_CNT = 29,
    IFLA_BR_MCAST_LAST_MEMBER_INTVL = 30,
    IFLA_BR_MCAST_MEMBERSHIP_INTVL = 31,
    IFLA_BR_MCAST_QUERIER_INTVL = 32,
    IFLA_BR_MCAST_QUERY_INTVL = 33,
    IFLA_BR_MCAST_QUERY_RESPONSE_INTVL = 34,
    IFLA_BR_MCAST_STARTUP_QUERY_INTVL = 35,
    IFLA_BR_NF_CALL_IPTABLES = 36,
    IFLA_BR_NF_CALL_IP6TABLES = 37,
    IFLA_BR_NF_CALL_ARPTABLES = 38,
    IFLA_BR_VLAN_DEFAULT_PVID = 39,
    IFLA_BR_PAD = 40,
    IFLA_BR_VLAN_STATS_ENABLED = 41,
    IFLA_BR_MCAST_STATS_ENABLED = 42,
    IFLA_BR_MCAST_IGMP_VERSION = 43,
    IFLA_BR_MCAST_MLD_VERSION = 44,
    IFLA_BR_VLAN_STATS_PER_PORT = 45,
    IFLA_BR_MULTI_BOOLOPT = 46,
    IFLA_BR_MCAST_QUERIER_STATE = 47,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BR_FDB_N_LEARNED = 48,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BR_FDB_MAX_LEARNED = 49,
}

/// <summary>What IFLA_INFO_SLAVE_DATA of a port of a bridge holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum BridgePortAttribute : ushort
{
    IFLA_BRPORT_STATE = 1,
    IFLA_BRPORT_PRIORITY = 2,
    IFLA_BRPORT_COST = 3,
    IFLA_BRPORT_MODE = 4,
    IFLA_BRPORT_GUARD = 5,
    IFLA_BRPORT_PROTECT = 6,
    IFLA_BRPORT_FAST_LEAVE = 7,
    IFLA_BRPORT_LEARNING = 8,
    IFLA_BRPORT_UNICAST_FLOOD = 9,
    IFLA_BRPORT_PROXYARP = 10,
    IFLA_BRPORT_LEARNING_SYNC = 11,
    IFLA_BRPORT_PROXYARP_WIFI = 12,
    IFLA_BRPORT_ROOT_ID = 13,
    IFLA_BRPORT_BRIDGE_ID = 14,
    IFLA_BRPORT_DESIGNATED_PORT = 15,
    IFLA_BRPORT_DESIGNATED_COST = 16,
    IFLA_BRPORT_ID = 17,
    IFLA_BRPORT_NO = 18,
    IFLA_BRPORT_TOPOLOGY_CHANGE_ACK = 19,
    IFLA_BRPORT_CONFIG_PENDING = 20,
    IFLA_BRPORT_MESSAGE_AGE_TIMER = 21,
    IFLA_BRPORT_FORWARD_DELAY_TIMER = 22,
    IFLA_BRPORT_HOLD_TIMER = 23,
    IFLA_BRPORT_FLUSH = 24,
    IFLA_BRPORT_MULTICAST_ROUTER = 25,
    IFLA_BRPORT_PAD = 26,
    IFLA_BRPORT_MCAST_FLOOD = 27,
    IFLA_BRPORT_MCAST_TO_UCAST = 28,
    IFLA_BRPORT_VLAN_TUNNEL = 29,
    IFLA_BRPORT_BCAST_FLOOD = 30,
    IFLA_BRPORT_GROUP_FWD_MASK = 31,
    IFLA_BRPORT_NEIGH_SUPPRESS = 32,
    IFLA_BRPORT_ISOLATED = 33,
    IFLA_BRPORT_BACKUP_PORT = 34,
    IFLA_BRPORT_MRP_RING_OPEN = 35,
    IFLA_BRPORT_MRP_IN_OPEN = 36,
    IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT = 37,
    IFLA_BRPORT_MCAST_EHT_HOSTS_CNT = 38,
    IFLA_BRPORT_LOCKED = 39,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BRPORT_MAB = 40,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BRPORT_MCAST_N_GROUPS = 41,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BRPORT_MCAST_MAX_GROUPS = 42,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BRPORT_NEIGH_VLAN_SUPPRESS = 43,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BRPORT_BACKUP_NHID = 44,
}

/// <summary>What IFLA_BR_MCAST_QUERIER_STATE holds.</summary>
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeQuerierAttribute : ushort
{
    BRIDGE_QUERIER_IP_ADDRESS = 1,
    BRIDGE_QUERIER_IP_PORT = 2,
    BRIDGE_QUERIER_IP_OTHER_TIMER = 3,
    BRIDGE_QUERIER_PAD = 4,
    BRIDGE_QUERIER_IPV6_ADDRESS = 5,
    BRIDGE_QUERIER_IPV6_PORT = 6,
    BRIDGE_QUERIER_IPV6_OTHER_TIMER = 7,
}

/// <summary>What IFLA_AF_SPEC holds in messages of AF_BRIDGE.</summary>
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeFamilyAttribute : ushort
{
    IFLA_BRIDGE_FLAGS = 0,
    IFLA_BRIDGE_MODE = 1,
    IFLA_BRIDGE_VLAN_INFO = 2,
    IFLA_BRIDGE_VLAN_TUNNEL_INFO = 3,
    IFLA_BRIDGE_MRP = 4,
    IFLA_BRIDGE_CFM = 5,
    IFLA_BRIDGE_MST = 6,
}

/// <summary>What IFLA_BRIDGE_VLAN_TUNNEL_INFO holds.</summary>
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeVlanTunnelAttribute : ushort
{
    IFLA_BRIDGE_VLAN_TUNNEL_ID = 1,
    IFLA_BRIDGE_VLAN_TUNNEL_VID = 2,
    IFLA_BRIDGE_VLAN_TUNNEL_FLAGS = 3,
}

/// <summary>enum br_boolopt_id: places of bits in struct br_boolopt_multi.</summary>
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeOption
{
    BR_BOOLOPT_NO_LL_LEARN = 0,
    BR_BOOLOPT_MCAST_VLAN_SNOOPING = 1,
    BR_BOOLOPT_MST_ENABLE = 2,

    [KernelHeader("linux/if_bridge.h", IsNew = true)]
    BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION = 3,

    [KernelHeader("linux/if_bridge.h", IsNew = true)]
    BR_BOOLOPT_FDB_LOCAL_VLAN_0 = 4,
}

/// <summary>struct br_boolopt_multi: values of options, and which of them count.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_bridge.h", Struct = "struct br_boolopt_multi")]
internal struct BridgeOptionValues
{
    public uint optval;
    public uint optmask;
}

/// <summary>struct bridge_vlan_info.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_bridge.h", Struct = "struct bridge_vlan_info")]
internal struct BridgeVlanData
{
    public BridgeVlanFlags flags;
    public ushort vid;
}

/// <summary>Flags of struct bridge_vlan_info.</summary>
[Flags]
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeVlanFlags : ushort
{
    None = 0,
    BRIDGE_VLAN_INFO_PVID = 2,
    BRIDGE_VLAN_INFO_UNTAGGED = 4,
    BRIDGE_VLAN_INFO_RANGE_BEGIN = 8,
    BRIDGE_VLAN_INFO_RANGE_END = 16,
}

/// <summary>Values of IFLA_BRIDGE_FLAGS.</summary>
[Flags]
[KernelHeader("linux/if_bridge.h")]
internal enum BridgeFamilyFlags : ushort
{
    None = 0,
    BRIDGE_FLAGS_MASTER = 1,
    BRIDGE_FLAGS_SELF = 2,
}
