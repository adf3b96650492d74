namespace Isolation.Namespaces.Visits;

/// <summary>
/// Sends threads of the thread pool home. When the pool has no thread, the one that queues work makes it (clone(2): it inherits
/// the namespaces), so work queued from inside a namespace can make a pool thread that would stay there and run everybody's
/// work. <see cref="RuntimeThreads.EnsurePoolHasOne"/> prevents it, but a visit can outlast what it did.
/// </summary>
/// <remarks>
/// The runtime tells nobody of new threads, but it does tell when a flowing ExecutionContext brings a value to a thread. So
/// the functions that run inside carry one, and the first work of theirs on each pool thread takes that thread home. A thread
/// that has only run other work yet is not found.
/// </remarks>
internal static class PoolGuard
{
    private static readonly AsyncLocal<object?> s_mark = new(OnChanged);
    private static readonly object s_inside = new();

    [ThreadStatic]
    private static bool s_isHome;

    public static void Mark() => s_mark.Value = s_inside;

    // Whatever is thrown here ends the process. A thread that is not allowed to go home was not allowed to leave either.
    private static void OnChanged(AsyncLocalValueChangedArgs<object?> change)
    {
        if (s_isHome || change.CurrentValue is null || !Thread.CurrentThread.IsThreadPoolThread)
            return;
        Home.TryReturn();
        s_isHome = true;
    }
}
