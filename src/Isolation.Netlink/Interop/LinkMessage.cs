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
    IFLA_MASTER = 10,
    IFLA_TXQLEN = 13,
    IFLA_OPERSTATE = 16,
    IFLA_LINKINFO = 18,
    IFLA_IFALIAS = 20,
    IFLA_STATS64 = 23,
    IFLA_GROUP = 27,
    IFLA_NET_NS_FD = 28,
    IFLA_EXT_MASK = 29,
    IFLA_LINK_NETNSID = 37,
    IFLA_PROP_LIST = 52,
    IFLA_ALT_IFNAME = 53,
}

/// <summary>What IFLA_LINKINFO holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum LinkInfoAttribute : ushort
{
    IFLA_INFO_KIND = 1,
    IFLA_INFO_DATA = 2,
}

/// <summary>What IFLA_INFO_DATA of a veth holds, from linux/veth.h.</summary>
[KernelHeader("linux/veth.h")]
internal enum VethAttribute : ushort
{
    VETH_INFO_PEER = 1,
}

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
    IFLA_BR_MCAST_SNOOPING = 23,
    IFLA_BR_VLAN_DEFAULT_PVID = 39,
}

/// <summary>Bits of IFLA_EXT_MASK.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum LinkExtensionMask : uint
{
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
}
