using Isolation.Cgroups;

namespace Isolation.Samples;

/// <summary>What one cgroup, with all below it, used between two looks. Null is what the machine does not count for it.</summary>
/// <param name="Name">The path below the cgroup that was asked for; <c>/</c> for that one.</param>
internal sealed record CgroupLoad(string Name)
{
    /// <summary>Percent of one processor.</summary>
    public double? Cpu { get; init; }

    /// <summary>Bytes.</summary>
    public long? Memory { get; init; }

    public CgroupLimit? MemoryMax { get; init; }

    /// <summary>Bytes a second, of all devices together.</summary>
    public double? Read { get; init; }

    public double? Written { get; init; }

    public long? Pids { get; init; }

    public CgroupLimit? PidsMax { get; init; }

    /// <summary>Percent of the last 10 s in which at least one process waited for the resource.</summary>
    public double? CpuPressure { get; init; }

    public double? MemoryPressure { get; init; }

    public double? IOPressure { get; init; }
}
