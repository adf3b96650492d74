namespace Isolation.Cgroups;

public sealed partial record CgroupLimits
{
    /// <summary>Limits memory, in bytes (<c>memory.max</c>).</summary>
    public CgroupLimits WithMemoryMax(CgroupLimit bytes) => this with { MemoryMax = bytes };

    /// <summary>Slows down from so much memory on, in bytes (<c>memory.high</c>).</summary>
    public CgroupLimits WithMemoryHigh(CgroupLimit bytes) => this with { MemoryHigh = bytes };

    /// <summary>Protects so much memory as far as possible, in bytes (<c>memory.low</c>).</summary>
    public CgroupLimits WithMemoryLow(CgroupLimit bytes) => this with { MemoryLow = bytes };

    /// <summary>Protects so much memory in any case, in bytes (<c>memory.min</c>).</summary>
    public CgroupLimits WithMemoryMin(CgroupLimit bytes) => this with { MemoryMin = bytes };

    /// <summary>Limits swap, in bytes (<c>memory.swap.max</c>).</summary>
    public CgroupLimits WithSwapMax(CgroupLimit bytes) => this with { SwapMax = bytes };

    /// <summary>Whether the OOM killer kills all together (<c>memory.oom.group</c>).</summary>
    public CgroupLimits WithOomGroup(bool together = true) => this with { OomGroup = together };

    /// <summary>Limits the number of processes and threads (<c>pids.max</c>).</summary>
    public CgroupLimits WithPidsMax(CgroupLimit count) => this with { PidsMax = count };

    /// <summary>Limits processor time to so many processors, such as 0.5 for half of one (<c>cpu.max</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0.01, or no number.</exception>
    public CgroupLimits WithCpuMax(double processors) => this with { CpuMax = CpuBandwidth.OfProcessors(processors) };

    /// <summary>Limits processor time in each period (<c>cpu.max</c>).</summary>
    public CgroupLimits WithCpuMax(CpuBandwidth bandwidth) => this with { CpuMax = bandwidth.Checked() };

    /// <summary>The share beside its siblings: 1 to 10,000, 100 by default (<c>cpu.weight</c>).</summary>
    public CgroupLimits WithCpuWeight(int weight) => this with { CpuWeight = CpuController.InRange(weight, 1, 10_000) };

    /// <summary>Pins to processors (<c>cpuset.cpus</c>).</summary>
    public CgroupLimits WithProcessors(params IEnumerable<int> processors) => this with { Processors = new ProcessorSet(processors) };

    /// <summary>The share of devices beside its siblings: 1 to 10,000, 100 by default (<c>io.weight</c>).</summary>
    public CgroupLimits WithIOWeight(int weight) => this with { IOWeight = CpuController.InRange(weight, 1, 10_000) };

    /// <summary>Limits what may be used of a device a second (<c>io.max</c>).</summary>
    public CgroupLimits WithIOMax(BlockDevice device, IOLimits limits) => this with { IOMax = IOMax.SetItem(device, limits) };

    /// <summary>Limits huge pages of a size, in bytes (<c>hugetlb.SIZE.max</c>).</summary>
    /// <param name="pageSize">The size as the kernel spells it: <c>2MB</c>.</param>
    /// <param name="bytes">The limit.</param>
    public CgroupLimits WithHugeTlbMax(string pageSize, CgroupLimit bytes)
    {
        HugeTlbController.CheckPageSize(pageSize);
        return this with { HugeTlbMax = HugeTlbMax.SetItem(pageSize, bytes) };
    }

    /// <summary>Writes any file.</summary>
    public CgroupLimits WithFile(string file, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(value);
        return this with { Files = Files.SetItem(file, value) };
    }
}
