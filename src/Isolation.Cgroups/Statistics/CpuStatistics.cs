using System.Runtime.CompilerServices;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Processor time since the cgroup was made, of it and those below it (<c>cpu.stat</c>). What a kernel does not count is 0.</summary>
public readonly struct CpuStatistics
{
    private static readonly KeyTable s_keys = new("usage_usec", "user_usec", "system_usec", "nice_usec", "core_sched.force_idle_usec", "nr_periods", "nr_throttled", "throttled_usec", "nr_bursts", "burst_usec");

    private readonly Values _values;

    internal CpuStatistics(ReadOnlySpan<byte> text)
    {
        _values = default;
        FlatKeyed.Read(text, s_keys, _values);
    }

    /// <summary>All of it (usage_usec).</summary>
    public TimeSpan Usage => Microseconds(0);

    /// <summary>In programs (user_usec).</summary>
    public TimeSpan User => Microseconds(1);

    /// <summary>In the kernel (system_usec).</summary>
    public TimeSpan System => Microseconds(2);

    /// <summary>Of programs with a positive nice value (nice_usec, Linux 6.13).</summary>
    public TimeSpan Nice => Microseconds(3);

    /// <summary>That a sibling of the core was kept idle for it (core_sched.force_idle_usec).</summary>
    public TimeSpan ForcedIdle => Microseconds(4);

    /// <summary>How many periods of <see cref="CpuController.Max"/> have passed (nr_periods).</summary>
    public long Periods => _values[5];

    /// <summary>In how many of them it was stopped (nr_throttled).</summary>
    public long ThrottledPeriods => _values[6];

    /// <summary>For how long it was stopped, all processors together (throttled_usec).</summary>
    public TimeSpan Throttled => Microseconds(7);

    /// <summary>In how many periods it used saved time (nr_bursts).</summary>
    public long Bursts => _values[8];

    /// <summary>How much saved time it used (burst_usec).</summary>
    public TimeSpan Burst => Microseconds(9);

    /// <summary>How many processors were used on average between an earlier sample and this one: 0.5 for half of one.</summary>
    /// <param name="earlier">The earlier sample.</param>
    /// <param name="elapsed">The time between them.</param>
    public double ProcessorsSince(CpuStatistics earlier, TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(elapsed, TimeSpan.Zero);
        return (Usage - earlier.Usage) / elapsed;
    }

    private TimeSpan Microseconds(int index) => TimeSpan.FromTicks(Math.Min(_values[index], long.MaxValue / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond);

    [InlineArray(10)]
    private struct Values
    {
        private long _first;
    }
}
