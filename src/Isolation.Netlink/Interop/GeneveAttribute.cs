namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a GENEVE holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum GeneveAttribute : ushort
{
    IFLA_GENEVE_ID = 1,
    IFLA_GENEVE_REMOTE = 2,
    IFLA_GENEVE_TTL = 3,
    IFLA_GENEVE_TOS = 4,
    IFLA_GENEVE_PORT = 5,
    IFLA_GENEVE_COLLECT_METADATA = 6,
    IFLA_GENEVE_REMOTE6 = 7,
    IFLA_GENEVE_UDP_CSUM = 8,
    IFLA_GENEVE_UDP_ZERO_CSUM6_TX = 9,
    IFLA_GENEVE_UDP_ZERO_CSUM6_RX = 10,
    IFLA_GENEVE_LABEL = 11,
    IFLA_GENEVE_TTL_INHERIT = 12,
    IFLA_GENEVE_DF = 13,
    IFLA_GENEVE_INNER_PROTO_INHERIT = 14,

    [KernelHeader("linux/if_link.h", IsNew = true)]
    IFLA_GENEVE_PORT_RANGE = 15,
}
