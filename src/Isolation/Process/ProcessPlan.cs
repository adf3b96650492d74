using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation;

/// <summary>
/// Where priorities and limits are set. What needs a privilege comes at once, while the child has the caller's. What slows
/// down or restricts comes last, so that it does not hold up the set-up, for which the manager waits.
/// </summary>
internal sealed class ProcessPlan(ProcessSpec spec)
{
    private readonly int _ownNice = NiceValue.Get(0);

    /// <summary>The first steps: as the caller, on its processors.</summary>
    public void AddFirst(SyscallProgramBuilder program)
    {
        if (spec.Processors.Length > 0)
            program.SetCpuAffinity(spec.Processors.AsSpan());
        if (spec.OomScoreAdjustment is { } adjustment)
            program.SetOomScoreAdjustment(adjustment);
        AddPriorities(program, first: true);
        foreach ((LimitedResource resource, ResourceLimit limit) in spec.Limits)
        {
            // The soft limit stays, so that the set-up is not the one that meets it; that on core dumps is 1 by now.
            ResourceLimit own = ResourceLimit.Get(resource);
            if (IsAbove(limit.Hard, own.Hard))
                program.SetLimit($"raise the hard limit {LimitedResources.KernelName(resource)}", resource, new ResourceLimit(resource == LimitedResource.CoreSize ? Math.Min(1, own.Soft ?? 1) : own.Soft, limit.Hard));
        }
    }

    /// <summary>The last steps but for the session and the signals.</summary>
    public void AddLast(SyscallProgramBuilder program)
    {
        AddPriorities(program, first: false);
        HandOver.RestoreLimits(program, spec.Limits);
    }

    // A policy that is not of real time takes the nice value along, so the policy is set first.
    private void AddPriorities(SyscallProgramBuilder program, bool first)
    {
        if (spec.Scheduling is { } scheduling && scheduling.IsRealTime == first)
            program.SetScheduling(scheduling, spec.Nice ?? _ownNice);
        if (spec.Nice is { } nice && nice < _ownNice == first)
            program.SetNice(nice);
        if (spec.IOPriority is { } priority && (priority.Class == IOSchedulingClass.RealTime) == first)
            program.SetIOPriority(priority);
    }

    private static bool IsAbove(long? left, long? right) => right is { } value && (left is null || left > value);
}
