using System.Diagnostics;

namespace Isolation.TestKit;

/// <summary>What the kernel does by and by.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks until it is so, or for ten seconds.</summary>
    public static void Equal<T>(T expected, Func<T> actual)
    {
        long start = Stopwatch.GetTimestamp();
        while (!EqualityComparer<T>.Default.Equals(expected, actual()) && Stopwatch.GetElapsedTime(start) < s_patience)
            Thread.Sleep(10);
        Assert.Equal(expected, actual());
    }
}
