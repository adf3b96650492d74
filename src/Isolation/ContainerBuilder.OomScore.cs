using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>What is added to how likely the kernel kills the program, and those that it starts, for want of memory (proc_pid_oom_score_adj(5)). Default: the caller's.</summary>
    /// <param name="adjustment">-1000, never, to 1000, first of all. A lower value than the caller's needs CAP_SYS_RESOURCE.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range.</exception>
    public ContainerBuilder WithOomScoreAdjustment(int adjustment) => New(_spec with { Process = _spec.Process with { OomScoreAdjustment = OomScore.Check(adjustment) } });
}
