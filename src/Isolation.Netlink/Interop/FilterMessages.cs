using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>TCA_MATCHALL_*.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum MatchAllAttribute : ushort
{
    TCA_MATCHALL_CLASSID = 1,
    TCA_MATCHALL_ACT = 2,
    TCA_MATCHALL_FLAGS = 3,
    TCA_MATCHALL_PCNT = 4,
}

/// <summary>TCA_U32_*.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum U32Attribute : ushort
{
    TCA_U32_CLASSID = 1,
    TCA_U32_HASH = 2,
    TCA_U32_LINK = 3,
    TCA_U32_DIVISOR = 4,
    TCA_U32_SEL = 5,
    TCA_U32_POLICE = 6,
    TCA_U32_ACT = 7,
    TCA_U32_INDEV = 8,
    TCA_U32_PCNT = 9,
    TCA_U32_MARK = 10,
    TCA_U32_FLAGS = 11,
}

/// <summary>struct tc_u32_sel: begins TCA_U32_SEL. Its keys follow.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_cls.h", Struct = "struct tc_u32_sel")]
internal struct U32SelectorData
{
    public byte flags;
    public byte offshift;
    public byte nkeys;
    public ushort offmask;
    public ushort off;
    public short offoff;
    public short hoff;
    public uint hmask;
}

/// <summary>struct tc_u32_key.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_cls.h", Struct = "struct tc_u32_key")]
internal struct U32KeyData
{
    public uint mask;
    public uint val;
    public int off;
    public int offmask;
}

/// <summary>Bits of a u32 selector's flags.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal static class U32Constants
{
    public const byte TC_U32_TERMINAL = 1;
}

/// <summary>TCA_BPF_*.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum BpfAttribute : ushort
{
    TCA_BPF_ACT = 1,
    TCA_BPF_POLICE = 2,
    TCA_BPF_CLASSID = 3,
    TCA_BPF_FD = 6,
    TCA_BPF_NAME = 7,
    TCA_BPF_FLAGS = 8,
    TCA_BPF_FLAGS_GEN = 9,
    TCA_BPF_TAG = 10,
    TCA_BPF_ID = 11,
}

/// <summary>Bits of TCA_BPF_FLAGS.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal static class BpfConstants
{
    public const uint TCA_BPF_FLAG_ACT_DIRECT = 1;
}

/// <summary>TCA_FLOWER_*.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum FlowerAttribute : ushort
{
    TCA_FLOWER_CLASSID = 1,
    TCA_FLOWER_INDEV = 2,
    TCA_FLOWER_ACT = 3,
    TCA_FLOWER_KEY_ETH_DST = 4,
    TCA_FLOWER_KEY_ETH_DST_MASK = 5,
    TCA_FLOWER_KEY_ETH_SRC = 6,
    TCA_FLOWER_KEY_ETH_SRC_MASK = 7,
    TCA_FLOWER_KEY_ETH_TYPE = 8,
    TCA_FLOWER_KEY_IP_PROTO = 9,
    TCA_FLOWER_KEY_IPV4_SRC = 10,
    TCA_FLOWER_KEY_IPV4_SRC_MASK = 11,
    TCA_FLOWER_KEY_IPV4_DST = 12,
    TCA_FLOWER_KEY_IPV4_DST_MASK = 13,
    TCA_FLOWER_KEY_IPV6_SRC = 14,
    TCA_FLOWER_KEY_IPV6_SRC_MASK = 15,
    TCA_FLOWER_KEY_IPV6_DST = 16,
    TCA_FLOWER_KEY_IPV6_DST_MASK = 17,
    TCA_FLOWER_KEY_TCP_SRC = 18,
    TCA_FLOWER_KEY_TCP_DST = 19,
    TCA_FLOWER_KEY_UDP_SRC = 20,
    TCA_FLOWER_KEY_UDP_DST = 21,
    TCA_FLOWER_FLAGS = 22,
    TCA_FLOWER_KEY_VLAN_ID = 23,
    TCA_FLOWER_KEY_VLAN_PRIO = 24,
    TCA_FLOWER_KEY_VLAN_ETH_TYPE = 25,
    TCA_FLOWER_KEY_TCP_SRC_MASK = 35,
    TCA_FLOWER_KEY_TCP_DST_MASK = 36,
    TCA_FLOWER_KEY_UDP_SRC_MASK = 37,
    TCA_FLOWER_KEY_UDP_DST_MASK = 38,
    TCA_FLOWER_KEY_SCTP_SRC_MASK = 39,
    TCA_FLOWER_KEY_SCTP_DST_MASK = 40,
    TCA_FLOWER_KEY_SCTP_SRC = 41,
    TCA_FLOWER_KEY_SCTP_DST = 42,
    TCA_FLOWER_KEY_FLAGS = 47,
    TCA_FLOWER_KEY_FLAGS_MASK = 48,
    TCA_FLOWER_KEY_ICMPV4_CODE = 49,
    TCA_FLOWER_KEY_ICMPV4_CODE_MASK = 50,
    TCA_FLOWER_KEY_ICMPV4_TYPE = 51,
    TCA_FLOWER_KEY_ICMPV4_TYPE_MASK = 52,
    TCA_FLOWER_KEY_ICMPV6_CODE = 53,
    TCA_FLOWER_KEY_ICMPV6_CODE_MASK = 54,
    TCA_FLOWER_KEY_ICMPV6_TYPE = 55,
    TCA_FLOWER_KEY_ICMPV6_TYPE_MASK = 56,
    TCA_FLOWER_KEY_TCP_FLAGS = 71,
    TCA_FLOWER_KEY_TCP_FLAGS_MASK = 72,
    TCA_FLOWER_KEY_IP_TOS = 73,
    TCA_FLOWER_KEY_IP_TOS_MASK = 74,
    TCA_FLOWER_KEY_IP_TTL = 75,
    TCA_FLOWER_KEY_IP_TTL_MASK = 76,
    TCA_FLOWER_KEY_PORT_SRC_MIN = 87,
    TCA_FLOWER_KEY_PORT_SRC_MAX = 88,
    TCA_FLOWER_KEY_PORT_DST_MIN = 89,
    TCA_FLOWER_KEY_PORT_DST_MAX = 90,
    TCA_FLOWER_KEY_CT_STATE = 91,
    TCA_FLOWER_KEY_CT_STATE_MASK = 92,
    TCA_FLOWER_KEY_CT_ZONE = 93,
    TCA_FLOWER_KEY_CT_ZONE_MASK = 94,
    TCA_FLOWER_KEY_CT_MARK = 95,
    TCA_FLOWER_KEY_CT_MARK_MASK = 96,
}

/// <summary>Bits of TCA_FLOWER_KEY_FLAGS.</summary>
[Flags]
[KernelHeader("linux/pkt_cls.h")]
internal enum FlowerKeyFlags : uint
{
    None = 0,
    TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT = 1,
    TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST = 2,
}
