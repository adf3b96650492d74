using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <summary>The steps that enter existing namespaces (setns(2)).</summary>
internal static class JoinSteps
{
    private static readonly (NamespaceKinds Kind, CloneFlags Flag, string Name)[] s_flags =
    [
        (NamespaceKinds.User, CloneFlags.NewUser, "CLONE_NEWUSER"),
        (NamespaceKinds.Mount, CloneFlags.NewNs, "CLONE_NEWNS"),
        (NamespaceKinds.Pid, CloneFlags.NewPid, "CLONE_NEWPID"),
        (NamespaceKinds.Network, CloneFlags.NewNet, "CLONE_NEWNET"),
        (NamespaceKinds.Uts, CloneFlags.NewUts, "CLONE_NEWUTS"),
        (NamespaceKinds.Ipc, CloneFlags.NewIpc, "CLONE_NEWIPC"),
        (NamespaceKinds.Cgroup, CloneFlags.NewCgroup, "CLONE_NEWCGROUP"),
        (NamespaceKinds.Time, CloneFlags.NewTime, "CLONE_NEWTIME"),
    ];

    /// <summary>The kernel's names for the kinds, as clone(2) and setns(2) take them.</summary>
    public static IEnumerable<string> FlagNames(NamespaceKinds kinds) => s_flags.Where(f => kinds.HasFlag(f.Kind)).Select(f => f.Name);

    extension(SyscallProgramBuilder program)
    {
        /// <summary>Enters namespaces: one by its own descriptor, or those of a process by a pidfd (Linux 5.8).</summary>
        public void Join(StepValue descriptor, NamespaceKinds kinds, string target)
            => program.Call(
                SyscallNumber.SetNs,
                new StepNote("join", target) { Hint = e => Hint(e, kinds) },
                descriptor,
                Argument.Constant((long)kinds.ToCloneFlags(), string.Join('|', FlagNames(kinds))));

        /// <summary>Leaves the caller's supplementary groups while it still may: in a user namespace where setgroups(2) is denied it could not.</summary>
        public void LeaveGroups() => program.Call(SyscallNumber.SetGroups, new StepNote("leave the supplementary groups"), 0, Argument.Constant(0, "NULL"));

        /// <summary>Makes the child root of a user namespace that it has joined; before, its ids are those that it had outside, often nobody's.</summary>
        public void BecomeRootOfJoined(bool leftGroups, bool detached)
        {
            var note = new StepNote("become root of the user namespace") { Hint = static e => e == Errno.EINVAL ? "It has no root (/proc/PID/uid_map)" : null };

            // user_namespaces(7): an ordinary user's namespace may deny setgroups, and its caller has no groups to give up.
            if (!leftGroups)
                program.Call(SyscallNumber.SetGroups, note with { Tolerates = [Errno.EPERM] }, 0, Argument.Constant(0, "NULL"));
            program.Call(SyscallNumber.SetResGid, note, 0, 0, 0);
            program.Call(SyscallNumber.SetResUid, note, 0, 0, 0);
            if (!detached)
                HandOver.DieWithManager(program);
        }
    }

    private static string? Hint(Errno errno, NamespaceKinds kinds) => errno switch
    {
        Errno.EPERM => "It needs CAP_SYS_ADMIN in the user namespace that owns it, so join that too, and for a mount namespace CAP_SYS_CHROOT",
        Errno.EINVAL when kinds.HasFlag(NamespaceKinds.User) => "The caller is in that user namespace already",
        Errno.EINVAL when kinds.HasFlag(NamespaceKinds.Pid) => "Only the caller's pid namespace and those below it can be joined (pid_namespaces(7))",
        Errno.ESRCH => "The process has ended",
        _ => null,
    };
}
