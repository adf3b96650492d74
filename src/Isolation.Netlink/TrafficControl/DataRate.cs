using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isolation.Netlink;

/// <summary>An amount of data in a second. The kernel counts bytes; tc(8) and most people speak of bits.</summary>
/// <param name="BytesPerSecond">Bytes a second.</param>
public readonly record struct DataRate(long BytesPerSecond)
{
    private static readonly (string Unit, long Bits)[] s_units =
    [
        ("Tbit", 1_000_000_000_000),
        ("Gbit", 1_000_000_000),
        ("Mbit", 1_000_000),
        ("Kbit", 1000),
        ("bit", 1),
    ];

    /// <summary>Bits a second: 8 for each byte.</summary>
    public long BitsPerSecond => BytesPerSecond * 8;

    /// <summary>A rate in bits a second; what is less than a byte is cut off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static DataRate FromBits(long bitsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitsPerSecond);
        return new DataRate(bitsPerSecond / 8);
    }

    /// <summary>A rate in kilobits a second, of 1,000 bits each.</summary>
    public static DataRate FromKilobits(double kilobitsPerSecond) => FromBits(checked((long)(kilobitsPerSecond * 1e3)));

    /// <summary>A rate in megabits a second, of 1,000,000 bits each.</summary>
    public static DataRate FromMegabits(double megabitsPerSecond) => FromBits(checked((long)(megabitsPerSecond * 1e6)));

    /// <summary>A rate in gigabits a second, of 1,000,000,000 bits each.</summary>
    public static DataRate FromGigabits(double gigabitsPerSecond) => FromBits(checked((long)(gigabitsPerSecond * 1e9)));

    /// <summary>Reads a rate in bits: <c>1Mbit</c>, <c>2.5gbit</c>, <c>64kbit</c>, <c>800bit</c>, in small or capital letters (tc(8), PARAMETERS).</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DataRate Parse(string text)
        => TryParse(text, out DataRate rate) ? rate : throw new FormatException($"'{text}' is no rate such as 800bit, 64kbit, 1Mbit or 2.5Gbit.");

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DataRate rate)
    {
        foreach ((string unit, long bits) in s_units)
        {
            if (text is null || !text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) || !decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
                continue;
            if (number > long.MaxValue / bits)
                break;
            rate = FromBits((long)(number * bits));
            return true;
        }

        rate = default;
        return false;
    }

    /// <summary>In bits, as tc(8) writes it: <c>1Mbit</c>.</summary>
    public override string ToString()
    {
        decimal bits = BytesPerSecond * 8m;
        (string unit, long size) = s_units.First(u => bits >= u.Bits && bits % (u.Bits / 1000m) == 0 || u.Bits == 1);
        return string.Create(CultureInfo.InvariantCulture, $"{bits / size:0.###}{unit}");
    }
}
