using System.Diagnostics.CodeAnalysis;
using Isolation.Syscalls;

namespace Isolation.Namespaces.Visits;

/// <summary>
/// A thread that enters namespaces for one visit after the other, each by itself, and returns home between. It belongs to
/// the library alone, not to the thread pool, and ends when a visit left it otherwise than it was made.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The thread disposes of it at its end.")]
internal sealed class VisitorThread
{
    // As long as the thread pool keeps a thread without work.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private const string Name = "isolation-visit";

    private readonly AutoResetEvent _begin = new(initialState: false);
    private readonly Thread _thread;
    private Visit? _visit;

    /// <summary>To be made on the home thread.</summary>
    public VisitorThread()
    {
        _thread = new Thread(Live) { IsBackground = true, Name = Name };
        _thread.UnsafeStart();
    }

    /// <summary>Lets the thread do the visit. Then the thread cares for itself.</summary>
    public void Begin(Visit visit)
    {
        _visit = visit;
        _begin.Set();
    }

    private void Live()
    {
        using var state = new ThreadState();
        while (Next() is { } visit)
        {
            Do(visit);
            Tidy();

            // All before the caller is told: who waits on the same processor gets it at once when this thread goes to sleep,
            // and finds it idle for the next visit.
            bool isHome = Home.TryReturn(visit.Namespaces, out NamespaceKinds restored);
            bool isKept = isHome && state.IsAsMade(restored) && VisitorThreads.Return(this);
            visit.Finish(isHome);
            if (!isKept)
                break;
        }

        _begin.Dispose();
    }

    private Visit? Next()
    {
        if (!_begin.WaitOne(s_patience))
        {
            if (VisitorThreads.Forget(this))
                return null;
            _begin.WaitOne();
        }

        return Interlocked.Exchange(ref _visit, null);
    }

    private static void Do(Visit visit)
    {
        try
        {
            foreach (ThreadNamespace ns in visit.Namespaces)
                ns.Enter();
        }
        catch (Exception e) when (e is LinuxException or ObjectDisposedException)
        {
            visit.Fail(e);
            return;
        }

        visit.Stay();
    }

    private void Tidy()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _thread.IsBackground = true;
        _thread.Priority = ThreadPriority.Normal;
        if (_thread.Name != Name)
            _thread.Name = Name;
    }
}
