using System.Globalization;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>What a device has to achieve before the weights of cgroups slow anything down (<c>io.cost.qos</c>, cgroup-v2.rst, "IO").</summary>
public sealed record IOCostQuality
{
    /// <summary>Whether the controller of costs works for the device (enable).</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Whether the kernel chooses the rest by itself (ctrl=auto).</summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>The percentile of reads that <see cref="ReadLatency"/> is about, 0 to 100; 0 for none (rpct).</summary>
    public double ReadPercentile { get; init; }

    /// <summary>Slower reads than this say that the device is too busy (rlat).</summary>
    public TimeSpan ReadLatency { get; init; }

    /// <summary>The percentile of writes that <see cref="WriteLatency"/> is about, 0 to 100; 0 for none (wpct).</summary>
    public double WritePercentile { get; init; }

    /// <summary>Slower writes than this say that the device is too busy (wlat).</summary>
    public TimeSpan WriteLatency { get; init; }

    /// <summary>The least that the rate is scaled to, in percent of the model, 1 to 10,000 (min).</summary>
    public double Least { get; init; } = 1;

    /// <summary>The most that the rate is scaled to, in percent of the model, 1 to 10,000 (max).</summary>
    public double Most { get; init; } = 10_000;

    /// <summary>As it is written after the device.</summary>
    /// <remarks>With <see cref="IsAutomatic"/> the kernel takes no figures, so none are written.</remarks>
    public override string ToString()
    {
        string head = $"enable={(IsEnabled ? 1 : 0)} ctrl={(IsAutomatic ? "auto" : "user")}";
        return IsAutomatic ? head : string.Create(
            CultureInfo.InvariantCulture,
            $"{head} rpct={ReadPercentile:0.00} rlat={Microseconds(ReadLatency)} wpct={WritePercentile:0.00} wlat={Microseconds(WriteLatency)} min={Least:0.00} max={Most:0.00}");
    }

    internal IOCostQuality Checked()
    {
        Check(ReadPercentile is >= 0 and <= 100, nameof(ReadPercentile), ReadPercentile);
        Check(WritePercentile is >= 0 and <= 100, nameof(WritePercentile), WritePercentile);
        Check(ReadLatency >= TimeSpan.Zero, nameof(ReadLatency), ReadLatency);
        Check(WriteLatency >= TimeSpan.Zero, nameof(WriteLatency), WriteLatency);
        Check(Least is >= 1 and <= 10_000, nameof(Least), Least);
        Check(Most is >= 1 and <= 10_000 && Most >= Least, nameof(Most), Most);
        return this;

        static void Check(bool isRight, string name, object value)
        {
            if (!isRight)
                throw new ArgumentOutOfRangeException(name, value, "A percentile is 0 to 100, a scale 1 to 10,000 with its least before its most, and a latency is not negative.");
        }
    }

    internal static IOCostQuality Parse(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var quality = new IOCostQuality();
        foreach ((string key, string value) in pairs)
        {
            quality = key switch
            {
                "enable" => quality with { IsEnabled = value == "1" },
                "ctrl" => quality with { IsAutomatic = value == "auto" },
                "rpct" => quality with { ReadPercentile = Number(value) },
                "rlat" => quality with { ReadLatency = NestedKeyed.Microseconds(value) },
                "wpct" => quality with { WritePercentile = Number(value) },
                "wlat" => quality with { WriteLatency = NestedKeyed.Microseconds(value) },
                "min" => quality with { Least = Number(value) },
                "max" => quality with { Most = Number(value) },
                _ => quality,
            };
        }

        return quality;
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
