using System.Globalization;

namespace Isolation.Cgroups;

/// <summary>What requests to a device cost, by what it can do a second at the most (<c>io.cost.model</c>, linear; cgroup-v2.rst, "IO").</summary>
public sealed record IOCostModel
{
    /// <summary>Whether the kernel chooses the figures by itself (ctrl=auto).</summary>
    public bool IsAutomatic { get; init; } = true;

    /// <summary>Bytes read a second (rbps).</summary>
    public long ReadBytes { get; init; }

    /// <summary>Sequential reads of 4 kB a second (rseqiops).</summary>
    public long SequentialReads { get; init; }

    /// <summary>Random reads of 4 kB a second (rrandiops).</summary>
    public long RandomReads { get; init; }

    /// <summary>Bytes written a second (wbps).</summary>
    public long WriteBytes { get; init; }

    /// <summary>Sequential writes of 4 kB a second (wseqiops).</summary>
    public long SequentialWrites { get; init; }

    /// <summary>Random writes of 4 kB a second (wrandiops).</summary>
    public long RandomWrites { get; init; }

    /// <summary>As it is written after the device.</summary>
    /// <remarks>With <see cref="IsAutomatic"/> the kernel takes no figures, so none are written.</remarks>
    public override string ToString() => IsAutomatic ? "ctrl=auto model=linear" : string.Create(
        CultureInfo.InvariantCulture,
        $"ctrl=user model=linear rbps={ReadBytes} rseqiops={SequentialReads} rrandiops={RandomReads} wbps={WriteBytes} wseqiops={SequentialWrites} wrandiops={RandomWrites}");

    internal IOCostModel Checked()
    {
        // The kernel takes the least of each to be 1.
        foreach (long figure in (ReadOnlySpan<long>)[ReadBytes, SequentialReads, RandomReads, WriteBytes, SequentialWrites, RandomWrites])
        {
            if (!IsAutomatic && figure <= 0)
                throw new ArgumentOutOfRangeException(nameof(IsAutomatic), figure, "What a device can do is more than nothing: all six figures are needed.");
        }

        return this;
    }

    internal static IOCostModel Parse(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var model = new IOCostModel();
        foreach ((string key, string value) in pairs)
        {
            model = key switch
            {
                "ctrl" => model with { IsAutomatic = value == "auto" },
                "rbps" => model with { ReadBytes = Number(value) },
                "rseqiops" => model with { SequentialReads = Number(value) },
                "rrandiops" => model with { RandomReads = Number(value) },
                "wbps" => model with { WriteBytes = Number(value) },
                "wseqiops" => model with { SequentialWrites = Number(value) },
                "wrandiops" => model with { RandomWrites = Number(value) },
                _ => model,
            };
        }

        return model;
    }

    private static long Number(string text) => CgroupLimit.Parse(text).Value ?? long.MaxValue;
}
