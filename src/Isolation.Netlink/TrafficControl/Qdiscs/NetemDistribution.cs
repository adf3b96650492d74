using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>A table of how delays are spread: the values of a distribution at evenly spaced probabilities, in 8192ths of <see cref="NetemQdisc.Jitter"/> (tc-netem(8), distribution).</summary>
public sealed class NetemDistribution
{
    // As many as the tables of iproute2 have.
    private const int ComputedLength = 4096;

    private readonly ImmutableArray<short> _values;

    /// <summary>Makes one of a table.</summary>
    /// <param name="values">The values in ascending order, 2 to 16384 of them (NETEM_DIST_MAX).</param>
    /// <exception cref="ArgumentException">There are too few or too many.</exception>
    public NetemDistribution(params ReadOnlySpan<short> values)
    {
        if (values.Length is < 2 or > TrafficConstants.NETEM_DIST_MAX)
            throw new ArgumentException($"A distribution has 2 to {TrafficConstants.NETEM_DIST_MAX} values, not {values.Length}.", nameof(values));
        _values = [.. values];
    }

    /// <summary>The normal distribution, whose standard deviation is the jitter. Its quantiles are exact, where iproute2's table is a little wider at the ends.</summary>
    public static NetemDistribution Normal { get; } = Compute(NormalQuantile);

    /// <summary>The Pareto distribution of shape 3, scaled as in iproute2's table: most packets come a little early, a few very late.</summary>
    public static NetemDistribution Pareto { get; } = Compute(static p => (Math.Pow(1 - p, -1.0 / 3) - 1.5) * 4 / 3, start: 0);

    /// <summary>The values.</summary>
    public ReadOnlySpan<short> Values => _values.AsSpan();

    /// <summary>Reads a table in the text format of iproute2, such as <c>normal.dist</c>, <c>pareto.dist</c> or one of its <c>maketable</c>: numbers, and lines that begin with <c>#</c>.</summary>
    /// <exception cref="FormatException">There is something else than numbers of 16 bits, or too few or too many of them.</exception>
    public static NetemDistribution Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new List<short>();
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith('#'))
                continue;
            foreach (string word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                values.Add(short.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short value) ? value : throw new FormatException($"'{word}' is no number of 16 bits."));
        }

        return values.Count is >= 2 and <= TrafficConstants.NETEM_DIST_MAX ? new NetemDistribution(CollectionsMarshal.AsSpan(values)) : throw new FormatException($"A distribution has 2 to {TrafficConstants.NETEM_DIST_MAX} values, not {values.Count}.");
    }

    private static NetemDistribution Compute(Func<double, double> quantile, double start = 0.5)
    {
        short[] values = new short[ComputedLength];
        for (int i = 0; i < values.Length; i++)
            values[i] = (short)Math.Clamp(Math.Round(quantile((i + start) / values.Length) * TrafficConstants.NETEM_DIST_SCALE), short.MinValue, short.MaxValue);
        return new NetemDistribution(values);
    }

    // Newton's method on the distribution function, which is an integral that Simpson's rule gives to more digits than fit here.
    private static double NormalQuantile(double probability)
    {
        double x = 0;
        for (int i = 0; i < 50; i++)
        {
            double step = (Cumulative(x) - probability) / Density(x);
            x -= Math.Clamp(step, -1, 1);
            if (Math.Abs(step) < 1e-9)
                break;
        }

        return x;

        static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

        static double Cumulative(double x)
        {
            const int Steps = 64;
            double width = x / Steps, sum = Density(0) + Density(x);
            for (int i = 1; i < Steps; i++)
                sum += Density(i * width) * (i % 2 == 0 ? 2 : 4);
            return 0.5 + sum * width / 3;
        }
    }
}
