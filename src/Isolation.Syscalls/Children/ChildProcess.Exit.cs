using System.Diagnostics;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

internal sealed unsafe partial class ChildProcess : IDisposable
{
    private readonly Lock _reaping = new();
    private TaskCompletionSource<ProcessExit>? _waiters;
    private ProcessExit? _exit;
    private bool _disposed;

    /// <summary>Where the child tells, if it is an init, how its main program ended.</summary>
    internal RunnerFrame? Init { get; set; }

    /// <summary>How long the child ran; meaningful once it has ended.</summary>
    public TimeSpan RunTime { get; private set; }

    /// <summary>How the child ended, if it has.</summary>
    public ProcessExit? TryGetExit()
    {
        lock (_reaping)
        {
            if (_exit is null && !_disposed && PidFd.TryReap() is { } exit)
            {
                _exit = Init?.OfMainProgram(exit) ?? exit;
                RunTime = Stopwatch.GetElapsedTime(StartedAt);
            }

            return _exit;
        }
    }

    /// <summary>Waits until the child has ended, and reaps it.</summary>
    public ProcessExit WaitForExit()
    {
        ProcessExit? exit;
        while ((exit = TryGetExit()) is null)
            PidFd.WaitUntilEnded(Timeout.InfiniteTimeSpan);
        return exit;
    }

    /// <summary>Waits until the child has ended. Cancelling stops the waiting, not the child.</summary>
    public Task<ProcessExit> WaitForExitAsync(CancellationToken cancellationToken)
    {
        if (TryGetExit() is { } exit)
            return Task.FromResult(exit);
        lock (_reaping)
        {
            if (_waiters is null)
            {
                var waiters = new TaskCompletionSource<ProcessExit>(TaskCreationOptions.RunContinuationsAsynchronously);
                EventLoop.WhenReadable(PidFd, () => Complete(waiters));
                _waiters = waiters;
            }
        }

        return _waiters.Task.WaitAsync(cancellationToken);
    }

    private void Complete(TaskCompletionSource<ProcessExit> waiters)
    {
        try
        {
            waiters.TrySetResult(WaitForExit());
        }
        catch (Exception e) when (e is LinuxException or ObjectDisposedException)
        {
            waiters.TrySetException(e);
        }
    }

    /// <summary>Gives up the child: it is reaped, and its pidfd closed, whenever it ends.</summary>
    public void ReapWhenEnded()
        => WaitForExitAsync(CancellationToken.None).ContinueWith(_ => Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Closes the pidfd. A child that has not been reaped becomes a zombie until the process ends.</summary>
    public void Dispose()
    {
        lock (_reaping)
            _disposed = true;
        PidFd.Dispose();
        Init?.Handle.Dispose();
    }
}
