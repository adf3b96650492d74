using System.Globalization;
using Isolation.Netlink;

namespace Isolation.Samples.NetLab;

/// <summary>Reads what is wrong with a link: <c>delay=50ms,jitter=5ms,loss=1%,duplicate=1%,corrupt=1%,rate=10mbit</c>.</summary>
internal static class Impairment
{
    /// <exception cref="FormatException">It is none of these.</exception>
    public static NetemQdisc Parse(string text)
    {
        var netem = new NetemQdisc();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=');
            netem = pair switch
            {
                ["delay", var value] => netem with { Delay = Time(value) },
                ["jitter", var value] => netem with { Jitter = Time(value) },
                ["loss", var value] => netem with { Loss = Fraction(value) },
                ["duplicate", var value] => netem with { Duplicate = Fraction(value) },
                ["corrupt", var value] => netem with { Corrupt = Fraction(value) },
                ["rate", var value] => netem with { Rate = DataRate.Parse(value) },
                _ => throw new FormatException($"'{part}' is none of delay=50ms, jitter=5ms, loss=1%, duplicate=1%, corrupt=1% and rate=10mbit."),
            };
        }

        return netem;
    }

    private static TimeSpan Time(string text)
        => text.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(Number(text[..^2], text))
            : text.EndsWith('s') ? TimeSpan.FromSeconds(Number(text[..^1], text))
            : throw new FormatException($"'{text}' is no time; it looks like 50ms or 1.5s.");

    private static double Fraction(string text)
        => text.EndsWith('%') && Number(text[..^1], text) is <= 100 and var percent ? percent / 100 : throw new FormatException($"'{text}' is no share; it looks like 1%.");

    private static double Number(string digits, string text)
        => double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : throw new FormatException($"'{text}' does not begin with a number.");
}
