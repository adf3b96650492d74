using System.Buffers.Text;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>How much time was lost for want of a resource (psi.rst).</summary>
/// <param name="Some">While at least one process waited.</param>
/// <param name="Full">While all that could run waited.</param>
public readonly record struct Pressure(PressureShare Some, PressureShare Full)
{
    internal static Pressure Read(ReadOnlySpan<byte> text)
    {
        var pressure = default(Pressure);
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.StartsWith("some "u8))
                pressure = pressure with { Some = Share(line[5..]) };
            else if (line.StartsWith("full "u8))
                pressure = pressure with { Full = Share(line[5..]) };
        }

        return pressure;
    }

    private static PressureShare Share(ReadOnlySpan<byte> line)
    {
        var share = default(PressureShare);
        while (!line.IsEmpty)
        {
            int space = line.IndexOf((byte)' ');
            ReadOnlySpan<byte> pair = space < 0 ? line : line[..space];
            line = space < 0 ? [] : line[(space + 1)..];
            int equals = pair.IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            ReadOnlySpan<byte> key = pair[..equals], value = pair[(equals + 1)..];
            if (key.SequenceEqual("avg10"u8))
                share = share with { Last10Seconds = Percent(value) };
            else if (key.SequenceEqual("avg60"u8))
                share = share with { Last60Seconds = Percent(value) };
            else if (key.SequenceEqual("avg300"u8))
                share = share with { Last300Seconds = Percent(value) };
            else if (key.SequenceEqual("total"u8))
                share = share with { Total = TimeSpan.FromTicks(Math.Min(FlatKeyed.Number(value), long.MaxValue / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond) };
        }

        return share;
    }

    private static double Percent(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out double value, out _) ? value : 0;
}

/// <summary>A share of time that was lost.</summary>
/// <param name="Last10Seconds">Percent of the last 10 s.</param>
/// <param name="Last60Seconds">Percent of the last minute.</param>
/// <param name="Last300Seconds">Percent of the last 5 minutes.</param>
/// <param name="Total">The time since the cgroup was made.</param>
public readonly record struct PressureShare(double Last10Seconds, double Last60Seconds, double Last300Seconds, TimeSpan Total);
