using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct ndmsg: begins a message about a neighbour or a forwarding entry.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/neighbour.h", Struct = "struct ndmsg")]
internal struct NeighborHeader
{
    public byte ndm_family;
    public byte pad1;
    public ushort pad2;
    public int ndm_ifindex;
    public ushort ndm_state;
    public byte ndm_flags;
    public byte ndm_type;
}

/// <summary>NDA_*, from linux/neighbour.h.</summary>
[KernelHeader("linux/neighbour.h")]
internal enum NeighborAttribute : ushort
{
    NDA_DST = 1,
    NDA_LLADDR = 2,
    NDA_CACHEINFO = 3,
    NDA_PROBES = 4,
    NDA_VLAN = 5,
    NDA_PORT = 6,
    NDA_VNI = 7,
    NDA_IFINDEX = 8,
    NDA_MASTER = 9,
    NDA_SRC_VNI = 11,
    NDA_PROTOCOL = 12,
    NDA_NH_ID = 13,
    NDA_FLAGS_EXT = 15,
}

/// <summary>struct nda_cacheinfo: how long ago, in hundredths of a second.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/neighbour.h", Struct = "struct nda_cacheinfo")]
internal struct NeighborCacheInformation
{
    public uint ndm_confirmed;
    public uint ndm_used;
    public uint ndm_updated;
    public uint ndm_refcnt;
}

/// <summary>struct ndtmsg: begins a message about a table of neighbours.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/neighbour.h", Struct = "struct ndtmsg")]
internal struct NeighborTableHeader
{
    public byte ndtm_family;
    public byte pad1;
    public ushort pad2;
}

/// <summary>NDTA_*, from linux/neighbour.h.</summary>
[KernelHeader("linux/neighbour.h")]
internal enum NeighborTableAttribute : ushort
{
    NDTA_NAME = 1,
    NDTA_THRESH1 = 2,
    NDTA_THRESH2 = 3,
    NDTA_THRESH3 = 4,
    NDTA_CONFIG = 5,
    NDTA_PARMS = 6,
    NDTA_GC_INTERVAL = 8,
}

/// <summary>What NDTA_PARMS holds.</summary>
[KernelHeader("linux/neighbour.h")]
internal enum NeighborParameterAttribute : ushort
{
    NDTPA_IFINDEX = 1,
    NDTPA_REACHABLE_TIME = 3,
    NDTPA_BASE_REACHABLE_TIME = 4,
    NDTPA_RETRANS_TIME = 5,
    NDTPA_GC_STALETIME = 6,
    NDTPA_DELAY_PROBE_TIME = 7,
    NDTPA_APP_PROBES = 9,
    NDTPA_UCAST_PROBES = 10,
    NDTPA_MCAST_PROBES = 11,
    NDTPA_PROXY_DELAY = 13,
    NDTPA_QUEUE_LENBYTES = 16,
}

/// <summary>struct ndt_config, as far as it is read.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/neighbour.h", Struct = "struct ndt_config", IsBeginning = true)]
internal struct NeighborTableConfiguration
{
    public ushort ndtc_key_len;
    public ushort ndtc_entry_size;
    public uint ndtc_entries;
}
