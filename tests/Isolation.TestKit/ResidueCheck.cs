namespace Isolation.TestKit;

/// <summary>Around a test: at its end, nothing may be left.</summary>
/// <remarks>What .NET and the engine make once a process (event loop, spawner threads, pool) is made by a warm-up before it.</remarks>
public sealed class ResidueCheck : IDisposable
{
    // Namespaces, sockets and processes are freed a little after their last user has gone.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly ResidueSnapshot _before = Settled();

    public void Dispose()
    {
        IReadOnlyList<string> difference = [];
        for (DateTime end = DateTime.UtcNow + s_patience; DateTime.UtcNow < end; Thread.Sleep(20))
        {
            difference = _before.Difference(ResidueSnapshot.Take());
            if (difference.Count == 0)
                return;

            Collect();
        }

        Assert.Fail("Something was left behind:\n" + string.Join('\n', difference));
    }

    // What earlier tests dropped and the collector has not found yet is none of this test's.
    private static ResidueSnapshot Settled()
    {
        Collect();
        return ResidueSnapshot.Take();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
