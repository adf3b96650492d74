using System.Globalization;

namespace Isolation.Cgroups;

public sealed partial record CgroupLimits
{
    /// <summary>What is written to which file, in the order in which the kernel takes it.</summary>
    internal IEnumerable<(string File, string Value)> ToWrites()
    {
        if (Processors is not null)
            yield return ("cpuset.cpus", Processors.ToString());
        if (MemoryNodes is not null)
            yield return ("cpuset.mems", MemoryNodes.ToString());
        if (CpuWeight is { } weight)
            yield return ("cpu.weight", weight.ToString(CultureInfo.InvariantCulture));
        if (CpuIdle is { } idle)
            yield return ("cpu.idle", idle ? "1" : "0");
        if (CpuMax is { } bandwidth)
        {
            // The quota is never less than the burst, so that goes first when both change.
            if (CpuMaxBurst is not null)
                yield return ("cpu.max.burst", "0");
            yield return ("cpu.max", bandwidth.ToString());
        }

        if (CpuMaxBurst is { } burst)
            yield return ("cpu.max.burst", (burst.Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
        foreach ((string file, CgroupLimit? limit) in ((string, CgroupLimit?)[])
        [
            ("memory.min", MemoryMin), ("memory.low", MemoryLow), ("memory.high", MemoryHigh), ("memory.max", MemoryMax),
            ("memory.swap.high", SwapHigh), ("memory.swap.max", SwapMax), ("memory.zswap.max", ZswapMax),
        ])
        {
            if (limit is { } value)
                yield return (file, value.ToString());
        }

        if (OomGroup is { } together)
            yield return ("memory.oom.group", together ? "1" : "0");
        if (PidsMax is { } pids)
            yield return ("pids.max", pids.ToString());
        if (IOWeight is { } share)
            yield return ("io.weight", string.Create(CultureInfo.InvariantCulture, $"default {share}"));
        foreach ((BlockDevice device, IOLimits limits) in IOMax)
            yield return ("io.max", $"{device} {limits}");
        foreach ((string size, CgroupLimit limit) in HugeTlbMax)
            yield return ($"hugetlb.{size}.max", limit.ToString());
        foreach ((string file, string value) in Files)
            yield return (file, value);
    }
}
