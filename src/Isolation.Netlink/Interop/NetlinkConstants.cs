namespace Isolation.Netlink.Interop;

/// <summary>Constants of sockets and of netlink's framing, from linux/netlink.h, linux/socket.h and sys/socket.h.</summary>
[KernelHeader("linux/netlink.h")]
internal static class NetlinkConstants
{
    public const int AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, NETLINK_ROUTE = 0;
    public const int SOL_SOCKET = 1, SO_RCVBUF = 8;
    public const int SOL_NETLINK = 270, NETLINK_CAP_ACK = 10, NETLINK_EXT_ACK = 11, NETLINK_GET_STRICT_CHK = 12;
    public const int MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
    public const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3;
    public const ushort NLA_F_NESTED = 0x8000, NLA_F_NET_BYTEORDER = 0x4000;
    public const int NLA_TYPE_MASK = ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER);
    public const byte AF_UNSPEC = 0, AF_INET = 2, AF_BRIDGE = 7, AF_INET6 = 10;
    public const int CLONE_NEWNET = 0x40000000;
}
