namespace Isolation.TestKit;

/// <summary>Around a test: at its end, nothing may be left.</summary>
/// <remarks>What .NET and the engine make once a process (event loop, spawner threads, pool) is made by a warm-up before it.</remarks>
public sealed class ResidueCheck : IDisposable
{
    // Namespaces, sockets and processes are freed a little after their last user has gone.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly ResidueSnapshot _before = ResidueSnapshot.Take();

    public void Dispose()
    {
        IReadOnlyList<string> difference = [];
        for (DateTime end = DateTime.UtcNow + s_patience; DateTime.UtcNow < end; Thread.Sleep(20))
        {
            difference = _before.Difference(ResidueSnapshot.Take());
            if (difference.Count == 0)
                return;

            // Streams that nobody disposed of are a leak only if the collector does not find them either.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Fail("Something was left behind:\n" + string.Join('\n', difference));
    }
}
