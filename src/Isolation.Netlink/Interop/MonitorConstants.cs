namespace Isolation.Netlink.Interop;

/// <summary>What monitors need besides <see cref="NetlinkConstants"/>, from linux/netlink.h, linux/rtnetlink.h, linux/sockios.h and sys/socket.h.</summary>
[KernelHeader("linux/sockios.h")]
internal static class MonitorConstants
{
    public const int NETLINK_ADD_MEMBERSHIP = 1;
    public const int SO_RCVBUFFORCE = 33, SO_NETNS_COOKIE = 71;
    public const int SIOCGSKNS = 0x894C;
    public const ushort NLMSG_NOOP = 1, NLMSG_OVERRUN = 4;
    public const ushort RTM_DELNEXTHOP = 105;
    public const ushort NLM_F_APPEND = 0x800;
    public const byte AF_BRIDGE = 7;
}
