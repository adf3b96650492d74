using Isolation.Syscalls;

namespace Isolation.Cgroups.Files;

/// <summary>What may help when the kernel refuses something of a cgroup (cgroups(7), Documentation/admin-guide/cgroup-v2.rst).</summary>
internal static class Hints
{
    private const string SubtreeControl = "cgroup.subtree_control", Processes = "cgroup.procs", Threads = "cgroup.threads";

    public static CgroupException Failure(string operation, string cgroup, string? file, string? value, Errno errno, string? call, string? hint = null)
        => new(operation, cgroup, file, value, errno, call, hint ?? For(operation, file, value, errno));

    private static string? For(string operation, string? file, string? value, Errno errno) => (errno, file) switch
    {
        (Errno.ENOENT, not null) => KernelVersions.WhyMissing(file),
        (Errno.ENODEV, _) => "The cgroup has been removed",
        (Errno.EBUSY, SubtreeControl) => value?.StartsWith('-') == true
            ? "A cgroup below still has the controller on; switch it off there first"
            : "The cgroup has processes of its own, and one that gives controllers to those below it may have none; move them into one below (MoveProcessesToChild)",
        (Errno.ENOENT, null) when operation == "open" => "There is no such directory",
        (Errno.EOPNOTSUPP, SubtreeControl) => "The cgroup is threaded: only cpu, cpuset, perf_event and pids go there",
        (Errno.EOPNOTSUPP, Processes or Threads) => "The cgroup is of a type that takes no processes; see Cgroup.Type",
        (Errno.EBUSY, Processes) => "The cgroup gives controllers to those below it, so it takes no processes itself; use one below",
        (Errno.EAGAIN, null) when operation == "create" => "cgroup.max.depth or cgroup.max.descendants of one above is reached",
        (Errno.EACCES or Errno.EPERM, _) => "The file must be yours to write: on a machine with systemd ask for a delegated cgroup (Delegate=yes), otherwise have it given to you (Cgroup.DelegateTo). Moving a process needs cgroup.procs of the nearest cgroup above both too",
        (Errno.EROFS, _) => "cgroup2 is mounted read-only here, as inside most containers",
        (Errno.ESRCH, Processes or Threads) => "There is no such process, or it cannot be moved (a kernel thread)",
        (Errno.ERANGE, _) => "The value is outside what the kernel takes for this file",
        (Errno.EBUSY, null) when operation == "remove" => "It has processes or cgroups below it",
        _ => null,
    };
}
