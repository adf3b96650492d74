using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct nhmsg: begins a message about a next-hop object.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/nexthop.h", Struct = "struct nhmsg")]
internal struct NextHopObjectHeader
{
    public byte nh_family;
    public byte nh_scope;
    public byte nh_protocol;
    public byte resvd;
    public uint nh_flags;
}

/// <summary>struct nexthop_grp: a member of NHA_GROUP. Since Linux 6.12 resvd1 is the upper byte of the weight.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/nexthop.h", Struct = "struct nexthop_grp")]
internal struct NextHopGroupEntry
{
    public int id;
    public byte weight;
    public byte resvd1;
    public ushort resvd2;
}

/// <summary>NHA_*, from linux/nexthop.h.</summary>
[KernelHeader("linux/nexthop.h")]
internal enum NextHopAttribute : ushort
{
    NHA_ID = 1,
    NHA_GROUP = 2,
    NHA_GROUP_TYPE = 3,
    NHA_BLACKHOLE = 4,
    NHA_OIF = 5,
    NHA_GATEWAY = 6,
    NHA_ENCAP_TYPE = 7,
    NHA_ENCAP = 8,
    NHA_GROUPS = 9,
    NHA_MASTER = 10,
    NHA_FDB = 11,
    NHA_RES_GROUP = 12,
    NHA_RES_BUCKET = 13,
}

/// <summary>NEXTHOP_GRP_TYPE_*: what NHA_GROUP_TYPE tells.</summary>
[KernelHeader("linux/nexthop.h")]
internal enum NextHopGroupType : ushort
{
    NEXTHOP_GRP_TYPE_MPATH = 0,
    NEXTHOP_GRP_TYPE_RES = 1,
}

/// <summary>What NHA_RES_GROUP holds.</summary>
[KernelHeader("linux/nexthop.h")]
internal enum ResilientGroupAttribute : ushort
{
    NHA_RES_GROUP_BUCKETS = 1,
    NHA_RES_GROUP_IDLE_TIMER = 2,
    NHA_RES_GROUP_UNBALANCED_TIMER = 3,
    NHA_RES_GROUP_UNBALANCED_TIME = 4,
}

/// <summary>What NHA_RES_BUCKET holds.</summary>
[KernelHeader("linux/nexthop.h")]
internal enum ResilientBucketAttribute : ushort
{
    NHA_RES_BUCKET_INDEX = 1,
    NHA_RES_BUCKET_IDLE_TIME = 2,
    NHA_RES_BUCKET_NH_ID = 3,
}
