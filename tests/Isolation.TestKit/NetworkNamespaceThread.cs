using System.Collections.Concurrent;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>
/// A throw-away network namespace, with lo up, on a thread of its own, which never goes back to the pool. The namespace
/// goes with the thread.
/// </summary>
public sealed unsafe class NetworkNamespaceThread : IDisposable
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
            Run(SetLoopbackUp);
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

    /// <summary>Runs an action inside, and throws what it throws.</summary>
    public void Run(Action action) => Run<object?>(() =>
    {
        action();
        return null;
    });

    /// <summary>Ends the thread, and so the namespace.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    // netdevice(7), and not the library's own netlink: this is what that is tested in.
    private static void SetLoopbackUp()
    {
        const int SetFlags = 0x8914, NameLength = 16, Up = 1, Inet = 2, Datagram = 2, CloseOnExec = 0x80000;
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, NameLength));
        *(short*)(request + NameLength) = Up;
        int socket = (int)Sys.Check("open", "a socket", SyscallNumber.Socket, Inet, Datagram | CloseOnExec, 0);
        try
        {
            Sys.Check("set up", "lo", SyscallNumber.Ioctl, socket, SetFlags, (nint)request);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, socket);
        }
    }
}
