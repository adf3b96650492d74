using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct tcmsg: begins a message about a queueing discipline, a class or a filter.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct tcmsg")]
internal struct TrafficHeader
{
    public byte tcm_family;
    public byte tcm__pad1;
    public ushort tcm__pad2;
    public int tcm_ifindex;
    public uint tcm_handle;
    public uint tcm_parent;
    public uint tcm_info;
}

/// <summary>struct tcamsg: begins a message about actions.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/rtnetlink.h", Struct = "struct tcamsg")]
internal struct ActionHeader
{
    public byte tca_family;
    public byte tca__pad1;
    public ushort tca__pad2;
}

/// <summary>TCA_*, from linux/rtnetlink.h.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum TrafficAttribute : ushort
{
    TCA_KIND = 1,
    TCA_OPTIONS = 2,
    TCA_STATS = 3,
    TCA_XSTATS = 4,
    TCA_RATE = 5,
    TCA_STATS2 = 7,
    TCA_STAB = 8,
    TCA_CHAIN = 11,
    TCA_HW_OFFLOAD = 12,
}

/// <summary>TCA_ROOT_*: what a message about actions holds.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum ActionRootAttribute : ushort
{
    TCA_ROOT_TAB = 1,
    TCA_ROOT_FLAGS = 2,
    TCA_ROOT_COUNT = 3,
}

/// <summary>TCA_STATS_*: what TCA_STATS2 and TCA_ACT_STATS hold.</summary>
[KernelHeader("linux/gen_stats.h")]
internal enum StatisticsAttribute : ushort
{
    TCA_STATS_BASIC = 1,
    TCA_STATS_RATE_EST = 2,
    TCA_STATS_QUEUE = 3,
    TCA_STATS_APP = 4,
    TCA_STATS_RATE_EST64 = 5,
    TCA_STATS_PKT64 = 8,
}

/// <summary>Handles with a meaning, and other constants of traffic control.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal static class TrafficConstants
{
    public const uint TC_H_UNSPEC = 0, TC_H_ROOT = 0xFFFFFFFF, TC_H_INGRESS = 0xFFFFFFF1, TC_H_MAJ_MASK = 0xFFFF0000;
    public const ushort TC_H_MIN_INGRESS = 0xFFF2, TC_H_MIN_EGRESS = 0xFFF3;
    public const byte TC_LINKLAYER_ETHERNET = 1;
    public const int TC_RTAB_SIZE = 1024, NETEM_DIST_MAX = 16384, NETEM_DIST_SCALE = 8192;
}

/// <summary>struct tc_estimator.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_estimator")]
internal struct EstimatorData
{
    public sbyte interval;
    public byte ewma_log;
}

/// <summary>struct gnet_stats_basic.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/gen_stats.h", Struct = "struct gnet_stats_basic")]
internal struct BasicStatisticsData
{
    public long bytes;
    public uint packets;
}

/// <summary>struct gnet_stats_rate_est.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/gen_stats.h", Struct = "struct gnet_stats_rate_est")]
internal struct RateStatisticsData
{
    public uint bps;
    public uint pps;
}

/// <summary>struct gnet_stats_rate_est64.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/gen_stats.h", Struct = "struct gnet_stats_rate_est64")]
internal struct RateStatistics64Data
{
    public long bps;
    public long pps;
}

/// <summary>struct gnet_stats_queue.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/gen_stats.h", Struct = "struct gnet_stats_queue")]
internal struct QueueStatisticsData
{
    public uint qlen;
    public uint backlog;
    public uint drops;
    public uint requeues;
    public uint overlimits;
}

/// <summary>struct tc_ratespec: a rate, in bytes a second.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_ratespec")]
internal struct RateData
{
    public byte cell_log;
    public byte linklayer;
    public ushort overhead;
    public short cell_align;
    public ushort mpu;
    public uint rate;
}
