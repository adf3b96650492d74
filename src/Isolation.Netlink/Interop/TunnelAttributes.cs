namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a tunnel of GRE holds.</summary>
[KernelHeader("linux/if_tunnel.h")]
internal enum GreAttribute : ushort
{
    IFLA_GRE_LINK = 1,
    IFLA_GRE_IFLAGS = 2,
    IFLA_GRE_OFLAGS = 3,
    IFLA_GRE_IKEY = 4,
    IFLA_GRE_OKEY = 5,
    IFLA_GRE_LOCAL = 6,
    IFLA_GRE_REMOTE = 7,
    IFLA_GRE_TTL = 8,
    IFLA_GRE_TOS = 9,
    IFLA_GRE_PMTUDISC = 10,
    IFLA_GRE_ENCAP_LIMIT = 11,
    IFLA_GRE_FLOWINFO = 12,
    IFLA_GRE_FLAGS = 13,
    IFLA_GRE_ENCAP_TYPE = 14,
    IFLA_GRE_ENCAP_FLAGS = 15,
    IFLA_GRE_ENCAP_SPORT = 16,
    IFLA_GRE_ENCAP_DPORT = 17,
    IFLA_GRE_COLLECT_METADATA = 18,
    IFLA_GRE_IGNORE_DF = 19,
    IFLA_GRE_FWMARK = 20,
    IFLA_GRE_ERSPAN_INDEX = 21,
    IFLA_GRE_ERSPAN_VER = 22,
    IFLA_GRE_ERSPAN_DIR = 23,
    IFLA_GRE_ERSPAN_HWID = 24,
}

/// <summary>What IFLA_INFO_DATA of a tunnel of IP in IP holds.</summary>
[KernelHeader("linux/if_tunnel.h")]
internal enum IPTunnelAttribute : ushort
{
    IFLA_IPTUN_LINK = 1,
    IFLA_IPTUN_LOCAL = 2,
    IFLA_IPTUN_REMOTE = 3,
    IFLA_IPTUN_TTL = 4,
    IFLA_IPTUN_TOS = 5,
    IFLA_IPTUN_ENCAP_LIMIT = 6,
    IFLA_IPTUN_FLOWINFO = 7,
    IFLA_IPTUN_FLAGS = 8,
    IFLA_IPTUN_PROTO = 9,
    IFLA_IPTUN_PMTUDISC = 10,
    IFLA_IPTUN_6RD_PREFIX = 11,
    IFLA_IPTUN_6RD_RELAY_PREFIX = 12,
    IFLA_IPTUN_6RD_PREFIXLEN = 13,
    IFLA_IPTUN_6RD_RELAY_PREFIXLEN = 14,
    IFLA_IPTUN_ENCAP_TYPE = 15,
    IFLA_IPTUN_ENCAP_FLAGS = 16,
    IFLA_IPTUN_ENCAP_SPORT = 17,
    IFLA_IPTUN_ENCAP_DPORT = 18,
    IFLA_IPTUN_COLLECT_METADATA = 19,
    IFLA_IPTUN_FWMARK = 20,
}

/// <summary>Flags of IFLA_GRE_IFLAGS and IFLA_GRE_OFLAGS. They are in network byte order: these are the values of a little-endian machine.</summary>
[Flags]
[KernelHeader("linux/if_tunnel.h")]
internal enum GreFlags : ushort
{
    None = 0,
    GRE_CSUM = 0x80,
    GRE_KEY = 0x20,
    GRE_SEQ = 0x10,
}
