namespace Isolation.Benchmarks.Serve;

/// <summary>Threads that allocate between <see cref="Begin"/> and <see cref="End"/>, so that the collector runs all the time.</summary>
internal sealed class AllocationLoad : IDisposable
{
    private readonly ManualResetEventSlim _on = new();
    private readonly List<Thread> _threads = [];
    private volatile bool _over;

    public AllocationLoad(int threads)
    {
        for (int i = 0; i < threads; i++)
        {
            var thread = new Thread(Allocate) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }
    }

    /// <summary>Returns once the collector has been at work.</summary>
    public void Begin()
    {
        if (_threads.Count == 0)
            return;

        int collections = GC.CollectionCount(0);
        _on.Set();
        while (GC.CollectionCount(0) == collections)
            Thread.Yield();
    }

    public void End() => _on.Reset();

    public void Dispose()
    {
        _over = true;
        _on.Set();
        _threads.ForEach(thread => thread.Join());
        _on.Dispose();
    }

    private void Allocate()
    {
        var survivors = new object[1024];
        for (int i = 0; !_over; i++)
        {
            _on.Wait();
            survivors[i % survivors.Length] = new byte[1000];
        }
    }
}
