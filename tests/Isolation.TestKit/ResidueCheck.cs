using System.Diagnostics;
using System.Globalization;

namespace Isolation.TestKit;

/// <summary>Around a test: at its end, nothing may be left.</summary>
/// <remarks>What .NET and the engine make once a process (event loop, spawner threads, pool) is made by a warm-up before it.</remarks>
public sealed class ResidueCheck : IDisposable
{
    // Namespaces, sockets and processes are freed a little after their last user has gone. A machine that stands still
    // for some seconds, as busy ones do, takes no look from us: there are always so many.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private const int Looks = 50;

    private readonly ResidueSnapshot _before = Settled();

    public void Dispose()
    {
        IReadOnlyList<string> difference = [];
        long begun = Stopwatch.GetTimestamp();
        int looks = 0;
        for (; looks < Looks || Stopwatch.GetElapsedTime(begun) < s_patience; Thread.Sleep(20))
        {
            looks++;
            difference = _before.Difference(ResidueSnapshot.Take());
            if (difference.Count == 0)
                return;

            Collect();
        }

        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"Something was left behind, seen {looks} times in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s:\n{string.Join('\n', difference)}"));
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
