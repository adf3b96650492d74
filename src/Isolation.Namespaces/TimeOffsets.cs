using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>How far the clocks of a time namespace are ahead of the initial ones (time_namespaces(7)).</summary>
/// <param name="Monotonic">Added to CLOCK_MONOTONIC; may be negative, as long as the clock stays positive.</param>
/// <param name="BootTime">Added to CLOCK_BOOTTIME, so to what uptime(1) shows.</param>
public sealed record TimeOffsets(TimeSpan Monotonic, TimeSpan BootTime)
{
    /// <summary>No difference.</summary>
    public static TimeOffsets Zero { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>What is written to /proc/PID/timens_offsets.</summary>
    internal string ToKernelText() => Line("monotonic", Monotonic) + Line("boottime", BootTime);

    // The nanoseconds are never negative, so a negative offset rounds its seconds down.
    private static string Line(string clock, TimeSpan offset)
    {
        long seconds = Math.DivRem(offset.Ticks, TimeSpan.TicksPerSecond, out long ticks);
        if (ticks < 0)
        {
            seconds--;
            ticks += TimeSpan.TicksPerSecond;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{clock} {seconds} {ticks * TimeSpan.NanosecondsPerTick}\n");
    }
}
