using System.Runtime.InteropServices;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation;

/// <summary>What is joined, in the order in which the kernel lets it be joined.</summary>
internal sealed class JoinPlan
{
    private const NamespaceKinds ShowProcesses = NamespaceKinds.User | NamespaceKinds.Pid | NamespaceKinds.Time;

    // The user namespace apart, since it changes what may be joined. The mount namespace first: it brings its own root.
    private static readonly NamespaceKinds[] s_order =
        [NamespaceKinds.Mount, NamespaceKinds.Network, NamespaceKinds.Ipc, NamespaceKinds.Uts, NamespaceKinds.Cgroup, NamespaceKinds.Time, NamespaceKinds.Pid];

    private readonly string? _cgroup;
    private readonly List<(SafeHandle Handle, NamespaceKinds Kinds, string Shown)> _joins = [];

    /// <summary>Finds out which namespaces of the process are others than ours; the rest is left alone, as nsenter(1) does.</summary>
    /// <exception cref="LinuxException">ESRCH: the process has ended; EACCES: it may not be looked into.</exception>
    public JoinPlan(ContainerSpec spec)
    {
        JoinSpec join = spec.Join;
        _cgroup = join.Cgroup;
        NamespaceKinds ofProcess = join.Process is null ? NamespaceKinds.None : Foreign(join.Process, join.ProcessKinds);
        var others = new List<(SafeHandle, NamespaceKinds, string)>();
        foreach (NamespaceKinds kind in s_order)
        {
            if (join.Handles.FirstOrDefault(h => h.Kind == kind) is { } handle)
                others.Add((handle.Handle, kind, handle.ToString()));
        }

        if ((ofProcess & ~NamespaceKinds.User) is var kinds && kinds != 0)
            others.Add((join.Process!, kinds, $"the namespaces of process {join.Process!.ProcessId}"));
        if (join.Handles.FirstOrDefault(h => h.Kind == NamespaceKinds.User) is { } user)
            _joins.Add((user.Handle, NamespaceKinds.User, user.ToString()));
        else if (ofProcess.HasFlag(NamespaceKinds.User))
            _joins.Add((join.Process!, NamespaceKinds.User, $"the user namespace of process {join.Process!.ProcessId}"));

        // Root may join whatever lies below its own user namespace, but in another one only what that owns. An ordinary user
        // has its privileges only there.
        _joins.InsertRange(Environment.IsPrivilegedProcess ? 0 : _joins.Count, others);
        Kinds = _joins.Aggregate(NamespaceKinds.None, static (all, j) => all | j.Kinds);

        // SharedMemoryRules: what a child that shares our memory may join, and how.
        bool givesUpPrivileges = spec.User is not null || CapabilitySets.OfThisThread().Inheritable != 0;
        NeedsFreshMemory = (Kinds & ShowProcesses) != 0 || _cgroup is not null || (Kinds != 0 && givesUpPrivileges && !spec.Namespaces.HasFlag(NamespaceKinds.Pid));
    }

    public NamespaceKinds Kinds { get; }

    /// <summary>Whether nobody inside may ever reach the manager's memory through the child, so that it needs another.</summary>
    public bool NeedsFreshMemory { get; }

    /// <summary>What each start hands in, in the order of <see cref="Declare"/>.</summary>
    public IEnumerable<SafeHandle> Handles => _joins.Select(j => j.Handle);

    /// <summary>The descriptors of the namespaces, as inputs of a program.</summary>
    public StepValue[] Declare(SyscallProgramBuilder program) => [.. _joins.Select((_, i) => program.Input($"namespace{i + 1}"))];

    /// <summary>Enters them all.</summary>
    public void AddSteps(SyscallProgramBuilder program, ReadOnlySpan<StepValue> descriptors, bool detached)
    {
        bool privileged = Environment.IsPrivilegedProcess;
        for (int i = 0; i < _joins.Count; i++)
        {
            bool user = _joins[i].Kinds.HasFlag(NamespaceKinds.User);
            if (user && privileged)
                program.LeaveGroups();
            program.Join(descriptors[i], _joins[i].Kinds, _joins[i].Shown);
            if (user)
                program.BecomeRootOfJoined(leftGroups: privileged, detached);
        }
    }

    private static NamespaceKinds Foreign(PidFd process, NamespaceKinds kinds)
    {
        if (process.ProcessId is not { } id)
            throw new LinuxException("look at", "the namespaces of a process", Errno.ESRCH, "setns", "It has ended, or cannot be seen from here");
        NamespaceKinds foreign = NamespaceKinds.None;
        foreach (NamespaceKinds kind in s_order.Append(NamespaceKinds.User).Where(k => kinds.HasFlag(k)))
        {
            using Namespace theirs = Namespace.OfProcess(id, kind), ours = Namespace.OfProcess(Environment.ProcessId, kind);
            if (!theirs.Equals(ours))
                foreign |= kind;
        }

        // As long as it has not been reaped, nobody else has its number.
        return process.ProcessId == id ? foreign : throw new LinuxException("look at", $"the namespaces of process {id}", Errno.ESRCH, "setns", "It has ended");
    }
}
