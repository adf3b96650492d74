using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>
/// The steps that every program begins and ends with: what protects the manager from its child while they share memory,
/// and what gives the new program a clean world. The order matters; the comments say where.
/// </summary>
internal static class HandOver
{
    private const int SigKill = 9, SetParentDeathSignal = 1;

    /// <summary>The first steps: no core dump of the manager's heap, and no child without a manager.</summary>
    public static void Begin(SyscallProgramBuilder program, bool detached)
    {
        // core(5): a limit of 1 also keeps a piped core_pattern from getting the dump, which 0 does not.
        ResourceLimit core = ResourceLimit.Get(LimitedResource.CoreSize);
        program.Call(
            SyscallNumber.Prlimit64,
            new StepNote("switch off core dumps"),
            0,
            Argument.Constant((long)LimitedResource.CoreSize, "RLIMIT_CORE"),
            program.Structure(new ResourceLimit(Math.Min(1, core.Hard ?? 1), core.Hard), "{rlim_cur=1}"),
            Argument.Constant(0, "NULL"));
        if (!detached)
            DieWithManager(program);
    }

    /// <summary>
    /// Arms the parent-death signal, then makes sure that the manager still lives: from then on the signal cannot be missed.
    /// A change of user clears it (prctl(2)), so this comes again after the last one.
    /// </summary>
    public static void DieWithManager(SyscallProgramBuilder program)
    {
        if (program.IsForRunner)
        {
            DieWithManagerFromAfar(program);
            return;
        }

        ArmParentDeath(program);

        // A comparison of the word with the id, without waiting: a FUTEX_WAIT with no time still sleeps for the timer slack.
        program.Call(
            SyscallNumber.Futex,
            new StepNote("make sure that the manager lives") { Hint = static _ => "The thread that started the child has ended" },
            SyscallProgramBuilder.ManagerWord,
            Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"),
            0,
            0,
            SyscallProgramBuilder.ManagerWord,
            SyscallProgramBuilder.ManagerId);
    }

    /// <summary>Arms the parent-death signal. Until something shows that the manager lives, it may have been missed.</summary>
    public static void ArmParentDeath(SyscallProgramBuilder program)
        => program.Call(
            SyscallNumber.Prctl,
            new StepNote("die with the manager"),
            Argument.Constant(SetParentDeathSignal, "PR_SET_PDEATHSIG"),
            Argument.Constant(SigKill, "SIGKILL"));

    // In the manager's pid namespace: as long as getppid(2) tells the manager, the parent is one of its threads, and the
    // signal comes when that ends, or the one that takes over. When the last has ended the parent is another process.
    private static void DieWithManagerFromAfar(SyscallProgramBuilder program)
    {
        ArmParentDeath(program);
        if (program.IsProcessOne)
        {
            program.Gate("say that it lives");
            return;
        }

        var note = new StepNote("make sure that the manager lives") { Hint = static _ => "It has ended, or its children are born in another pid namespace than its own" };
        program.Require(note, program.Call(SyscallNumber.GetPpid, note with { Result = "parent" }), SyscallProgramBuilder.ManagerId);
    }

    /// <summary>setsid(2): without it the program could push characters into the manager's terminal (ioctl_tty(2), TIOCSTI).</summary>
    public static void BeginSession(SyscallProgramBuilder program) => program.Call(SyscallNumber.SetSid, new StepNote("begin a session"));

    /// <summary>A session keyring of its own: the manager's keys are not for the child.</summary>
    public static void LeaveKeyring(SyscallProgramBuilder program)
    {
        // keyctl(2): keyrings have no namespaces. Where a seccomp profile refuses the call (EPERM, as in Docker), the child,
        // which inherits the profile, cannot reach any key either.
        program.Call(
            SyscallNumber.Keyctl,
            new StepNote("join a new session keyring") { Tolerates = [Errno.ENOSYS, Errno.EPERM] },
            Argument.Constant(1, "KEYCTL_JOIN_SESSION_KEYRING"),
            Argument.Constant(0, "NULL"));
    }

    /// <summary>
    /// Empties the inheritable and ambient capabilities, which would give a file's inheritable ones to the program
    /// (capabilities(7)). A new user namespace has emptied them.
    /// </summary>
    public static void DropInheritableCapabilities(SyscallProgramBuilder program)
    {
        CapabilitySets own = CapabilitySets.OfThisThread();
        if (own.Inheritable == 0)
            return;
        var note = new StepNote("empty the inheritable capabilities");
        program.Call(SyscallNumber.Prctl, note, Argument.Constant(47, "PR_CAP_AMBIENT"), Argument.Constant(4, "PR_CAP_AMBIENT_CLEAR_ALL"), 0, 0, 0);
        program.Call(
            SyscallNumber.Capset,
            note,
            program.Bytes([0x22, 0x05, 0x08, 0x20, 0, 0, 0, 0], "{_LINUX_CAPABILITY_VERSION_3, 0}"),
            program.Bytes((own with { Inheritable = 0 }).ToKernel(), "{inheritable=0}"));
    }

