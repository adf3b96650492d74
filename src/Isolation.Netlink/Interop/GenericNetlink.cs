using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct genlmsghdr: begins every message of NETLINK_GENERIC.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/genetlink.h", Struct = "struct genlmsghdr")]
internal struct GenericHeader
{
    public byte cmd;
    public byte version;
    public ushort reserved;
}

/// <summary>The family that tells of the others.</summary>
[KernelHeader("linux/genetlink.h")]
internal static class GenericConstants
{
    public const int NETLINK_GENERIC = 16;
    public const ushort GENL_ID_CTRL = 16;
    public const byte CTRL_CMD_GETFAMILY = 3;
    public const int GENL_NAMSIZ = 16;
}

/// <summary>CTRL_ATTR_*: what is told of a family.</summary>
[KernelHeader("linux/genetlink.h")]
internal enum ControlAttribute : ushort
{
    CTRL_ATTR_FAMILY_ID = 1,
    CTRL_ATTR_FAMILY_NAME = 2,
    CTRL_ATTR_VERSION = 3,
    CTRL_ATTR_HDRSIZE = 4,
    CTRL_ATTR_MAXATTR = 5,
    CTRL_ATTR_OPS = 6,
    CTRL_ATTR_MCAST_GROUPS = 7,
}

/// <summary>CTRL_ATTR_OP_*: an operation of a family.</summary>
[KernelHeader("linux/genetlink.h")]
internal enum ControlOperationAttribute : ushort
{
    CTRL_ATTR_OP_ID = 1,
    CTRL_ATTR_OP_FLAGS = 2,
}

/// <summary>CTRL_ATTR_MCAST_GRP_*: a multicast group of a family.</summary>
[KernelHeader("linux/genetlink.h")]
internal enum ControlGroupAttribute : ushort
{
    CTRL_ATTR_MCAST_GRP_NAME = 1,
    CTRL_ATTR_MCAST_GRP_ID = 2,
}
