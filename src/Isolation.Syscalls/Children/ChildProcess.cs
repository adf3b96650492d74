using System.Diagnostics;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>A child that a syscall program set up. Starting, and naming what failed; <c>ChildProcess.Exit.cs</c> waits for its end.</summary>
internal sealed unsafe partial class ChildProcess
{
    private const int SigKill = 9;

    private static bool s_clone3Refused;

    internal ChildProcess(PidFd pidFd, int processId, long startedAt)
    {
        PidFd = pidFd;
        ProcessId = processId;
        StartedAt = startedAt;
    }

    public PidFd PidFd { get; }

    public int ProcessId { get; }

    /// <summary>When the child was cloned, for <see cref="Stopwatch.GetElapsedTime(long)"/>.</summary>
    public long StartedAt { get; }

    /// <summary>Clones a child and runs the program in it. Returns when it has executed its program, or run off its end.</summary>
    /// <exception cref="LinuxException">A step failed, or clone did; the child is gone.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the child is gone.</exception>
    public static ChildProcess Start(in ChildStartInfo start) => start.Program.Continuation is null ? StartSharingMemory(start) : Runner.Start(start);

    /// <summary>Starts a child without seeing to what it does in the runner, if it executes that.</summary>
    internal static ChildProcess StartSharingMemory(in ChildStartInfo start)
    {
        start.CancellationToken.ThrowIfCancellationRequested();
        if (start.Inputs.Length != start.Program.Inputs.Length - SyscallProgramBuilder.EngineInputs)
            throw new ArgumentException($"The program has other inputs: {string.Join(", ", start.Program.Inputs.Skip(SyscallProgramBuilder.EngineInputs))}.", nameof(start));
        if (!start.IgnoresSharedMemoryRules)
            start.Program.EnsureMayShareMemory(start.CloneFlags);
        long epoch = DumpableGuard.Epoch;
        try
        {
            return StartGuarded(start);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES && DumpableGuard.Epoch != epoch && Environment.IsPrivilegedProcess is false)
        {
            using (DumpableGuard.Quiet())
                return StartGuarded(start);
        }
    }

    private static ChildProcess StartGuarded(in ChildStartInfo start)
    {
        // A new user namespace changes credentials too: all of the same user have every capability over it.
        if (start.IgnoresSharedMemoryRules)
            return StartOnSpawner(start);
        if (!start.Program.ChangesCredentials && !start.CloneFlags.HasFlag(CloneFlags.NewUser))
            return StartOnSpawner(start);

        // In a new pid namespace nobody else can see the child, so nobody can trace it. Elsewhere clear the flag first,
        // which an unprivileged manager need not: who could trace the child could trace the manager itself.
        bool visible = !start.CloneFlags.HasFlag(CloneFlags.NewPid) && Environment.IsPrivilegedProcess;
        using (DumpableGuard.Enter(clear: visible))
            return StartOnSpawner(start);
    }

    private static ChildProcess StartOnSpawner(in ChildStartInfo start)
    {
        SpawnerThread spawner = Spawner.Rent(queue: !start.IsHelper, start.CancellationToken);
        try
        {
            if (!Volatile.Read(ref s_clone3Refused))
            {
                spawner.Memory.Prepare(start.Program, start);
                spawner.Memory.UseClone3(start.Cgroup);
                Outcome outcome = Run(spawner, start);
                if (outcome.CloneFailed && IsClone3Refused(outcome.CloneErrno))
                    Volatile.Write(ref s_clone3Refused, true);
                else if (start.Cgroup < 0 || !WasKilledAtBirth(start.Program, spawner.Memory.Frame, outcome))
                    return Finish(spawner, start, start.Program, outcome);
                spawner.WaitUntilBack();
            }

            SyscallProgram program = start.Program.ForClone;
            spawner.Memory.Prepare(program, start);
            spawner.Memory.Values[start.Program.ValueCount] = start.Cgroup;
            spawner.Memory.Values[start.Program.ValueCount + 1] = (long)(start.CloneFlags & ClonePrologue.Unshared);
            spawner.Memory.UseClone();
            return Finish(spawner, start, program, Run(spawner, start));
        }
        finally
        {
            spawner.Release();
        }
    }

