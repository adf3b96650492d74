using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>LWTUNNEL_ENCAP_*, from linux/lwtunnel.h: what RTA_ENCAP_TYPE and NHA_ENCAP_TYPE tell.</summary>
[KernelHeader("linux/lwtunnel.h")]
internal enum EncapsulationType : ushort
{
    LWTUNNEL_ENCAP_NONE = 0,
    LWTUNNEL_ENCAP_MPLS = 1,
    LWTUNNEL_ENCAP_IP = 2,
    LWTUNNEL_ENCAP_IP6 = 4,
    LWTUNNEL_ENCAP_SEG6 = 5,
    LWTUNNEL_ENCAP_SEG6_LOCAL = 7,
}

/// <summary>What RTA_ENCAP of MPLS holds, from linux/mpls_iptunnel.h.</summary>
[KernelHeader("linux/mpls_iptunnel.h")]
internal enum MplsEncapsulationAttribute : ushort
{
    MPLS_IPTUNNEL_DST = 1,
    MPLS_IPTUNNEL_TTL = 2,
}

/// <summary>What RTA_ENCAP of IPv4 holds. That of IPv6 has the same numbers under LWTUNNEL_IP6_*.</summary>
[KernelHeader("linux/lwtunnel.h")]
internal enum IPEncapsulationAttribute : ushort
{
    LWTUNNEL_IP_ID = 1,
    LWTUNNEL_IP_DST = 2,
    LWTUNNEL_IP_SRC = 3,
    LWTUNNEL_IP_TTL = 4,
    LWTUNNEL_IP_TOS = 5,
    LWTUNNEL_IP_FLAGS = 6,
    LWTUNNEL_IP_OPTS = 8,
}

/// <summary>What RTA_ENCAP of IPv6 holds.</summary>
[KernelHeader("linux/lwtunnel.h")]
internal enum IPv6EncapsulationAttribute : ushort
{
    LWTUNNEL_IP6_ID = 1,
    LWTUNNEL_IP6_DST = 2,
    LWTUNNEL_IP6_SRC = 3,
    LWTUNNEL_IP6_HOPLIMIT = 4,
    LWTUNNEL_IP6_TC = 5,
    LWTUNNEL_IP6_FLAGS = 6,
    LWTUNNEL_IP6_OPTS = 8,
}

/// <summary>What RTA_ENCAP of SEG6 holds, from linux/seg6_iptunnel.h.</summary>
[KernelHeader("linux/seg6_iptunnel.h")]
internal enum SegmentRoutingAttribute : ushort
{
    SEG6_IPTUNNEL_SRH = 1,
}

/// <summary>What RTA_ENCAP of SEG6_LOCAL holds, from linux/seg6_local.h.</summary>
[KernelHeader("linux/seg6_local.h")]
internal enum LocalSegmentAttribute : ushort
{
    SEG6_LOCAL_ACTION = 1,
    SEG6_LOCAL_SRH = 2,
    SEG6_LOCAL_TABLE = 3,
    SEG6_LOCAL_NH4 = 4,
    SEG6_LOCAL_NH6 = 5,
    SEG6_LOCAL_IIF = 6,
    SEG6_LOCAL_OIF = 7,
    SEG6_LOCAL_BPF = 8,
    SEG6_LOCAL_VRFTABLE = 9,
    SEG6_LOCAL_COUNTERS = 10,
    SEG6_LOCAL_FLAVORS = 11,
}

/// <summary>What SEG6_LOCAL_COUNTERS holds.</summary>
[KernelHeader("linux/seg6_local.h")]
internal enum LocalSegmentCounterAttribute : ushort
{
    SEG6_LOCAL_CNT_PACKETS = 2,
    SEG6_LOCAL_CNT_BYTES = 3,
    SEG6_LOCAL_CNT_ERRORS = 4,
}

/// <summary>What SEG6_LOCAL_FLAVORS holds.</summary>
[KernelHeader("linux/seg6_local.h")]
internal enum LocalSegmentFlavorAttribute : ushort
{
    SEG6_LOCAL_FLV_OPERATION = 1,
    SEG6_LOCAL_FLV_LCBLOCK_BITS = 2,
    SEG6_LOCAL_FLV_LCNODE_FN_BITS = 3,
}

/// <summary>struct ipv6_sr_hdr: begins a segment routing header (RFC 8754). The segments follow, the last one first.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/seg6.h", Struct = "struct ipv6_sr_hdr")]
internal struct SegmentRoutingHeader
{
    public byte nexthdr;
    public byte hdrlen;
    public byte type;
    public byte segments_left;
    public byte first_segment;
    public byte flags;
    public ushort tag;
}

/// <summary>struct sr6_tlv_hmac, without the code itself: ends a segment routing header that is signed.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/seg6_hmac.h", Struct = "struct sr6_tlv_hmac", IsBeginning = true)]
internal struct SegmentRoutingSignature
{
    public byte padType;
    public byte padLength;
    public ushort reserved;
    public uint hmackeyid;
}

/// <summary>Flags and types inside a segment routing header.</summary>
[KernelHeader("linux/seg6.h")]
internal static class SegmentRoutingConstants
{
    public const byte SR6_FLAG1_HMAC = 8, SR6_TLV_HMAC = 5;
}
