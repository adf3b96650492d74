using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>How far the clocks of a time namespace are ahead of the initial ones (time_namespaces(7)).</summary>
/// <param name="Monotonic">Added to CLOCK_MONOTONIC; may be negative, as long as the clock stays positive.</param>
/// <param name="BootTime">Added to CLOCK_BOOTTIME, so to what uptime(1) shows.</param>
public sealed record TimeOffsets(TimeSpan Monotonic, TimeSpan BootTime)
{
    /// <summary>No difference.</summary>
    public static TimeOffsets Zero { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Reads the clocks of the namespace that a process's children are born in, and usually the process itself: /proc/PID/timens_offsets.</summary>
    /// <exception cref="Isolation.Syscalls.LinuxException">ESRCH: no such process; EACCES: it may not be looked into.</exception>
    public static TimeOffsets OfProcess(int processId) => Parse(ProcessFile.Read(processId, "timens_offsets"));

    /// <summary>Reads the text of /proc/PID/timens_offsets. What is finer than 100 ns is rounded down.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeOffsets Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TimeSpan? monotonic = null, bootTime = null;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields is not [var clock, var seconds, var nanoseconds] || TryOffset(seconds, nanoseconds) is not { } offset)
                throw new FormatException($"This is no offset of a clock: '{line}'.");

            // Clocks that a later kernel adds are none of ours.
            if (clock == "monotonic")
                monotonic = offset;
            else if (clock == "boottime")
                bootTime = offset;
        }

        return monotonic is { } m && bootTime is { } b ? new TimeOffsets(m, b) : throw new FormatException("The offset of a clock is missing: monotonic and boottime.");
    }

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

    private static TimeSpan? TryOffset(string seconds, string nanoseconds)
    {
        const uint PerSecond = 1_000_000_000;
        if (!long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            || !uint.TryParse(nanoseconds, NumberStyles.None, CultureInfo.InvariantCulture, out uint rest)
            || rest >= PerSecond)
        {
            return null;
        }

        Int128 ticks = ((Int128)whole * TimeSpan.TicksPerSecond) + (rest / TimeSpan.NanosecondsPerTick);
        return ticks >= long.MinValue && ticks <= long.MaxValue ? TimeSpan.FromTicks((long)ticks) : null;
    }
}
