using System.Collections.Immutable;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>Priorities and limits of the program; null or empty for those of the manager. Immutable; <c>with</c> makes the next one.</summary>
internal sealed record ProcessSpec
{
    public static ProcessSpec None { get; } = new();

    public int? Nice { get; init; }

    public Scheduling? Scheduling { get; init; }

    public IOPriority? IOPriority { get; init; }

    public ImmutableArray<int> Processors { get; init; } = [];

    public int? OomScoreAdjustment { get; init; }

    public ImmutableSortedDictionary<LimitedResource, ResourceLimit> Limits { get; init; } = ImmutableSortedDictionary<LimitedResource, ResourceLimit>.Empty;
}
