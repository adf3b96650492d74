using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Visits;

/// <summary>Lends out visitor threads. A new thread of .NET costs several times what the whole visit does.</summary>
internal static class VisitorThreads
{
    /// <summary>How many wait for work. More can be at work: each function has a thread to itself.</summary>
    private const int MaxIdle = 16;

    private static readonly Lock s_lock = new();

    // The last one returned is the first one lent: its stack is in the caches, and the others grow old enough to end.
    private static readonly List<VisitorThread> s_idle = [];

    /// <summary>Has a visitor thread do the visit.</summary>
    public static void Begin(Visit visit)
    {
        // Opened before anybody is away; a mount namespace is not returned from.
        foreach (ThreadNamespace ns in visit.Namespaces)
        {
            if (ns.Kind != NamespaceKinds.Mount)
                Home.Get(ns.Kind);
        }

        RuntimeThreads.EnsurePoolHasOne();
        (TakeIdle() ?? Make()).Begin(visit);
    }

    /// <summary>Takes back a thread that is home. False: there are enough, it ends.</summary>
    public static bool Return(VisitorThread thread)
    {
        lock (s_lock)
        {
            if (s_idle.Count == MaxIdle)
                return false;
            s_idle.Add(thread);
            return true;
        }
    }

    /// <summary>Whether a thread may end: it was not lent just now.</summary>
    public static bool Forget(VisitorThread thread)
    {
        lock (s_lock)
        {
            return s_idle.Remove(thread);
        }
    }

    private static VisitorThread? TakeIdle()
    {
        lock (s_lock)
        {
            if (s_idle.Count == 0)
                return null;
            VisitorThread thread = s_idle[^1];
            s_idle.RemoveAt(s_idle.Count - 1);
            return thread;
        }
    }

    private static VisitorThread Make()
    {
        RuntimeThreads.EnsureMade();
        return HomeThread.Run(static () => new VisitorThread());
    }
}
