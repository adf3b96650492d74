using System.Collections.Immutable;

namespace Isolation.Cgroups;

/// <summary>Limits of a cgroup as a value: what is null or empty is left as it is. Applied by <see cref="Cgroup.Apply"/>.</summary>
/// <remarks>Two are equal when they write the same to the same files.</remarks>
public sealed partial record CgroupLimits
{
    /// <summary>Nothing.</summary>
    public static CgroupLimits None { get; } = new();

    /// <summary><see cref="MemoryController.Min"/>, in bytes.</summary>
    public CgroupLimit? MemoryMin { get; init; }

    /// <summary><see cref="MemoryController.Low"/>, in bytes.</summary>
    public CgroupLimit? MemoryLow { get; init; }

    /// <summary><see cref="MemoryController.High"/>, in bytes.</summary>
    public CgroupLimit? MemoryHigh { get; init; }

    /// <summary><see cref="MemoryController.Max"/>, in bytes.</summary>
    public CgroupLimit? MemoryMax { get; init; }

    /// <summary><see cref="MemoryController.SwapHigh"/>, in bytes.</summary>
    public CgroupLimit? SwapHigh { get; init; }

    /// <summary><see cref="MemoryController.SwapMax"/>, in bytes.</summary>
    public CgroupLimit? SwapMax { get; init; }

    /// <summary><see cref="MemoryController.ZswapMax"/>, in bytes.</summary>
    public CgroupLimit? ZswapMax { get; init; }

    /// <summary><see cref="MemoryController.OomGroup"/>.</summary>
    public bool? OomGroup { get; init; }

    /// <summary><see cref="PidsController.Max"/>.</summary>
    public CgroupLimit? PidsMax { get; init; }

    /// <summary><see cref="CpuController.Weight"/>.</summary>
    public int? CpuWeight { get; init; }

    /// <summary><see cref="CpuController.IsIdle"/>.</summary>
    public bool? CpuIdle { get; init; }

    /// <summary><see cref="CpuController.Max"/>.</summary>
    public CpuBandwidth? CpuMax { get; init; }

    /// <summary><see cref="CpuController.MaxBurst"/>.</summary>
    public TimeSpan? CpuMaxBurst { get; init; }

    /// <summary><see cref="CpusetController.Processors"/>.</summary>
    public ProcessorSet? Processors { get; init; }

    /// <summary><see cref="CpusetController.MemoryNodes"/>.</summary>
    public ProcessorSet? MemoryNodes { get; init; }

    /// <summary><see cref="IOController.Weight"/>.</summary>
    public int? IOWeight { get; init; }

    /// <summary><see cref="IOController.SetMax"/>, by device.</summary>
    public ImmutableSortedDictionary<BlockDevice, IOLimits> IOMax { get; init; } = ImmutableSortedDictionary.Create<BlockDevice, IOLimits>(Comparer<BlockDevice>.Create(static (a, b) => (a.Major, a.Minor).CompareTo((b.Major, b.Minor))));

    /// <summary><see cref="HugeTlbController.SetMax"/>, by the size of pages.</summary>
    public ImmutableSortedDictionary<string, CgroupLimit> HugeTlbMax { get; init; } = ImmutableSortedDictionary.Create<string, CgroupLimit>(StringComparer.Ordinal);

    /// <summary>Any other file, with what is written to it; after all that has a name here.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The controllers that a cgroup needs for this.</summary>
    public CgroupControllers Controllers
        => Cgroups.Files.ControllerNames.Parse(string.Join(' ', ToWrites().Select(static w => w.File[..Math.Max(0, w.File.IndexOf('.', StringComparison.Ordinal))]).Distinct()));

    /// <inheritdoc/>
    public bool Equals(CgroupLimits? other) => other is not null && ToWrites().SequenceEqual(other.ToWrites());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((string file, string value) in ToWrites())
            hash.Add((file, value));
        return hash.ToHashCode();
    }

    /// <summary>What is written, such as <c>memory.max=268435456 pids.max=100</c>.</summary>
    public override string ToString() => string.Join(' ', ToWrites().Select(static w => $"{w.File}={w.Value}"));
}
