namespace Isolation.Syscalls;

/// <summary>Whose requests to disks go first (ioprio_set(2)). The numbers are the kernel's.</summary>
public enum IOSchedulingClass
{
    /// <summary>None of its own: best effort, by the nice value (IOPRIO_CLASS_NONE).</summary>
    None = 0,

    /// <summary>Before all others (IOPRIO_CLASS_RT).</summary>
    RealTime = 1,

    /// <summary>The usual one, by level (IOPRIO_CLASS_BE).</summary>
    BestEffort = 2,

    /// <summary>When nobody else has requests (IOPRIO_CLASS_IDLE).</summary>
    Idle = 3,
}
