using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>Turns what the kernel refused during a start into a sentence that helps.</summary>
internal static class StartFailure
{
    // clone(2), execve(2), setresuid(2): the calls whose EAGAIN is a limit on processes.
    private static readonly SyscallNumber[] s_countingProcesses = [SyscallNumber.Clone, SyscallNumber.Clone3, SyscallNumber.Execve, SyscallNumber.ExecveAt, SyscallNumber.SetResUid];

    private static readonly (CloneFlags Flag, string Name, string Limit)[] s_namespaces =
    [
        (CloneFlags.NewUser, "user", "max_user_namespaces"),
        (CloneFlags.NewNs, "mount", "max_mnt_namespaces"),
        (CloneFlags.NewPid, "pid", "max_pid_namespaces"),
        (CloneFlags.NewNet, "network", "max_net_namespaces"),
        (CloneFlags.NewUts, "UTS", "max_uts_namespaces"),
        (CloneFlags.NewIpc, "IPC", "max_ipc_namespaces"),
        (CloneFlags.NewCgroup, "cgroup", "max_cgroup_namespaces"),
        (CloneFlags.NewTime, "time", "max_time_namespaces"),
    ];

    public static LinuxException OfClone(in ChildStartInfo start, Errno errno)
    {
        CloneFlags flags = start.CloneFlags;
        string[] names = [.. s_namespaces.Where(n => (flags & n.Flag) != 0).Select(n => n.Name)];
        string? target = names.Length == 0 ? null : $"in new {string.Join(", ", names)} namespace{(names.Length == 1 ? "" : "s")}";
        return new LinuxException("start a child", target, errno, "clone3", CloneHint(flags, start.Cgroup, errno));
    }

    /// <summary>The failure of a step; where several paths were tried for a program, the one that says most.</summary>
    /// <param name="program">What ran.</param>
    /// <param name="index">The step in it.</param>
    /// <param name="counted">The step as the caller counts.</param>
    /// <param name="errno">Why.</param>
    /// <param name="values">The program's values.</param>
    public static LinuxException OfStep(SyscallProgram program, int index, int? counted, Errno errno, ReadOnlySpan<long> values)
    {
        SyscallStep step = program.Steps[index];
        if (step.IsExec)
        {
            // execvp(3): a program that was found but may not be executed says more than one that was not found.
            for (int i = 0; i < index && errno != Errno.EACCES; i++)
            {
                if (program.Steps[i].IsExec && values[program.Steps[i].ResultSlot] == -(long)Errno.EACCES)
                    errno = Errno.EACCES;
            }
        }

        return new LinuxException(step.Note.Operation, step.Note.Target, errno, step.Call.Name, step.Note.Hint?.Invoke(errno) ?? StepHint(step, errno), counted);
    }

    /// <summary>What helps where a process cannot be born in a cgroup.</summary>
    public static string? CgroupHint(Errno errno) => errno switch
    {
        Errno.EOPNOTSUPP => "The cgroup is threaded or its type is 'domain invalid' (cgroups(7))",
        Errno.EBUSY => "The cgroup has controllers enabled for its children, so it can hold no processes itself (cgroups(7), no internal processes)",
        Errno.ENOENT or Errno.ENODEV => "The cgroup was removed",
        Errno.EACCES => "The cgroup and the common ancestor with the present one must be writable: cgroup.procs (cgroups(7), delegation)",
        _ => null,
    };

    private static string? CloneHint(CloneFlags flags, int cgroup, Errno errno) => errno switch
    {
        Errno.EPERM when (flags & CloneFlags.NewUser) == 0 && flags != 0 => "This needs CAP_SYS_ADMIN; without it, add WithUserNs()",
        Errno.EPERM => "The system does not let this user make user namespaces, or the process is chrooted (user_namespaces(7))",
        Errno.ENOSPC or Errno.EUSERS => ExhaustedHint(flags),
        Errno.EAGAIN => PidsLimit.Explain(cgroup),
        Errno.ENOMEM => "The kernel has no memory for it, a cgroup's memory.max is reached, or the pid namespace has lost its process 1",
        Errno.EINVAL when flags.HasFlag(CloneFlags.NewTime) => "Time namespaces for a started program need Linux 6.3 or later",
        _ => cgroup >= 0 ? CgroupHint(errno) : null,
    };

    private static string? ExhaustedHint(CloneFlags flags)
    {
        foreach ((CloneFlags flag, string name, string limit) in s_namespaces)
        {
            if ((flags & flag) != 0 && File.Exists($"/proc/sys/user/{limit}") && File.ReadAllText($"/proc/sys/user/{limit}").Trim() == "0")
                return $"The limit on {name} namespaces, /proc/sys/user/{limit}, is 0";
        }

        return "A limit of /proc/sys/user/max_*_namespaces is reached, or the nesting is deeper than 32 (namespaces(7))";
    }

    private static string? StepHint(SyscallStep step, Errno errno) => errno switch
    {
        Errno.EAGAIN when s_countingProcesses.Contains(step.Call) => PidsLimit.Explain(),
        Errno.EAGAIN when step.Call == SyscallNumber.OpenAt2 => "Something was renamed or mounted meanwhile, so that \"..\" could not be told to stay inside (openat2(2))",
        Errno.EDQUOT when step.Call == SyscallNumber.Keyctl => "The user's quota of keys is used up (/proc/sys/kernel/keys/maxkeys)",
        Errno.ENOSPC when step.Call == SyscallNumber.MoveMount || step.Call == SyscallNumber.Mount || step.Call == SyscallNumber.OpenTree
            => "The limit on mounts of a namespace (fs.mount-max) is reached",
        Errno.ENOSYS => $"The kernel has no {step.Call}, or a seccomp profile hides it",
        _ => null,
    };
}
