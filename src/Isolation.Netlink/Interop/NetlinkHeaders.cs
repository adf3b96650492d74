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
    NLMSGERR_ATTR_COOKIE = 3,
    NLMSGERR_ATTR_POLICY = 4,
    NLMSGERR_ATTR_MISS_TYPE = 5,
    NLMSGERR_ATTR_MISS_NEST = 6,
}

/// <summary>enum netlink_policy_type_attr: what the kernel would have accepted of an attribute.</summary>
[KernelHeader("linux/netlink.h")]
internal enum PolicyAttribute : ushort
{
    NL_POLICY_TYPE_ATTR_TYPE = 1,
    NL_POLICY_TYPE_ATTR_MIN_VALUE_S = 2,
    NL_POLICY_TYPE_ATTR_MAX_VALUE_S = 3,
    NL_POLICY_TYPE_ATTR_MIN_VALUE_U = 4,
    NL_POLICY_TYPE_ATTR_MAX_VALUE_U = 5,
    NL_POLICY_TYPE_ATTR_MIN_LENGTH = 6,
    NL_POLICY_TYPE_ATTR_MAX_LENGTH = 7,
    NL_POLICY_TYPE_ATTR_BITFIELD32_MASK = 10,
    NL_POLICY_TYPE_ATTR_MASK = 12,
}

/// <summary>enum netlink_attribute_type: what the kernel takes an attribute for.</summary>
[KernelHeader("linux/netlink.h")]
internal enum PolicyType : uint
{
    NL_ATTR_TYPE_INVALID = 0,
    NL_ATTR_TYPE_FLAG = 1,
    NL_ATTR_TYPE_U8 = 2,
    NL_ATTR_TYPE_U16 = 3,
    NL_ATTR_TYPE_U32 = 4,
    NL_ATTR_TYPE_U64 = 5,
    NL_ATTR_TYPE_S8 = 6,
    NL_ATTR_TYPE_S16 = 7,
    NL_ATTR_TYPE_S32 = 8,
    NL_ATTR_TYPE_S64 = 9,
    NL_ATTR_TYPE_BINARY = 10,
    NL_ATTR_TYPE_STRING = 11,
    NL_ATTR_TYPE_NUL_STRING = 12,
    NL_ATTR_TYPE_NESTED = 13,
    NL_ATTR_TYPE_NESTED_ARRAY = 14,
    NL_ATTR_TYPE_BITFIELD32 = 15,
}
