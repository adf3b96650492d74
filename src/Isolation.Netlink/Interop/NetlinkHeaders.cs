using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct nlmsghdr: begins every message.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/netlink.h", Struct = "struct nlmsghdr")]
internal struct NetlinkHeader
{
    public uint nlmsg_len;
    public ushort nlmsg_type;
    public NetlinkMessageFlags nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}

/// <summary>struct nlattr: begins every attribute.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/netlink.h", Struct = "struct nlattr")]
internal struct AttributeHeader
{
    public ushort nla_len;
    public ushort nla_type;
}

/// <summary>struct nlmsgerr: an acknowledgement, positive or negative.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/netlink.h", Struct = "struct nlmsgerr")]
internal struct ErrorHeader
{
    public int error;
    public NetlinkHeader msg;
}

/// <summary>struct sockaddr_nl: who sends, and to whom.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/netlink.h", Struct = "struct sockaddr_nl")]
internal struct NetlinkAddress
{
    public ushort nl_family;
    public ushort nl_pad;
    public uint nl_pid;
    public uint nl_groups;
}

/// <summary>enum nlmsgerr_attrs: what an extended acknowledgement tells.</summary>
[KernelHeader("linux/netlink.h")]
internal enum ErrorAttribute : ushort
{
    NLMSGERR_ATTR_MSG = 1,
    NLMSGERR_ATTR_OFFS = 2,
    NLMSGERR_ATTR_MISS_TYPE = 5,
    NLMSGERR_ATTR_MISS_NEST = 6,
}
