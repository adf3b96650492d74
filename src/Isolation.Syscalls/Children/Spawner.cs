using System.Collections.Concurrent;

namespace Isolation.Syscalls.Children;

/// <summary>Lends out spawner threads; makes one when all are busy, up to a bound.</summary>
internal static class Spawner
{
    /// <summary>How many starts can be under way at once; more wait for their turn.</summary>
    private const int MaxThreads = 64;

    private static readonly ConcurrentStack<SpawnerThread> s_idle = [];
    private static readonly SemaphoreSlim s_places = new(MaxThreads);

    public static SpawnerThread Rent(CancellationToken cancellationToken)
    {
        s_places.Wait(cancellationToken);
        try
        {
            return s_idle.TryPop(out SpawnerThread? thread) ? thread : new SpawnerThread();
        }
        catch
        {
            s_places.Release();
            throw;
        }
    }

    public static void Return(SpawnerThread thread)
    {
        s_idle.Push(thread);
        s_places.Release();
    }
}
