using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>The program's scheduling policy (sched(7)). Default: the caller's.</summary>
    /// <param name="scheduling">
    /// <see cref="Scheduling.Batch"/>, <see cref="Scheduling.Fifo"/> and others. Those of real time need CAP_SYS_NICE, which a
    /// container with <see cref="WithUserNs()"/> has not, or a limit <see cref="LimitedResource.RealTimePriority"/> that allows them.
    /// </param>
    public ContainerBuilder WithScheduler(Scheduling scheduling)
    {
        ArgumentNullException.ThrowIfNull(scheduling);
        return New(_spec with { Process = _spec.Process with { Scheduling = scheduling } });
    }
}
