namespace Isolation.Syscalls;

/// <summary>What a process is limited in (getrlimit(2)). The numbers are the kernel's.</summary>
public enum LimitedResource
{
    /// <summary>Seconds on the processor; SIGXCPU at the soft limit, SIGKILL at the hard one (RLIMIT_CPU).</summary>
    ProcessorTime = 0,

    /// <summary>Bytes of a file that it writes; SIGXFSZ beyond (RLIMIT_FSIZE).</summary>
    FileSize = 1,

    /// <summary>Bytes of data segment and private writable mappings (RLIMIT_DATA).</summary>
    Data = 2,

    /// <summary>Bytes of stack of the main thread; a quarter of it holds arguments and environment (RLIMIT_STACK).</summary>
    Stack = 3,

    /// <summary>Bytes of a core dump (RLIMIT_CORE).</summary>
    CoreSize = 4,

    /// <summary>Bytes of resident memory. Without effect since Linux 2.4.30 (RLIMIT_RSS).</summary>
    ResidentSet = 5,

    /// <summary>Processes and threads of the real user, all together; not for who has CAP_SYS_ADMIN or CAP_SYS_RESOURCE (RLIMIT_NPROC).</summary>
    Processes = 6,

    /// <summary>One above the highest descriptor (RLIMIT_NOFILE).</summary>
    OpenFiles = 7,

    /// <summary>Bytes locked into memory (RLIMIT_MEMLOCK).</summary>
    LockedMemory = 8,

    /// <summary>Bytes of address space (RLIMIT_AS).</summary>
    AddressSpace = 9,

    /// <summary>Locks and leases of files. Without effect since Linux 2.4.25 (RLIMIT_LOCKS).</summary>
    FileLocks = 10,

    /// <summary>Signals that are queued for the real user (RLIMIT_SIGPENDING).</summary>
    PendingSignals = 11,

    /// <summary>Bytes of POSIX message queues of the real user (RLIMIT_MSGQUEUE).</summary>
    MessageQueues = 12,

    /// <summary>How far the nice value may be lowered without privilege: to 20 minus this (RLIMIT_NICE).</summary>
    Nice = 13,

    /// <summary>The highest real-time priority without privilege (RLIMIT_RTPRIO).</summary>
    RealTimePriority = 14,

    /// <summary>Microseconds that a real-time program may run without a blocking call (RLIMIT_RTTIME).</summary>
    RealTimeRun = 15,
}