    /// <summary>Sets the given descriptors, in the order of their targets, and closes all others besides the standard streams.</summary>
    public static void SetDescriptors(SyscallProgramBuilder program, ReadOnlySpan<(StepValue Source, int Target)> descriptors)
    {
        int first = 3;
        foreach ((_, int target) in descriptors)
            first = Math.Max(first, target + 1);

        // Out of the way first, so that no target overwrites a source that is still needed.
        var copies = new StepValue[descriptors.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = program.Call(
                SyscallNumber.Fcntl,
                new StepNote("put aside", descriptors[i].Source.Name) { Result = $"{descriptors[i].Source.Name}'" },
                descriptors[i].Source,
                Argument.Constant(1030, "F_DUPFD_CLOEXEC"),
                first);
        }

        for (int i = 0; i < copies.Length; i++)
            program.Call(SyscallNumber.Dup3, new StepNote("set", $"descriptor {descriptors[i].Target}"), copies[i], descriptors[i].Target, 0);

        // From 3 on, whatever was not handed over: what lies between the targets too, and the copies.
        int next = 3;
        foreach ((_, int target) in descriptors)
        {
            if (target > next)
                program.Call(SyscallNumber.CloseRange, new StepNote("close all other descriptors"), next, target - 1, 0);
            next = Math.Max(next, target + 1);
        }

        program.Call(SyscallNumber.CloseRange, new StepNote("close all other descriptors"), next, Argument.Constant(uint.MaxValue, "~0U"), 0);
    }

    /// <summary>The last steps before exec: limits, signal dispositions and mask as a program expects them.</summary>
    public static void RestoreDefaults(SyscallProgramBuilder program)
    {
        RestoreLimits(program);
        StopIgnoringSignals(program);
        UnblockSignals(program);
    }

    /// <summary>Limits as a program expects them, or as they were asked for.</summary>
    /// <param name="program">The program.</param>
    /// <param name="own">Those that were asked for.</param>
    public static void RestoreLimits(SyscallProgramBuilder program, IReadOnlyDictionary<LimitedResource, ResourceLimit>? own = null)
    {
        // The .NET runtime raises the soft limit to the hard one; programs that use select(2) count on 1024.
        const long UsualOpenFiles = 1024;
        long? files = ResourceLimit.Get(LimitedResource.OpenFiles).Hard;
        if (own?.ContainsKey(LimitedResource.OpenFiles) != true)
            program.SetLimit("restore the limit on open files", LimitedResource.OpenFiles, new ResourceLimit(Math.Min(UsualOpenFiles, files ?? UsualOpenFiles), files));
        if (own?.ContainsKey(LimitedResource.CoreSize) != true)
            program.SetLimit("restore the limit on core dumps", LimitedResource.CoreSize, ResourceLimit.Get(LimitedResource.CoreSize));
        foreach ((LimitedResource resource, ResourceLimit limit) in own ?? new Dictionary<LimitedResource, ResourceLimit>())
            program.SetLimit($"set the limit {LimitedResources.KernelName(resource)}", resource, limit);
    }

    /// <summary>Signals that the runtime ignores get their default action.</summary>
    public static void StopIgnoringSignals(SyscallProgramBuilder program)
    {
        // CLONE_CLEAR_SIGHAND leaves ignored signals ignored, and exec does too. The runtime ignores SIGPIPE.
        Argument ignore = program.Bytes(new byte[32], "{SIG_DFL}");
        foreach (int signal in SignalSet.Ignored())
        {
            program.Call(
                SyscallNumber.RtSigaction,
                new StepNote("stop ignoring signal", SignalSet.Name(signal)),
                Argument.Constant(signal, SignalSet.Name(signal)),
                ignore,
                Argument.Constant(0, "NULL"),
                8);
        }
    }

    /// <summary>An empty signal mask. What was sent meanwhile arrives now.</summary>
    public static void UnblockSignals(SyscallProgramBuilder program)
        => program.Call(
            SyscallNumber.RtSigprocmask,
            new StepNote("unblock all signals"),
            Argument.Constant(2, "SIG_SETMASK"),
            program.Structure(0L, "[]"),
            Argument.Constant(0, "NULL"),
            8);

    /// <summary>execve(2) on each candidate in turn, as execvp(3) does.</summary>
    public static void Execute(SyscallProgramBuilder program, string name, IReadOnlyList<string> candidates, IReadOnlyCollection<string> arguments, IReadOnlyCollection<string> environment, Func<Errno, string?> hint)
    {
        Argument argv = program.Strings(arguments), envp = program.Strings(environment, $"[/* {environment.Count} vars */]");
        for (int i = 0; i < candidates.Count; i++)
        {
            bool last = i == candidates.Count - 1;
            program.Call(
                SyscallNumber.Execve,
                new StepNote("execute", name) { Tolerates = last ? [] : [Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES], Hint = hint },
                program.Text(candidates[i]),
                argv,
                envp);
        }
    }
}
