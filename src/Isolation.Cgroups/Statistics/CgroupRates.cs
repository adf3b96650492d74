using System.Collections.Immutable;

namespace Isolation.Cgroups;

/// <summary>What a cgroup did between two samples. From <see cref="CgroupSample.Since"/>.</summary>
/// <param name="Elapsed">The time between them.</param>
/// <param name="Processors">How many processors were used on average: 0.5 for half of one.</param>
/// <param name="IO">What was read and written of each device a second.</param>
/// <param name="CpuStalled">The share of the time, 0 to 1, in which at least one process waited for a processor.</param>
/// <param name="MemoryStalled">The share of the time, 0 to 1, in which at least one process waited for memory.</param>
/// <param name="IOStalled">The share of the time, 0 to 1, in which at least one process waited for a device.</param>
/// <remarks>What was not in both samples is null.</remarks>
public sealed record CgroupRates(TimeSpan Elapsed, double? Processors, ImmutableDictionary<BlockDevice, IORates> IO, double? CpuStalled, double? MemoryStalled, double? IOStalled);
