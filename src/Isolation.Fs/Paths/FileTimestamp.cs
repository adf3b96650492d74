namespace Isolation.Fs;

/// <summary>A time of a file, to the nanosecond (inode(7)).</summary>
/// <param name="Seconds">Seconds since 1970-01-01 UTC; negative before.</param>
/// <param name="Nanoseconds">Nanoseconds within the second, 0 to 999,999,999.</param>
public readonly record struct FileTimestamp(long Seconds, uint Nanoseconds = 0)
{
    /// <summary>The time of a <see cref="DateTimeOffset"/>.</summary>
    public static FileTimestamp FromDateTimeOffset(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        long seconds = (long)Math.Floor(ticks / (double)TimeSpan.TicksPerSecond);
        seconds -= seconds * TimeSpan.TicksPerSecond > ticks ? 1 : 0;
        return new FileTimestamp(seconds, (uint)((ticks - (seconds * TimeSpan.TicksPerSecond)) * 100));
    }

    /// <summary>As a <see cref="DateTimeOffset"/>, to 100 nanoseconds. What that cannot hold becomes the first or the last that it can.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        long first = DateTimeOffset.MinValue.ToUnixTimeSeconds(), last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return Seconds < first ? DateTimeOffset.MinValue
            : Seconds > last ? DateTimeOffset.MaxValue
            : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100);
    }
}
