using System.Collections.Immutable;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>What a child of clone(2) does first, since clone(2) lacks it: default signal handlers, its cgroup, its time namespace.</summary>
internal static class ClonePrologue
{
    /// <summary>An upper bound of the values that the prologue adds.</summary>
    public const int MaxSteps = 80;

    /// <summary>What the child unshares itself: a cgroup namespace, when it is in its cgroup; and what clone(2) has no flag for.</summary>
    public const CloneFlags Unshared = CloneFlags.NewCgroup | CloneFlags.NewTime;

    private const int SigKill = 9, SigStop = 19, LastSignal = 64;

    /// <summary>Puts the prologue before a program. The two slots after the program's own values hold the cgroup's descriptor, or -1, and the flags to unshare.</summary>
    public static SyscallProgram Add(SyscallProgram program)
    {
        var prologue = new SyscallProgramBuilder();
        Argument write = prologue.Text("cgroup.procs"), self = prologue.Text("0"), ignored = prologue.Bytes(new byte[32], "SIG_DFL");
        var steps = ImmutableArray.CreateBuilder<SyscallStep>();
        int slot = program.ValueCount;
        var cgroup = new StepValue(slot++, "cgroup");
        var unshared = new StepValue(slot++, "flags");

        // Relocates what the prologue's memory holds behind the program's.
        Argument Move(Argument argument) => new(argument.Kind, argument.Value + program.MemoryLength, argument.Text);
        StepValue Call(SyscallNumber call, StepNote note, params ReadOnlySpan<Argument> arguments)
        {
            steps.Add(new SyscallStep(call, [.. arguments], note, slot));
            return new StepValue(slot++, note.Result ?? call.Name);
        }

        for (int signal = 1; signal <= LastSignal; signal++)
        {
            if (signal is not (SigKill or SigStop))
                Call(SyscallNumber.RtSigaction, new StepNote("reset the handler of signal", $"{signal}"), signal, Move(ignored), 0, 8);
        }

        // A cgroup of -1 is no descriptor: EBADF says that there is nothing to enter.
        StepValue procs = Call(
            SyscallNumber.OpenAt,
            new StepNote("enter the", "cgroup") { Tolerates = [Errno.EBADF], Result = "procs" },
            cgroup,
            Move(write),
            Argument.Constant(0x80001, "O_WRONLY|O_CLOEXEC"));
        Call(SyscallNumber.Write, new StepNote("enter the", "cgroup") { Tolerates = [Errno.EBADF] }, procs, Move(self), 1);
        Call(SyscallNumber.Unshare, new StepNote("make the namespaces that clone does not make"), unshared);
        steps.AddRange(program.Steps);
        return program.With(steps.ToImmutable(), prologue);
    }
}
