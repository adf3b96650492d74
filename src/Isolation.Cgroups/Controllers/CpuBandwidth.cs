using System.Globalization;

namespace Isolation.Cgroups;

/// <summary>How much processor time may be used in each period (<c>cpu.max</c>).</summary>
/// <param name="Quota">The time, of all processors together; null for no limit. At least 1 ms.</param>
/// <param name="Period">The period: 1 ms to 1 s.</param>
public readonly record struct CpuBandwidth(TimeSpan? Quota, TimeSpan Period)
{
    private const long MostMicroseconds = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    /// <summary>The kernel's own period: 100 ms.</summary>
    public static TimeSpan DefaultPeriod { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>No limit.</summary>
    public static CpuBandwidth Max { get; } = new(null, DefaultPeriod);

    /// <summary>How many processors that is: 0.5 for half of one; null for no limit.</summary>
    public double? Processors => Quota / Period;

    /// <summary>So many processors in each period of 100 ms, such as 0.5 for half of one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0.01, or no number.</exception>
    public static CpuBandwidth OfProcessors(double processors)
    {
        if (double.IsNaN(processors) || processors < 0.01 || processors > 100_000)
            throw new ArgumentOutOfRangeException(nameof(processors), processors, "A share of the processors is at least 0.01.");
        return new CpuBandwidth(TimeSpan.FromTicks((long)(DefaultPeriod.Ticks * processors)), DefaultPeriod);
    }

    /// <summary>Reads what the kernel shows: <c>max 100000</c> or <c>50000 100000</c>, in microseconds.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static CpuBandwidth Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(' ');
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long period)
            || !CgroupLimit.TryParse(parts[0], out CgroupLimit quota) || period > MostMicroseconds || quota.Value > MostMicroseconds)
            throw new FormatException($"This is no bandwidth such as '50000 100000': '{text}'.");
        return new CpuBandwidth(quota.Value is { } value ? TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond) : null, TimeSpan.FromTicks(period * TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>As the kernel shows it.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{(Quota is { } quota ? quota.Ticks / TimeSpan.TicksPerMicrosecond : (object)"max")} {Period.Ticks / TimeSpan.TicksPerMicrosecond}");

    internal CpuBandwidth Checked()
    {
        if (Period < TimeSpan.FromMilliseconds(1) || Period > TimeSpan.FromSeconds(1))
            throw new ArgumentOutOfRangeException(nameof(Period), Period, "The period is between 1 ms and 1 s.");
        if (Quota is { } quota && quota < TimeSpan.FromMilliseconds(1))
            throw new ArgumentOutOfRangeException(nameof(Quota), quota, "The quota is at least 1 ms.");
        return this;
    }
}
