using System.Collections.Concurrent;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>A throw-away network namespace on a thread of its own, which never goes back to the pool. The namespace goes with the thread.</summary>
public sealed class NetworkNamespaceThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public NetworkNamespaceThread()
    {
        _thread = new Thread(() =>
        {
            foreach (Action action in _work.GetConsumingEnumerable())
                action();
        });
        _thread.IsBackground = true;
        _thread.Start();
        try
        {
            Run(() => Sys.Check("make", "a network namespace", SyscallNumber.Unshare, unchecked((nint)CloneFlags.NewNet)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs a function inside, and returns what it returns or throws.</summary>
    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the thread, and so the namespace.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }
}