    /// <summary>Waits for the spawner, opens the gates, and kills a child that takes too long. The calling thread is the watchdog.</summary>
    private static Outcome Run(SpawnerThread spawner, in ChildStartInfo start)
    {
        ChildFrame* frame = spawner.Memory.Frame;
        spawner.Memory.Values[SyscallProgramBuilder.ManagerWord.Slot] = (nint)spawner.OwnerWord;
        spawner.Memory.Values[SyscallProgramBuilder.ManagerId.Slot] = spawner.OwnerId;
        nint wakeable = (nint)(&frame->Attention);
        using CancellationTokenRegistration registration = start.CancellationToken.UnsafeRegister(static word => Futex.WakeAsKernel((uint*)(nint)word!), wakeable);
        long begun = Stopwatch.GetTimestamp();
        Exception? stopped = null;
        uint opened = 0;
        spawner.Begin();
        while (true)
        {
            uint attention = Volatile.Read(ref frame->Attention);
            if ((attention & ChildFrame.Over) != 0)
                return new Outcome(spawner.Result, begun, stopped);

            // The kernel tells us at the same time as the spawner: not to wait for the spawner spares a change of threads.
            if (attention == 0)
                return new Outcome(frame->ProcessId, begun, stopped);
            if (attention - ChildFrame.AtWork > opened && stopped is null)
            {
                try
                {
                    start.AtGate?.Invoke(
                        start.Program.Gates[(int)opened],
                        new WaitingChild(ChildId(frame), frame->PidFd, new ReadOnlySpan<long>(spawner.Memory.Values, start.Program.ValueCount)));
                    Volatile.Write(ref frame->Gate, ++opened);
                    Futex.Wake(&frame->Gate);
                }
                catch (Exception e)
                {
                    stopped = e;
                }

                continue;
            }

            TimeSpan left = start.Timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : start.Timeout - Stopwatch.GetElapsedTime(begun);
            if (start.CancellationToken.IsCancellationRequested)
                stopped ??= new OperationCanceledException(start.CancellationToken);
            else if (left <= TimeSpan.Zero)
                stopped ??= new TimeoutException();

            // The descriptor is there before the child runs, so a child that is stopped or frozen can still be killed;
            // again and again, since the clone itself may be still to come.
            // The number counts once clone has succeeded, which the process id tells (clone(2) has no place for one).
            bool cloned = frame->CloneCall == SyscallNumber.Clone.Number || Volatile.Read(ref frame->ProcessId) != 0;
            if (stopped is not null && cloned && Volatile.Read(ref frame->PidFd) is >= 0 and int pidFd)
                Sys.Call(SyscallNumber.PidfdSendSignal, pidFd, SigKill, 0, 0);

            // A cancellation between the check and the wait would be slept through; so with a token wake now and then.
            TimeSpan nap = TimeSpan.FromMilliseconds(50);
            bool bounded = stopped is not null || start.CancellationToken.CanBeCanceled || left == TimeSpan.MaxValue;
            Futex.WaitForKernel(&frame->Attention, attention, bounded && left > nap || left <= TimeSpan.Zero ? nap : left);
        }
    }

    private static int ChildId(ChildFrame* frame)
    {
        if (frame->ProcessId != 0)
            return frame->ProcessId;
        using var borrowed = new PidFd((int)Sys.Check("copy", "the child's pidfd", SyscallNumber.Fcntl, frame->PidFd, 1030 /* F_DUPFD_CLOEXEC */, 0));
        return borrowed.ProcessId ?? throw new LinuxException("find", "the child", Errno.ESRCH);
    }

    private static ChildProcess Finish(SpawnerThread spawner, in ChildStartInfo start, SyscallProgram program, Outcome outcome)
    {
        if (outcome.CloneFailed)
            throw StartFailure.OfClone(start, outcome.CloneErrno);
        ChildFrame* frame = spawner.Memory.Frame;
        var child = new ChildProcess(new PidFd(frame->PidFd), (int)outcome.CloneResult, outcome.StartedAt);
        bool failed = frame->FailedErrno != 0;
        bool cut = !failed && frame->Progress < program.Steps.Length && !program.Steps[(int)frame->Progress].IsExec;
        if (!failed && !cut && outcome.Stopped is null)
            return child;

        if (outcome.Stopped is not null)
            child.PidFd.Signal(SigKill);
        ProcessExit exit = child.WaitForExit();
        child.PidFd.Dispose();
        int index = (int)Math.Min(failed ? frame->FailedStep : frame->Progress, (uint)program.Steps.Length - 1);
        SyscallStep step = program.Steps[index];

        // As the caller counts: what the engine put before the program is no step of it.
        int? counted = index - (program.Steps.Length - start.Program.Steps.Length) is >= 0 and int own ? own : null;
        throw outcome.Stopped switch
        {
            TimeoutException => new LinuxException(step.Note.Operation, step.Note.Target, Errno.ETIMEDOUT, step.Call.Name, $"The set-up took longer than {start.Timeout}; the child was killed at this step", counted),

            // A child that fails while the manager works for it makes that fail too.
            null or LinuxException when failed => StartFailure.OfStep(program, index, counted, (Errno)frame->FailedErrno, new ReadOnlySpan<long>(spawner.Memory.Values, program.ValueCount)),
            { } other => other,
            null => new LinuxException(step.Note.Operation, step.Note.Target, Errno.ECHILD, step.Call.Name, $"The child was ended by signal {exit.Signal} at this step", counted),
        };
    }

    // Linux 6.12 to 6.18 at least: once cgroup.kill was written in a cgroup, every child that clone3 bears into it is killed
    // before it runs, since the kernel compares with the count of kills of the parent's cgroup. So let such a child move
    // there itself, as after clone.
    private static bool WasKilledAtBirth(SyscallProgram program, ChildFrame* frame, Outcome outcome)
    {
        if (outcome.CloneFailed || outcome.Stopped is not null || frame->FailedErrno != 0 || frame->Progress != 0 || program.Steps[0].IsExec)
            return false;
        using var pidFd = new PidFd(frame->PidFd);
        pidFd.WaitUntilEnded(Timeout.InfiniteTimeSpan);
        pidFd.TryReap();
        return true;
    }

    // clone3(2) is refused by some seccomp profiles, with ENOSYS or EPERM. Asked with no arguments, a kernel that has it
    // says EINVAL.
    private static bool IsClone3Refused(Errno errno)
        => errno is Errno.ENOSYS or Errno.EPERM && Sys.Call(SyscallNumber.Clone3, 0, 0) is -(long)Errno.ENOSYS or -(long)Errno.EPERM;

    private readonly record struct Outcome(nint CloneResult, long StartedAt, Exception? Stopped)
    {
        public bool CloneFailed => CloneResult < 0;

        public Errno CloneErrno => (Errno)(-CloneResult);
    }
}
