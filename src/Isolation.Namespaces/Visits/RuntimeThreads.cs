using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Visits;

/// <summary>
/// Makes the threads at home that the runtime makes once and keeps: for timers, asynchronous sockets, signals, and the growth
/// of the thread pool. Made by the first who needs them, they would inherit that thread's namespaces and keep them alive, and
/// so would each thread of the pool that they make.
/// </summary>
internal static class RuntimeThreads
{
    // Touched by the home thread only.
    private static bool s_made;

    /// <summary>To be called before a thread of the process leaves home.</summary>
    public static void EnsureMade() => HomeThread.Run(static () => s_made = s_made || Make());

    /// <summary>
    /// Sees to it that the pool has a thread: a pool with one grows from that one's side, an empty one from the side of whoever
    /// queues work. Idle threads end after 20 seconds.
    /// </summary>
    public static void EnsurePoolHasOne()
    {
        if (ThreadPool.ThreadCount == 0)
            HomeThread.Run(static () => ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null));
    }

    private static bool Make()
    {
        // The pool's first work makes a worker, and the gate thread that makes more of them.
        using var worked = new ManualResetEvent(initialState: false);
        ThreadPool.UnsafeQueueUserWorkItem(static worked => worked.Set(), worked, preferLocal: false);
        worked.WaitOne();

        // A timer that is due.
        using (var timer = new Timer(static _ => { }, null, dueTime: 1, Timeout.Infinite))
        {
        }

        // SIGCONT: a handler for it changes nothing.
        PosixSignalRegistration.Create(PosixSignal.SIGCONT, static _ => { }).Dispose();

        // A receive that has to wait. Unix sockets need no network.
        using var cancellation = new CancellationTokenSource();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        ValueTask<int> receive = socket.ReceiveAsync(new byte[1], SocketFlags.None, cancellation.Token);
        cancellation.Cancel();
        try
        {
            receive.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
        }

        return true;
    }
}
