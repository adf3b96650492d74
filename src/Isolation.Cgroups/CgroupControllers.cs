namespace Isolation.Cgroups;

/// <summary>Controllers of cgroup v2, as a set.</summary>
[Flags]
public enum CgroupControllers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Processor time (<c>cpu</c>).</summary>
    Cpu = 1 << 0,

    /// <summary>Processors and memory nodes (<c>cpuset</c>).</summary>
    Cpuset = 1 << 1,

    /// <summary>Memory and swap (<c>memory</c>).</summary>
    Memory = 1 << 2,

    /// <summary>Block devices (<c>io</c>).</summary>
    IO = 1 << 3,

    /// <summary>How many processes there are (<c>pids</c>).</summary>
    Pids = 1 << 4,

    /// <summary>Huge pages (<c>hugetlb</c>).</summary>
    HugeTlb = 1 << 5,

    /// <summary>Remote direct memory access (<c>rdma</c>).</summary>
    Rdma = 1 << 6,

    /// <summary>Resources that are just counted (<c>misc</c>).</summary>
    Misc = 1 << 7,

    /// <summary>Memory of devices (<c>dmem</c>, Linux 6.14).</summary>
    Dmem = 1 << 8,

    /// <summary>perf events (<c>perf_event</c>), which is on everywhere.</summary>
    PerfEvent = 1 << 9,
}
