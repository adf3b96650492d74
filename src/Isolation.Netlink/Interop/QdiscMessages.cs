using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct tc_netem_qopt: begins TCA_OPTIONS of netem.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_qopt")]
internal struct NetemData
{
    public uint latency;
    public uint limit;
    public uint loss;
    public uint gap;
    public uint duplicate;
    public uint jitter;
}

/// <summary>TCA_NETEM_*.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum NetemAttribute : ushort
{
    TCA_NETEM_CORR = 1,
    TCA_NETEM_DELAY_DIST = 2,
    TCA_NETEM_REORDER = 3,
    TCA_NETEM_CORRUPT = 4,
    TCA_NETEM_LOSS = 5,
    TCA_NETEM_RATE = 6,
    TCA_NETEM_ECN = 7,
    TCA_NETEM_RATE64 = 8,
    TCA_NETEM_LATENCY64 = 10,
    TCA_NETEM_JITTER64 = 11,
    TCA_NETEM_SLOT = 12,
}

/// <summary>NETEM_LOSS_*: what TCA_NETEM_LOSS holds.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum NetemLossAttribute : ushort
{
    NETEM_LOSS_GI = 1,
    NETEM_LOSS_GE = 2,
}

/// <summary>struct tc_netem_corr.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_corr")]
internal struct NetemCorrelationData
{
    public uint delay_corr;
    public uint loss_corr;
    public uint dup_corr;
}

/// <summary>struct tc_netem_reorder; struct tc_netem_corrupt is the same.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_reorder")]
internal struct NetemProbabilityData
{
    public uint probability;
    public uint correlation;
}

/// <summary>struct tc_netem_rate.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_rate")]
internal struct NetemRateData
{
    public uint rate;
    public int packet_overhead;
    public uint cell_size;
    public int cell_overhead;
}

/// <summary>struct tc_netem_slot.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_slot")]
internal struct NetemSlotData
{
    public long min_delay;
    public long max_delay;
    public int max_packets;
    public int max_bytes;
    public long dist_delay;
    public long dist_jitter;
}

/// <summary>struct tc_netem_gimodel.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_gimodel")]
internal struct NetemStateLossData
{
    public uint p13;
    public uint p31;
    public uint p32;
    public uint p14;
    public uint p23;
}

/// <summary>struct tc_netem_gemodel.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_netem_gemodel")]
internal struct NetemGilbertElliottData
{
    public uint p;
    public uint r;
    public uint h;
    public uint k1;
}

/// <summary>struct tc_tbf_qopt: TCA_TBF_PARMS.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_tbf_qopt")]
internal struct TbfData
{
    public RateData rate;
    public RateData peakrate;
    public uint limit;
    public uint buffer;
    public uint mtu;
}

/// <summary>TCA_TBF_*.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum TbfAttribute : ushort
{
    TCA_TBF_PARMS = 1,
    TCA_TBF_RTAB = 2,
    TCA_TBF_PTAB = 3,
    TCA_TBF_RATE64 = 4,
    TCA_TBF_PRATE64 = 5,
    TCA_TBF_BURST = 6,
    TCA_TBF_PBURST = 7,
}

/// <summary>struct tc_htb_glob: TCA_HTB_INIT.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_htb_glob")]
internal struct HtbData
{
    public uint version;
    public uint rate2quantum;
    public uint defcls;
    public uint debug;
    public uint direct_pkts;
}

/// <summary>struct tc_htb_opt: TCA_HTB_PARMS of a class.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_htb_opt")]
internal struct HtbClassData
{
    public RateData rate;
    public RateData ceil;
    public uint buffer;
    public uint cbuffer;
    public uint quantum;
    public uint level;
    public uint prio;
}

/// <summary>struct tc_htb_xstats.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_htb_xstats")]
internal struct HtbClassStatisticsData
{
    public uint lends;
    public uint borrows;
    public uint giants;
    public int tokens;
    public int ctokens;
}

