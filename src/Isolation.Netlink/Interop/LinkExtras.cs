using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_XDP holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum XdpAttribute : ushort
{
    IFLA_XDP_FD = 1,
    IFLA_XDP_ATTACHED = 2,
    IFLA_XDP_FLAGS = 3,
    IFLA_XDP_PROG_ID = 4,
    IFLA_XDP_DRV_PROG_ID = 5,
    IFLA_XDP_SKB_PROG_ID = 6,
    IFLA_XDP_HW_PROG_ID = 7,
    IFLA_XDP_EXPECTED_FD = 8,
}

/// <summary>What AF_INET6 in IFLA_AF_SPEC holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum LinkIPv6Attribute : ushort
{
    IFLA_INET6_FLAGS = 1,
    IFLA_INET6_CONF = 2,
    IFLA_INET6_STATS = 3,
    IFLA_INET6_MCAST = 4,
    IFLA_INET6_CACHEINFO = 5,
    IFLA_INET6_ICMP6STATS = 6,
    IFLA_INET6_TOKEN = 7,
    IFLA_INET6_ADDR_GEN_MODE = 8,
    IFLA_INET6_RA_MTU = 9,
}

/// <summary>What IFLA_PROTO_DOWN_REASON holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum ProtocolDownReasonAttribute : ushort
{
    IFLA_PROTO_DOWN_REASON_MASK = 1,
    IFLA_PROTO_DOWN_REASON_VALUE = 2,
}

/// <summary>What IFLA_AF_SPEC holds in messages of AF_UNSPEC.</summary>
[KernelHeader("sys/socket.h")]
internal enum LinkFamilyAttribute : ushort
{
    AF_INET = 2,
    AF_INET6 = 10,
}

/// <summary>Places in IFLA_INET6_CONF.</summary>
[KernelHeader("linux/ipv6.h")]
internal enum IPv6Setting
{
    DEVCONF_ADDR_GEN_MODE = 47,
}

/// <summary>What IFLA_VFINFO_LIST holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VirtualFunctionListAttribute : ushort
{
    IFLA_VF_INFO = 1,
}

/// <summary>What IFLA_VF_INFO holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VirtualFunctionAttribute : ushort
{
    IFLA_VF_MAC = 1,
    IFLA_VF_VLAN = 2,
    IFLA_VF_TX_RATE = 3,
    IFLA_VF_SPOOFCHK = 4,
    IFLA_VF_LINK_STATE = 5,
    IFLA_VF_RATE = 6,
    IFLA_VF_RSS_QUERY_EN = 7,
    IFLA_VF_STATS = 8,
    IFLA_VF_TRUST = 9,
    IFLA_VF_IB_NODE_GUID = 10,
    IFLA_VF_IB_PORT_GUID = 11,
    IFLA_VF_VLAN_LIST = 12,
    IFLA_VF_BROADCAST = 13,
}

/// <summary>What IFLA_VF_STATS holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VirtualFunctionCounterAttribute : ushort
{
    IFLA_VF_STATS_RX_PACKETS = 0,
    IFLA_VF_STATS_TX_PACKETS = 1,
    IFLA_VF_STATS_RX_BYTES = 2,
    IFLA_VF_STATS_TX_BYTES = 3,
    IFLA_VF_STATS_BROADCAST = 4,
    IFLA_VF_STATS_MULTICAST = 5,
    IFLA_VF_STATS_PAD = 6,
    IFLA_VF_STATS_RX_DROPPED = 7,
    IFLA_VF_STATS_TX_DROPPED = 8,
}

/// <summary>What IFLA_VF_VLAN_LIST holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VirtualFunctionVlanAttribute : ushort
{
    IFLA_VF_VLAN_INFO = 1,
}

/// <summary>struct ifla_vf_vlan_info.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vf_vlan_info")]
internal struct VirtualFunctionVlanData
{
    public uint vf;
    public uint vlan;
    public uint qos;
    public ushort vlan_proto;
}

/// <summary>struct ifla_vf_rate.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vf_rate")]
internal struct VirtualFunctionRateData
{
    public uint vf;
    public uint min_tx_rate;
    public uint max_tx_rate;
}

/// <summary>struct ifla_vf_link_state.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vf_link_state")]
internal struct VirtualFunctionStateData
{
    public uint vf;
    public uint link_state;
}

/// <summary>struct ifla_vf_spoofchk.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vf_spoofchk")]
internal struct VirtualFunctionSettingData
{
    public uint vf;
    public uint setting;
}
