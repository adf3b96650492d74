using System.Globalization;

namespace Isolation.Cgroups.Files;

/// <summary>Files of lines such as <c>8:16 rbps=2097152 wiops=max</c> (cgroup-v2.rst, "nested keyed").</summary>
internal static class NestedKeyed
{
    /// <summary>The lines: what begins each, and its pairs.</summary>
    /// <exception cref="FormatException">A line is none.</exception>
    public static IEnumerable<(string Key, IReadOnlyList<KeyValuePair<string, string>> Values)> Lines(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
                continue;
            yield return (parts[0], [.. parts.Skip(1).Select(Pair)]);
        }
    }

    /// <summary>Lines such as <c>anon N0=4096 N1=0</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> Nodes(string text)
        => Lines(text).ToDictionary(
            static l => l.Key,
            static l => (IReadOnlyDictionary<int, long>)l.Values.ToDictionary(static v => Node(v.Key), static v => long.Parse(v.Value, NumberStyles.None, CultureInfo.InvariantCulture)));

    /// <summary>A line such as <c>total=4096 N0=4096 N1=0</c> without its sum.</summary>
    public static IReadOnlyDictionary<int, long> NodesAfterTotal(string text)
        => text.StartsWith("total=", StringComparison.Ordinal) ? Nodes(text).Values.Single() : throw new FormatException();

    /// <summary>A time in whole microseconds.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Microseconds(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond)
            : throw new FormatException($"This is no time in microseconds: '{text}'.");

    private static KeyValuePair<string, string> Pair(string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(part[..equals], part[(equals + 1)..]) : throw new FormatException();
    }

    private static int Node(string name) => name.StartsWith('N') ? int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : throw new FormatException();
}
