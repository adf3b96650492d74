using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct rtmsg: begins a message about a route.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct rtmsg")]
internal struct RouteHeader
{
    public byte rtm_family;
    public byte rtm_dst_len;
    public byte rtm_src_len;
    public byte rtm_tos;
    public byte rtm_table;
    public byte rtm_protocol;
    public byte rtm_scope;
    public byte rtm_type;
    public uint rtm_flags;
}

/// <summary>struct rtnexthop: begins each hop of RTA_MULTIPATH. Attributes follow it.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct rtnexthop")]
internal struct NextHopHeader
{
    public ushort rtnh_len;
    public byte rtnh_flags;
    public byte rtnh_hops;
    public int rtnh_ifindex;
}

/// <summary>RTA_*, from linux/rtnetlink.h.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum RouteAttribute : ushort
{
    RTA_DST = 1,
    RTA_SRC = 2,
    RTA_IIF = 3,
    RTA_OIF = 4,
    RTA_GATEWAY = 5,
    RTA_PRIORITY = 6,
    RTA_PREFSRC = 7,
    RTA_METRICS = 8,
    RTA_MULTIPATH = 9,
    RTA_FLOW = 11,
    RTA_CACHEINFO = 12,
    RTA_TABLE = 15,
    RTA_MARK = 16,
    RTA_VIA = 18,
    RTA_PREF = 20,
    RTA_ENCAP_TYPE = 21,
    RTA_ENCAP = 22,
    RTA_EXPIRES = 23,
    RTA_UID = 25,
    RTA_TTL_PROPAGATE = 26,
    RTA_IP_PROTO = 27,
    RTA_SPORT = 28,
    RTA_DPORT = 29,
    RTA_NH_ID = 30,
}

/// <summary>What RTA_METRICS holds.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum RouteMetricAttribute : ushort
{
    RTAX_LOCK = 1,
    RTAX_MTU = 2,
    RTAX_WINDOW = 3,
    RTAX_RTT = 4,
    RTAX_RTTVAR = 5,
    RTAX_SSTHRESH = 6,
    RTAX_CWND = 7,
    RTAX_ADVMSS = 8,
    RTAX_REORDERING = 9,
    RTAX_HOPLIMIT = 10,
    RTAX_INITCWND = 11,
    RTAX_FEATURES = 12,
    RTAX_RTO_MIN = 13,
    RTAX_INITRWND = 14,
    RTAX_QUICKACK = 15,
    RTAX_CC_ALGO = 16,
    RTAX_FASTOPEN_NO_COOKIE = 17,
}

/// <summary>struct rta_cacheinfo: times of a route, in hundredths of a second.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct rta_cacheinfo")]
internal struct RouteCacheInformation
{
    public uint rta_clntref;
    public uint rta_lastuse;
    public int rta_expires;
    public uint rta_error;
    public uint rta_used;
    public uint rta_id;
    public uint rta_ts;
    public uint rta_tsage;
}

/// <summary>Flags of struct rtmsg that only requests have.</summary>
[Flags]
[KernelHeader("linux/rtnetlink.h")]
internal enum RouteRequestFlags : uint
{
    None = 0,
    RTM_F_LOOKUP_TABLE = 0x1000,
    RTM_F_FIB_MATCH = 0x2000,
}
