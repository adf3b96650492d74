using System.Collections.Concurrent;

namespace Isolation.Syscalls.Children;

/// <summary>Lends out spawner threads; makes one when all are busy, up to a bound.</summary>
internal static class Spawner
{
    /// <summary>How many starts can be under way at once; more wait for their turn.</summary>
    private const int MaxThreads = 64;

    private static readonly ConcurrentStack<SpawnerThread> s_idle = [];
    private static readonly SemaphoreSlim s_places = new(MaxThreads);

    /// <param name="queue">Whether to wait for a place. A start that another start waits for must not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static SpawnerThread Rent(bool queue, CancellationToken cancellationToken)
    {
        if (queue)
            s_places.Wait(cancellationToken);
        try
        {
            ChildStub.EnsureLoaded();
            SpawnerThread thread = s_idle.TryPop(out SpawnerThread? idle) ? idle : HomeThread.Run(static () => new SpawnerThread());
            thread.Hold(queue);
            return thread;
        }
        catch
        {
            if (queue)
                s_places.Release();
            throw;
        }
    }

    /// <summary>Takes back a thread that nobody holds any more; <see cref="SpawnerThread.Release"/> calls it.</summary>
    public static void Return(SpawnerThread thread, bool queued)
    {
        s_idle.Push(thread);
        if (queued)
            s_places.Release();
    }
}
