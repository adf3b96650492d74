namespace Isolation.Syscalls;

/// <summary>What is added to how likely the kernel kills a process for want of memory (proc_pid_oom_score_adj(5)).</summary>
internal static class OomScore
{
    /// <exception cref="ArgumentOutOfRangeException">It is outside -1000 to 1000.</exception>
    public static int Check(int adjustment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(adjustment, -1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(adjustment, 1000);
        return adjustment;
    }
}
