namespace Isolation.Syscalls;

/// <summary>What helps where the kernel refuses a priority or a limit.</summary>
internal static class PriorityHints
{
    public static string? Nice(Errno errno) => errno is Errno.EACCES or Errno.EPERM
        ? "A lower value than the present one needs CAP_SYS_NICE in the initial user namespace, which a container with WithUserNs() has not, or a limit RLIMIT_NICE that allows it (setpriority(2))"
        : null;

    public static string? Scheduling(Errno errno) => errno switch
    {
        Errno.EPERM => "Real-time policies need CAP_SYS_NICE in the initial user namespace, which a container with WithUserNs() has not, or a limit RLIMIT_RTPRIO that allows it; a deadline also needs all processors (sched(7))",
        Errno.EBUSY => "The kernel cannot guarantee this run time beside those that it has guaranteed (sched(7), admission control)",
        Errno.EINVAL => "The kernel takes no such values: see /proc/sys/kernel/sched_deadline_period_min_us and _max_us, and cpu.rt_runtime_us of a cgroup of version 1",
        _ => null,
    };

    public static string? IOPriority(Errno errno) => errno == Errno.EPERM ? "The real-time class needs CAP_SYS_ADMIN or CAP_SYS_NICE in the initial user namespace (ioprio_set(2))" : null;

    public static string? Affinity(Errno errno) => errno == Errno.EINVAL ? "None of these processors is there, or is allowed by the cpuset of the cgroup (sched_setaffinity(2))" : null;

    public static string? OomScore(Errno errno) => errno is Errno.EACCES or Errno.EPERM
        ? "A lower value than the lowest that was set with privilege needs CAP_SYS_RESOURCE (proc_pid_oom_score_adj(5))"
        : null;

    public static string? Limit(Errno errno) => errno == Errno.EPERM
        ? "Raising the hard limit needs CAP_SYS_RESOURCE in the initial user namespace; that on open files cannot go above fs.nr_open (prlimit(2))"
        : null;
}
