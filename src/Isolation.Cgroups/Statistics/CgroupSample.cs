using System.Collections.Immutable;
using System.Diagnostics;

namespace Isolation.Cgroups;

/// <summary>The statistics of a cgroup at one moment. What the cgroup has no file for is null or empty. Two of them give <see cref="Since">rates</see>.</summary>
public sealed record CgroupSample
{
    /// <summary>When it was taken, as <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Processor time (<c>cpu.stat</c>).</summary>
    public CpuStatistics? Cpu { get; init; }

    /// <summary>What memory is used for (<c>memory.stat</c>).</summary>
    public MemoryStatistics? Memory { get; init; }

    /// <summary>The memory that is used, in bytes (<c>memory.current</c>).</summary>
    public long? MemoryCurrent { get; init; }

    /// <summary>The swap that is used, in bytes (<c>memory.swap.current</c>).</summary>
    public long? SwapCurrent { get; init; }

    /// <summary>How often limits of memory were met (<c>memory.events</c>).</summary>
    public MemoryEvents? MemoryEvents { get; init; }

    /// <summary>How many processes and threads there are (<c>pids.current</c>).</summary>
    public long? PidsCurrent { get; init; }

    /// <summary>What was read and written of each device (<c>io.stat</c>).</summary>
    public ImmutableArray<IOStatistics> IO { get; init; } = [];

    /// <summary>The huge pages of each size that are used, in bytes (<c>hugetlb.SIZE.current</c>).</summary>
    public ImmutableDictionary<string, long> HugeTlb { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Time lost for want of processors (<c>cpu.pressure</c>).</summary>
    public Pressure? CpuPressure { get; init; }

    /// <summary>Time lost for want of memory (<c>memory.pressure</c>).</summary>
    public Pressure? MemoryPressure { get; init; }

    /// <summary>Time lost waiting for devices (<c>io.pressure</c>).</summary>
    public Pressure? IOPressure { get; init; }

    /// <summary>What happened each second between an earlier sample of the same cgroup and this one.</summary>
    /// <exception cref="ArgumentException">The other one is not earlier.</exception>
    public CgroupRates Since(CgroupSample earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp);
        if (elapsed <= TimeSpan.Zero)
            throw new ArgumentException("The sample to compare with is an earlier one.", nameof(earlier));
        return new CgroupRates(
            elapsed,
            Cpu is { } cpu && earlier.Cpu is { } before ? cpu.ProcessorsSince(before, elapsed) : null,
            IO.ToImmutableDictionary(static d => d.Device, d => d.PerSecondSince(earlier.IO.FirstOrDefault(e => e.Device == d.Device), elapsed)),
            Stalled(CpuPressure, earlier.CpuPressure, elapsed),
            Stalled(MemoryPressure, earlier.MemoryPressure, elapsed),
            Stalled(IOPressure, earlier.IOPressure, elapsed));
    }

    private static double? Stalled(Pressure? now, Pressure? earlier, TimeSpan elapsed)
        => now is { } later && earlier is { } before ? (later.Some.Total - before.Some.Total) / elapsed : null;
}
