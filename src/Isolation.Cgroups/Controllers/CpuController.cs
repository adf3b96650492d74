using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Processor time (cgroup-v2.rst, "CPU"). Each property is a file, read or written when it is used.</summary>
/// <remarks>A file that is not there is a <see cref="CgroupException"/> with ENOENT that says since which Linux it is.</remarks>
public sealed class CpuController
{
    private readonly CgroupDirectory _directory;

    internal CpuController(CgroupDirectory directory) => _directory = directory;

    /// <summary>The share beside its siblings: 1 to 10,000, 100 by default; 0 while it is <see cref="IsIdle"/> (<c>cpu.weight</c>).</summary>
    public int Weight
    {
        get => _directory.Parse("cpu.weight", static t => int.Parse(t, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture));
        set => _directory.WriteNumber("cpu.weight", InRange(value, 1, 10_000));
    }

    /// <summary>The same share as a nice value, -20 to 19 (<c>cpu.weight.nice</c>).</summary>
    public int WeightNice
    {
        get => _directory.Parse("cpu.weight.nice", static t => int.Parse(t, System.Globalization.CultureInfo.InvariantCulture));
        set => _directory.WriteNumber("cpu.weight.nice", InRange(value, -20, 19));
    }

    /// <summary>How much time may be used (<c>cpu.max</c>).</summary>
    public CpuBandwidth Max
    {
        get => _directory.Parse("cpu.max", CpuBandwidth.Parse);
        set => _directory.Write("cpu.max", value.Checked().ToString());
    }

    /// <summary>How much unused time may be saved up for a burst, at most the quota (<c>cpu.max.burst</c>, Linux 5.14).</summary>
    public TimeSpan MaxBurst
    {
        get => _directory.Parse("cpu.max.burst", NestedKeyed.Microseconds);
        set => _directory.WriteNumber("cpu.max.burst", value >= TimeSpan.Zero ? value.Ticks / TimeSpan.TicksPerMicrosecond : throw new ArgumentOutOfRangeException(nameof(value), value, "The burst is not negative."));
    }

    /// <summary>Whether it runs only when its siblings have nothing to do, as SCHED_IDLE (<c>cpu.idle</c>, Linux 5.15).</summary>
    public bool IsIdle
    {
        get => _directory.ReadBoolean("cpu.idle");
        set => _directory.WriteBoolean("cpu.idle", value);
    }

    /// <summary>The least utilisation that frequency and placement are chosen for, in percent; null for the most (<c>cpu.uclamp.min</c>).</summary>
    public double? UtilizationMinimum
    {
        get => ReadPercent("cpu.uclamp.min");
        set => WritePercent("cpu.uclamp.min", value);
    }

    /// <summary>The greatest utilisation that frequency and placement are chosen for, in percent; null for the most (<c>cpu.uclamp.max</c>).</summary>
    public double? UtilizationMaximum
    {
        get => ReadPercent("cpu.uclamp.max");
        set => WritePercent("cpu.uclamp.max", value);
    }

    internal static int InRange(int value, int least, int most)
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value is between {least} and {most}.");

    private double? ReadPercent(string file)
        => _directory.Parse(file, static t => t == "max" ? default(double?) : double.Parse(t, System.Globalization.CultureInfo.InvariantCulture));

    private void WritePercent(string file, double? value)
    {
        if (value is { } percent && !(percent is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A percentage is between 0 and 100.");
        _directory.Write(file, value is { } v ? v.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : "max");
    }
}
