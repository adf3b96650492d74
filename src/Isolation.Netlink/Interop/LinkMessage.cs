using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct ifinfomsg: begins a message about a link.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct ifinfomsg")]
internal struct LinkHeader
{
    public byte ifi_family;
    public byte pad;
    public ushort ifi_type;
    public int ifi_index;
    public uint ifi_flags;
    public uint ifi_change;
}

/// <summary>IFLA_*, from linux/if_link.h.</summary>
[KernelHeader("linux/if_link.h")]
internal enum LinkAttribute : ushort
{
    IFLA_ADDRESS = 1,
    IFLA_BROADCAST = 2,
    IFLA_IFNAME = 3,
    IFLA_MTU = 4,
    IFLA_LINK = 5,
    IFLA_QDISC = 6,
    IFLA_STATS = 7,
    IFLA_COST = 8,
    IFLA_PRIORITY = 9,
    IFLA_MASTER = 10,
    IFLA_WIRELESS = 11,
    IFLA_PROTINFO = 12,
    IFLA_TXQLEN = 13,
    IFLA_MAP = 14,
    IFLA_WEIGHT = 15,
    IFLA_OPERSTATE = 16,
    IFLA_LINKMODE = 17,
    IFLA_LINKINFO = 18,
    IFLA_NET_NS_PID = 19,
    IFLA_IFALIAS = 20,
    IFLA_NUM_VF = 21,
    IFLA_VFINFO_LIST = 22,
    IFLA_STATS64 = 23,
    IFLA_AF_SPEC = 26,
    IFLA_GROUP = 27,
    IFLA_NET_NS_FD = 28,
    IFLA_EXT_MASK = 29,
    IFLA_PROMISCUITY = 30,
    IFLA_NUM_TX_QUEUES = 31,
    IFLA_NUM_RX_QUEUES = 32,
    IFLA_CARRIER = 33,
    IFLA_PHYS_PORT_ID = 34,
    IFLA_CARRIER_CHANGES = 35,
    IFLA_PHYS_SWITCH_ID = 36,
    IFLA_LINK_NETNSID = 37,
    IFLA_PHYS_PORT_NAME = 38,
    IFLA_PROTO_DOWN = 39,
    IFLA_GSO_MAX_SEGS = 40,
    IFLA_GSO_MAX_SIZE = 41,
    IFLA_PAD = 42,
    IFLA_XDP = 43,
    IFLA_EVENT = 44,
    IFLA_NEW_NETNSID = 45,
    IFLA_TARGET_NETNSID = 46,
    IFLA_CARRIER_UP_COUNT = 47,
    IFLA_CARRIER_DOWN_COUNT = 48,
    IFLA_NEW_IFINDEX = 49,
    IFLA_MIN_MTU = 50,
    IFLA_MAX_MTU = 51,
    IFLA_PROP_LIST = 52,
    IFLA_ALT_IFNAME = 53,
    IFLA_PERM_ADDRESS = 54,
    IFLA_PROTO_DOWN_REASON = 55,
    IFLA_PARENT_DEV_NAME = 56,
    IFLA_PARENT_DEV_BUS_NAME = 57,
    IFLA_GRO_MAX_SIZE = 58,
    IFLA_TSO_MAX_SIZE = 59,
    IFLA_TSO_MAX_SEGS = 60,
    IFLA_ALLMULTI = 61,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_DEVLINK_PORT = 62,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_GSO_IPV4_MAX_SIZE = 63,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_GRO_IPV4_MAX_SIZE = 64,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_DPLL_PIN = 65,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_MAX_PACING_OFFLOAD_HORIZON = 66,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_NETNS_IMMUTABLE = 67,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_HEADROOM = 68,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_TAILROOM = 69,
}

/// <summary>What IFLA_LINKINFO holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum LinkInfoAttribute : ushort
{
    IFLA_INFO_KIND = 1,
    IFLA_INFO_DATA = 2,
    IFLA_INFO_XSTATS = 3,
    IFLA_INFO_SLAVE_KIND = 4,
    IFLA_INFO_SLAVE_DATA = 5,
}

/// <summary>What IFLA_INFO_DATA of a veth holds, from linux/veth.h.</summary>
[KernelHeader("linux/veth.h")]
internal enum VethAttribute : ushort
{
    VETH_INFO_PEER = 1,
}

/// <summary>Bits of IFLA_EXT_MASK.</summary>
[Flags]
[KernelHeader("linux/rtnetlink.h")]
internal enum LinkExtensionMask : uint
{
    None = 0,
    RTEXT_FILTER_VF = 1,
    RTEXT_FILTER_BRVLAN_COMPRESSED = 4,
    RTEXT_FILTER_SKIP_STATS = 8,
}

/// <summary>struct rtnl_link_stats64.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct rtnl_link_stats64", IsBeginning = true)]
internal struct LinkStatisticsData
{
    public long rx_packets;
    public long tx_packets;
    public long rx_bytes;
    public long tx_bytes;
    public long rx_errors;
    public long tx_errors;
    public long rx_dropped;
    public long tx_dropped;
    public long multicast;
    public long collisions;
    public long rx_length_errors;
    public long rx_over_errors;
    public long rx_crc_errors;
    public long rx_frame_errors;
    public long rx_fifo_errors;
    public long rx_missed_errors;
    public long tx_aborted_errors;
    public long tx_carrier_errors;
    public long tx_fifo_errors;
    public long tx_heartbeat_errors;
    public long tx_window_errors;
    public long rx_compressed;
    public long tx_compressed;
    public long rx_nohandler;
    public long rx_otherhost_dropped;
}
