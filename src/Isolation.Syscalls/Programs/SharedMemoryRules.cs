using System.Collections.Frozen;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>
/// What a child may do while it shares the memory of the process that started it. Each rule was found by experiment;
/// docs/architecture.md tells them.
/// </summary>
internal static class SharedMemoryRules
{
    // Calls that touch only what a clone3 child has for itself: descriptors, root and working directory, namespaces,
    // credentials, limits, signal dispositions. Everything else is refused: mmap, mlockall, io_uring, ptrace, clone ...
    private static readonly FrozenSet<SyscallNumber> s_harmless = new[]
    {
        SyscallNumber.Read, SyscallNumber.Write, SyscallNumber.Close, SyscallNumber.CloseRange, SyscallNumber.Dup3, SyscallNumber.Fcntl,
        SyscallNumber.OpenAt, SyscallNumber.OpenAt2, SyscallNumber.MkdirAt, SyscallNumber.SymlinkAt, SyscallNumber.MknodAt, SyscallNumber.UnlinkAt,
        SyscallNumber.LinkAt, SyscallNumber.RenameAt2, SyscallNumber.FchmodAt, SyscallNumber.FchownAt, SyscallNumber.Fchmod,
        SyscallNumber.Chdir, SyscallNumber.Fchdir, SyscallNumber.Chroot, SyscallNumber.PivotRoot, SyscallNumber.Umask,
        SyscallNumber.Mount, SyscallNumber.Umount2, SyscallNumber.OpenTree, SyscallNumber.MoveMount, SyscallNumber.FsOpen, SyscallNumber.FsConfig,
        SyscallNumber.FsMount, SyscallNumber.FsPick, SyscallNumber.MountSetattr, SyscallNumber.Socket, SyscallNumber.Ioctl,
        SyscallNumber.SetNs, SyscallNumber.Unshare, SyscallNumber.SetHostName, SyscallNumber.SetDomainName,
        SyscallNumber.Prctl, SyscallNumber.Prlimit64, SyscallNumber.RtSigprocmask, SyscallNumber.RtSigaction, SyscallNumber.SetSid, SyscallNumber.Setpgid,
        SyscallNumber.SetResUid, SyscallNumber.SetResGid, SyscallNumber.SetGroups, SyscallNumber.Capset, SyscallNumber.Keyctl, SyscallNumber.Futex,
        SyscallNumber.Setpriority, SyscallNumber.IoprioSet, SyscallNumber.SchedSetattr, SyscallNumber.SchedSetaffinity, SyscallNumber.Personality,
        SyscallNumber.Seccomp, SyscallNumber.LandlockRestrictSelf, SyscallNumber.Execve, SyscallNumber.ExecveAt, SyscallNumber.GetPpid,
    }.ToFrozenSet();

    // prctl(2) options that act on the thread. PR_SET_MDWE, PR_SET_THP_DISABLE, PR_SET_MM, PR_SET_DUMPABLE act on the
    // memory, so on the manager, and some of them cannot be undone.
    private static readonly FrozenSet<long> s_harmlessOptions = new long[]
    {
        1 /* PDEATHSIG */, 8 /* KEEPCAPS */, 15 /* NAME */, 23 /* CAPBSET_READ */, 24 /* CAPBSET_DROP */, 28 /* SECUREBITS */,
        29 /* TIMERSLACK */, 36 /* CHILD_SUBREAPER */, 38 /* NO_NEW_PRIVS */, 47 /* CAP_AMBIENT */,
    }.ToFrozenSet();

    private const long Joinable = (long)(CloneFlags.NewNs | CloneFlags.NewNet | CloneFlags.NewIpc | CloneFlags.NewUts | CloneFlags.NewCgroup);

    /// <summary>Refuses a program that would change or expose the manager's memory.</summary>
    /// <param name="program">The program.</param>
    /// <param name="namespaces">The namespaces that the child is cloned into.</param>
    /// <exception cref="InvalidOperationException">A step breaks a rule; the message names it.</exception>
    public static void Check(SyscallProgram program, CloneFlags namespaces = 0)
    {
        // Who joins keeps its privileges until it executes its program, or nobody can see it: else whoever has as few could trace it.
        bool joins = program.Steps.Any(s => s.Call == SyscallNumber.SetNs), seen = !namespaces.HasFlag(CloneFlags.NewPid);
        foreach (SyscallStep step in program.Steps)
        {
            string? broken = Broken(step) ?? (joins && seen && GivesUpPrivileges(step) ? "it joins namespaces, and gives up privileges where others could see it" : null);
            if (broken is not null)
                throw new InvalidOperationException($"The step '{step.Note}' ({step.Call}) cannot run in a child that shares the memory of its parent: {broken}.");
        }
    }

    /// <summary>Whether a program gives up privileges, after which a process of the same user could trace the child.</summary>
    public static bool ChangesCredentials(SyscallProgram program)
    {
        foreach (SyscallStep step in program.Steps)
        {
            if (GivesUpPrivileges(step))
                return true;
        }

        return false;
    }

    private static bool GivesUpPrivileges(SyscallStep step)
        => step.Call == SyscallNumber.SetResUid || step.Call == SyscallNumber.SetResGid || step.Call == SyscallNumber.Capset;

    private static string? Broken(SyscallStep step)
    {
        if (!s_harmless.Contains(step.Call))
            return "it may act on the memory";
        if (step.Call == SyscallNumber.Prctl && !(Constant(step, 0) is { } option && s_harmlessOptions.Contains(option)))
            return "this prctl option acts on the memory";
        if (step.Call == SyscallNumber.SetNs && !(Constant(step, 1) is { } kinds and not 0 && (kinds & ~Joinable) == 0))
            return "whoever is in a joined user, pid or time namespace could read it";
        return null;
    }

    private static long? Constant(SyscallStep step, int index)
        => step.Arguments.Length > index && step.Arguments[index] is { Kind: ArgumentKind.Constant } argument ? argument.Value : null;
}
