namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a bond holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum BondAttribute : ushort
{
    IFLA_BOND_MODE = 1,
    IFLA_BOND_ACTIVE_SLAVE = 2,
    IFLA_BOND_MIIMON = 3,
    IFLA_BOND_UPDELAY = 4,
    IFLA_BOND_DOWNDELAY = 5,
    IFLA_BOND_USE_CARRIER = 6,
    IFLA_BOND_ARP_INTERVAL = 7,
    IFLA_BOND_ARP_IP_TARGET = 8,
    IFLA_BOND_ARP_VALIDATE = 9,
    IFLA_BOND_ARP_ALL_TARGETS = 10,
    IFLA_BOND_PRIMARY = 11,
    IFLA_BOND_PRIMARY_RESELECT = 12,
    IFLA_BOND_FAIL_OVER_MAC = 13,
    IFLA_BOND_XMIT_HASH_POLICY = 14,
    IFLA_BOND_RESEND_IGMP = 15,
    IFLA_BOND_NUM_PEER_NOTIF = 16,
    IFLA_BOND_ALL_SLAVES_ACTIVE = 17,
    IFLA_BOND_MIN_LINKS = 18,
    IFLA_BOND_LP_INTERVAL = 19,
    IFLA_BOND_PACKETS_PER_SLAVE = 20,
    IFLA_BOND_AD_LACP_RATE = 21,
    IFLA_BOND_AD_SELECT = 22,
    IFLA_BOND_AD_INFO = 23,
    IFLA_BOND_AD_ACTOR_SYS_PRIO = 24,
    IFLA_BOND_AD_USER_PORT_KEY = 25,
    IFLA_BOND_AD_ACTOR_SYSTEM = 26,
    IFLA_BOND_TLB_DYNAMIC_LB = 27,
    IFLA_BOND_PEER_NOTIF_DELAY = 28,
    IFLA_BOND_AD_LACP_ACTIVE = 29,
    IFLA_BOND_MISSED_MAX = 30,
    IFLA_BOND_NS_IP6_TARGET = 31,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BOND_COUPLED_CONTROL = 32,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BOND_BROADCAST_NEIGH = 33,
}

/// <summary>What IFLA_BOND_AD_INFO holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum BondAggregatorAttribute : ushort
{
    IFLA_BOND_AD_INFO_AGGREGATOR = 1,
    IFLA_BOND_AD_INFO_NUM_PORTS = 2,
    IFLA_BOND_AD_INFO_ACTOR_KEY = 3,
    IFLA_BOND_AD_INFO_PARTNER_KEY = 4,
    IFLA_BOND_AD_INFO_PARTNER_MAC = 5,
}

/// <summary>What IFLA_INFO_SLAVE_DATA of a port of a bond holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum BondPortAttribute : ushort
{
    IFLA_BOND_SLAVE_STATE = 1,
    IFLA_BOND_SLAVE_MII_STATUS = 2,
    IFLA_BOND_SLAVE_LINK_FAILURE_COUNT = 3,
    IFLA_BOND_SLAVE_PERM_HWADDR = 4,
    IFLA_BOND_SLAVE_QUEUE_ID = 5,
    IFLA_BOND_SLAVE_AD_AGGREGATOR_ID = 6,
    IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE = 7,
    IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE = 8,
    IFLA_BOND_SLAVE_PRIO = 9,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_BOND_SLAVE_ACTOR_PORT_PRIO = 10,
}
