namespace Isolation.Syscalls;

/// <summary>How the kernel chooses who runs (sched(7)). The numbers are the kernel's.</summary>
public enum SchedulingPolicy
{
    /// <summary>The usual one: all share, by their nice values (SCHED_OTHER).</summary>
    Normal = 0,

    /// <summary>Before all others of lower priority, until it waits (SCHED_FIFO).</summary>
    Fifo = 1,

    /// <summary>As <see cref="Fifo"/>, in turn with others of the same priority (SCHED_RR).</summary>
    RoundRobin = 2,

    /// <summary>As <see cref="Normal"/>, for programs that compute and do not wait (SCHED_BATCH).</summary>
    Batch = 3,

    /// <summary>Less than any nice value gives (SCHED_IDLE).</summary>
    Idle = 5,

    /// <summary>A run time that is guaranteed within each period (SCHED_DEADLINE).</summary>
    Deadline = 6,
}
