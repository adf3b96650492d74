using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>What IFLA_INFO_DATA of a VLAN holds.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VlanAttribute : ushort
{
    IFLA_VLAN_ID = 1,
    IFLA_VLAN_FLAGS = 2,
    IFLA_VLAN_EGRESS_QOS = 3,
    IFLA_VLAN_INGRESS_QOS = 4,
    IFLA_VLAN_PROTOCOL = 5,
}

/// <summary>What IFLA_VLAN_EGRESS_QOS and IFLA_VLAN_INGRESS_QOS hold.</summary>
[KernelHeader("linux/if_link.h")]
internal enum VlanPriorityAttribute : ushort
{
    IFLA_VLAN_QOS_MAPPING = 1,
}

/// <summary>struct ifla_vlan_flags: values of flags, and which of them count.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vlan_flags")]
internal struct VlanFlagValues
{
    public VlanFlags flags;
    public VlanFlags mask;
}

/// <summary>enum vlan_flags.</summary>
[Flags]
[KernelHeader("linux/if_vlan.h")]
internal enum VlanFlags : uint
{
    None = 0,
    VLAN_FLAG_REORDER_HDR = 1,
    VLAN_FLAG_GVRP = 2,
    VLAN_FLAG_LOOSE_BINDING = 4,
    VLAN_FLAG_MVRP = 8,
    VLAN_FLAG_BRIDGE_BINDING = 16,
}

/// <summary>struct ifla_vlan_qos_mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_link.h", Struct = "struct ifla_vlan_qos_mapping")]
internal struct VlanPriorityData
{
    public uint from;
    public uint to;
}
