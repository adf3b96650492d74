using System.Diagnostics;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Children;

/// <summary>
/// A start that goes through the runner: a child that shares our memory executes the runner's file, which goes on with the
/// program's continuation in a fresh address space. The two files that they share with us and the channel are made for
/// each start, so that nobody who got hold of one can reach another start.
/// </summary>
internal sealed unsafe partial class Runner : IDisposable
{
    private const int SigKill = 9;

    private static readonly TimeSpan s_lastWord = TimeSpan.FromMilliseconds(100);
    private static readonly Lock s_loading = new();
    private static SafeFileHandle? s_file;

    private readonly SyscallProgram _continuation;
    private readonly int _stepsBefore;
    private readonly SafeFileHandle _program;
    private readonly RunnerFrame _frame;
    private readonly Channel _channel;

    private Runner(in ChildStartInfo start)
    {
        _continuation = start.Program.Continuation!;
        _stepsBefore = start.Program.Steps.Length;
        _program = MemoryFile.CreateSealed("isolation-program", _continuation.ToRunnerFile());
        try
        {
            Fault? fault = start.Fault is { } f && f.Step >= _stepsBefore ? f with { Step = f.Step - (uint)_stepsBefore } : null;
            _frame = new RunnerFrame(_continuation, fault);
        }
        catch
        {
            _program.Dispose();
            throw;
        }

        try
        {
            _channel = new Channel();
        }
        catch
        {
            _frame.Dispose();
            _program.Dispose();
            throw;
        }
    }

    /// <summary>Starts a child whose program executes the runner, and sees its continuation through.</summary>
    public static ChildProcess Start(in ChildStartInfo start)
    {
        SafeFileHandle file = Load();
        using var runner = new Runner(start);
        ChildProcess first = ChildProcess.StartSharingMemory(start with
        {
            Inputs = [.. start.Inputs, runner._program.DangerousGetHandle(), runner._frame.Handle.DangerousGetHandle(), runner._channel.Other.DangerousGetHandle(), file.DangerousGetHandle()],
            Fault = start.Fault is { } fault && fault.Step < runner._stepsBefore ? fault : null,
        });
        return runner.SeeThrough(first, start);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _frame.Dispose();
        _program.Dispose();
    }

    private static SafeFileHandle Load()
    {
        lock (s_loading)
        {
            return s_file ??= MemoryFile.CreateSealed(
                "isolation-runner",
                RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64,
                executable: true);
        }
    }

    private ChildProcess SeeThrough(ChildProcess first, in ChildStartInfo start)
    {
        ChildProcess? program = null;
        Exception? stopped = Converse(first, start, ref program);
        ChildFrame frame = _frame.Read();
        bool failed = frame.FailedErrno != 0;
        bool executed = !failed && frame.Progress < _continuation.Steps.Length && _continuation.Steps[(int)frame.Progress].IsExec;
        if (executed && stopped is null)
        {
            if (IsInit)
            {
                first.Init = _frame.Share();
                return first;
            }

            if (program is not null)
            {
                End(first);
                End(Adopt(frame.HelperId, first));
                return program;
            }
        }

        ProcessExit exit = EndAll(first, program, lost: stopped is LinuxException);
        throw Failure(frame, failed, stopped, exit, start);
    }

    private bool IsInit => _continuation.Steps.Any(s => s.Flags.HasFlag(StepFlags.Stay));

    /// <summary>Opens the gates until the program is executed or the runner ends. Returns why it is to be stopped, if it is.</summary>
    private Exception? Converse(ChildProcess first, in ChildStartInfo start, ref ChildProcess? program)
    {
        int opened = 0, own = (int)_channel.Own.DangerousGetHandle(), process = (int)first.PidFd.DangerousGetHandle();
        while (true)
        {
            if (start.CancellationToken.IsCancellationRequested)
                return new OperationCanceledException(start.CancellationToken);
            TimeSpan left = start.Timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : start.Timeout - Stopwatch.GetElapsedTime(first.StartedAt);
            if (left <= TimeSpan.Zero)
                return new TimeoutException();

            // As the engine does: a cancellation is looked for now and then.
            TimeSpan nap = start.CancellationToken.CanBeCanceled ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromHours(1);
            (bool asked, bool ended) = Poll.Either(own, process, nap < left ? nap : left);
            if (asked && !_channel.Receive())
            {
                // Whoever had it has ended, or executed the program, and the first is about to end.
                own = -1;
            }
            else if (asked)
            {
                // The init says, by a byte more than there are gates, that its child has executed the program.
                if (opened == _continuation.Gates.Length)
                    return null;
                if (_continuation.Gates[opened] == RunnerSteps.TakeOverGate && (program = Adopt(_frame.Read().ProcessId, first)) is null)
                    return new LinuxException("find", "the program's process", Errno.ESRCH);
                _channel.Send((byte)++opened);
            }
            else if (ended)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Opens a child of ours that the frame names. Whoever could trace the program's process could have written another
    /// number there, so it must be a child of this process, and not the first.
    /// </summary>
    private static ChildProcess? Adopt(int processId, ChildProcess first)
    {
        if (processId <= 0 || processId == first.ProcessId)
            return null;
        PidFd pidFd;
        try
        {
            pidFd = PidFd.Open(processId);
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            return null;
        }

        if (pidFd.IsChild)
            return new ChildProcess(pidFd, processId, first.StartedAt);
        pidFd.Dispose();
        return null;
    }

    /// <summary>In the order in which they make each other: when one has gone, no further one comes from it.</summary>
    private ProcessExit EndAll(ChildProcess first, ChildProcess? program, bool lost)
    {
        // Somebody has written a wrong number. Without an answer to wait for, the program's process ends, and then the runner
        // writes the right one.
        if (lost)
        {
            _channel.Dispose();
            first.PidFd.WaitUntilEnded(s_lastWord);
        }

        ProcessExit exit = End(first)!;
        if (End(Adopt(_frame.Read().HelperId, first)) is { } helper)
            exit = helper;
        if (!IsInit && End(program ?? Adopt(_frame.Read().ProcessId, first)) is { } own)
            exit = own;
        return exit;
    }

    private static ProcessExit? End(ChildProcess? child)
    {
        if (child is null)
            return null;
        child.PidFd.Signal(SigKill);
        ProcessExit exit = child.WaitForExit();
        child.Dispose();
        return exit;
    }

    private LinuxException Failure(in ChildFrame frame, bool failed, Exception? stopped, ProcessExit exit, in ChildStartInfo start)
    {
        if (stopped is not (null or TimeoutException))
            throw stopped;
        int index = (int)Math.Min(failed ? frame.FailedStep : frame.Progress, (uint)_continuation.Steps.Length - 1);
        SyscallStep step = _continuation.Steps[index];
        if (stopped is null && failed)
            return StartFailure.OfStep(_continuation, index, _stepsBefore + index, (Errno)frame.FailedErrno, _frame.ReadValues(_continuation.ValueCount));
        return stopped is null
            ? new LinuxException(step.Note.Operation, step.Note.Target, Errno.ECHILD, step.Call.Name, exit.Signal != 0 ? $"The child was ended by signal {exit.Signal} at this step" : "The child ended at this step", _stepsBefore + index)
            : new LinuxException(step.Note.Operation, step.Note.Target, Errno.ETIMEDOUT, step.Call.Name, $"The set-up took longer than {start.Timeout}; the child was killed at this step", _stepsBefore + index);
    }
}