/// <summary>TCA_HTB_*, of the discipline and of its classes.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum HtbAttribute : ushort
{
    TCA_HTB_PARMS = 1,
    TCA_HTB_INIT = 2,
    TCA_HTB_CTAB = 3,
    TCA_HTB_RTAB = 4,
    TCA_HTB_DIRECT_QLEN = 5,
    TCA_HTB_RATE64 = 6,
    TCA_HTB_CEIL64 = 7,
    TCA_HTB_OFFLOAD = 9,
}

/// <summary>TCA_FQ_*.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum FqAttribute : ushort
{
    TCA_FQ_PLIMIT = 1,
    TCA_FQ_FLOW_PLIMIT = 2,
    TCA_FQ_QUANTUM = 3,
    TCA_FQ_INITIAL_QUANTUM = 4,
    TCA_FQ_RATE_ENABLE = 5,
    TCA_FQ_FLOW_MAX_RATE = 7,
    TCA_FQ_BUCKETS_LOG = 8,
    TCA_FQ_FLOW_REFILL_DELAY = 9,
    TCA_FQ_ORPHAN_MASK = 10,
    TCA_FQ_LOW_RATE_THRESHOLD = 11,
    TCA_FQ_CE_THRESHOLD = 12,
    TCA_FQ_TIMER_SLACK = 13,
    TCA_FQ_HORIZON = 14,
    TCA_FQ_HORIZON_DROP = 15,
}

/// <summary>struct tc_fq_qd_stats.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_fq_qd_stats", IsBeginning = true)]
internal struct FqStatisticsData
{
    public long gc_flows;
    public long highprio_packets;
    public long tcp_retrans;
    public long throttled;
    public long flows_plimit;
    public long pkts_too_long;
    public long allocation_errors;
    public long time_next_delayed_flow;
    public uint flows;
    public uint inactive_flows;
    public uint throttled_flows;
    public uint unthrottle_latency_ns;
    public long ce_mark;
    public long horizon_drops;
    public long horizon_caps;
}

/// <summary>TCA_FQ_CODEL_*.</summary>
[KernelHeader("linux/pkt_sched.h")]
internal enum FqCodelAttribute : ushort
{
    TCA_FQ_CODEL_TARGET = 1,
    TCA_FQ_CODEL_LIMIT = 2,
    TCA_FQ_CODEL_INTERVAL = 3,
    TCA_FQ_CODEL_ECN = 4,
    TCA_FQ_CODEL_FLOWS = 5,
    TCA_FQ_CODEL_QUANTUM = 6,
    TCA_FQ_CODEL_CE_THRESHOLD = 7,
    TCA_FQ_CODEL_DROP_BATCH_SIZE = 8,
    TCA_FQ_CODEL_MEMORY_LIMIT = 9,
}

/// <summary>struct tc_fq_codel_xstats, as it is for a discipline.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_fq_codel_xstats", IsBeginning = true)]
internal struct FqCodelStatisticsData
{
    public uint type;
    public FqCodelQueueData qdisc_stats;
}

/// <summary>struct tc_fq_codel_qd_stats.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_fq_codel_qd_stats", IsBeginning = true)]
internal struct FqCodelQueueData
{
    public uint maxpacket;
    public uint drop_overlimit;
    public uint ecn_mark;
    public uint new_flow_count;
    public uint new_flows_len;
    public uint old_flows_len;
    public uint ce_mark;
    public uint memory_usage;
    public uint drop_overmemory;
}

/// <summary>struct tc_prio_qopt: TCA_OPTIONS of prio.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/pkt_sched.h", Struct = "struct tc_prio_qopt")]
internal struct PrioData
{
    public int bands;
    public Map priomap;

    /// <summary>A band for each priority: TC_PRIO_MAX + 1 bytes.</summary>
    [InlineArray(Length)]
    public struct Map
    {
        public const int Length = 16;

        private byte _first;
    }
}
