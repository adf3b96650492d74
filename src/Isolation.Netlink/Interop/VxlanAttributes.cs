using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a VXLAN holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VxlanAttribute : ushort
{
    IFLA_VXLAN_ID = 1,
    IFLA_VXLAN_GROUP = 2,
    IFLA_VXLAN_LINK = 3,
    IFLA_VXLAN_LOCAL = 4,
    IFLA_VXLAN_TTL = 5,
    IFLA_VXLAN_TOS = 6,
    IFLA_VXLAN_LEARNING = 7,
    IFLA_VXLAN_AGEING = 8,
    IFLA_VXLAN_LIMIT = 9,
    IFLA_VXLAN_PORT_RANGE = 10,
    IFLA_VXLAN_PROXY = 11,
    IFLA_VXLAN_RSC = 12,
    IFLA_VXLAN_L2MISS = 13,
    IFLA_VXLAN_L3MISS = 14,
    IFLA_VXLAN_PORT = 15,
    IFLA_VXLAN_GROUP6 = 16,
    IFLA_VXLAN_LOCAL6 = 17,
    IFLA_VXLAN_UDP_CSUM = 18,
    IFLA_VXLAN_UDP_ZERO_CSUM6_TX = 19,
    IFLA_VXLAN_UDP_ZERO_CSUM6_RX = 20,
    IFLA_VXLAN_REMCSUM_TX = 21,
    IFLA_VXLAN_REMCSUM_RX = 22,
    IFLA_VXLAN_GBP = 23,
    IFLA_VXLAN_REMCSUM_NOPARTIAL = 24,
    IFLA_VXLAN_COLLECT_METADATA = 25,
    IFLA_VXLAN_LABEL = 26,
    IFLA_VXLAN_GPE = 27,
    IFLA_VXLAN_TTL_INHERIT = 28,
    IFLA_VXLAN_DF = 29,
    IFLA_VXLAN_VNIFILTER = 30,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_VXLAN_LOCALBYPASS = 31,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_VXLAN_LABEL_POLICY = 32,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_VXLAN_RESERVED_BITS = 33,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_VXLAN_MC_ROUTE = 34,
}

/// <summary>struct ifla_vxlan_port_range, which geneve has too: ports in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vxlan_port_range")]
internal struct TunnelPortRangeData
{
    public ushort low;
    public ushort high;
}
