using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>TCA_ACT_*: what an action holds.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum ActionAttribute : ushort
{
    TCA_ACT_KIND = 1,
    TCA_ACT_OPTIONS = 2,
    TCA_ACT_INDEX = 3,
    TCA_ACT_STATS = 4,
    TCA_ACT_COOKIE = 6,
    TCA_ACT_FLAGS = 7,
}

/// <summary>TCA_MIRRED_*.</summary>
[KernelHeader("linux/tc_act/tc_mirred.h")]
internal enum MirredAttribute : ushort
{
    TCA_MIRRED_TM = 1,
    TCA_MIRRED_PARMS = 2,
}

/// <summary>struct tc_mirred.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/tc_act/tc_mirred.h", Struct = "struct tc_mirred")]
internal struct MirredData
{
    public uint index;
    public uint capab;
    public int action;
    public int refcnt;
    public int bindcnt;
    public int eaction;
    public int ifindex;
}

/// <summary>TCA_GACT_*.</summary>
[KernelHeader("linux/tc_act/tc_gact.h")]
internal enum GactAttribute : ushort
{
    TCA_GACT_TM = 1,
    TCA_GACT_PARMS = 2,
    TCA_GACT_PROB = 3,
}

/// <summary>struct tc_gact.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/tc_act/tc_gact.h", Struct = "struct tc_gact")]
internal struct GactData
{
    public uint index;
    public uint capab;
    public int action;
    public int refcnt;
    public int bindcnt;
}

/// <summary>struct tc_gact_p.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/tc_act/tc_gact.h", Struct = "struct tc_gact_p")]
internal struct GactProbabilityData
{
    public ushort ptype;
    public ushort pval;
    public int paction;
}

/// <summary>TCA_POLICE_*.</summary>
[KernelHeader("linux/pkt_cls.h")]
internal enum PoliceAttribute : ushort
{
    TCA_POLICE_TBF = 1,
    TCA_POLICE_RATE = 2,
    TCA_POLICE_PEAKRATE = 3,
    TCA_POLICE_AVRATE = 4,
    TCA_POLICE_RESULT = 5,
    TCA_POLICE_TM = 6,
    TCA_POLICE_RATE64 = 8,
    TCA_POLICE_PEAKRATE64 = 9,
    TCA_POLICE_PKTRATE64 = 10,
    TCA_POLICE_PKTBURST64 = 11,
}

/// <summary>struct tc_police.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_cls.h", Struct = "struct tc_police")]
internal struct PoliceData
{
    public uint index;
    public int action;
    public uint limit;
    public uint burst;
    public uint mtu;
    public RateData rate;
    public RateData peakrate;
    public int refcnt;
    public int bindcnt;
    public uint capab;
}
