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
    RTA_OIF = 4,
    RTA_GATEWAY = 5,
    RTA_PRIORITY = 6,
    RTA_PREFSRC = 7,
    RTA_MULTIPATH = 9,
    RTA_TABLE = 15,
    RTA_VIA = 18,
    RTA_NH_ID = 30,
}
