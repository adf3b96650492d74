using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// The processors that the program runs on, the set-up included (sched_setaffinity(2)). Those that the machine lacks, or that
    /// the cpuset of the cgroup does not allow, are passed over; one at least must be left. A program can undo it: what cannot be undone is <c>WithCgroup(cg => cg.WithProcessors(...))</c>.
    /// </summary>
    /// <param name="processors">Their numbers, from 0 on.</param>
    /// <exception cref="ArgumentException">There are none, or one is out of range.</exception>
    public ContainerBuilder WithCpuAffinity(params IEnumerable<int> processors) => New(_spec with { Process = _spec.Process with { Processors = [.. ProcessorMask.Check(processors)] } });
}
