using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>A range of user or group ids, mapped from inside a user namespace to outside (user_namespaces(7)).</summary>
public readonly record struct IdRange
{
    /// <summary>Maps <paramref name="count"/> ids from <paramref name="inside"/> on to those from <paramref name="outside"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, or runs into the id 4294967295, which no user can have.</exception>
    public IdRange(uint inside, uint outside, uint count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        if ((ulong)inside + count > uint.MaxValue || (ulong)outside + count > uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The range {inside} {outside} {count} runs past the last id, 4294967294.");
        Inside = inside;
        Outside = outside;
        Count = count;
    }

    /// <summary>The first id inside the namespace.</summary>
    public uint Inside { get; }

    /// <summary>The first id outside, in the namespace of whoever writes the map.</summary>
    public uint Outside { get; }

    /// <summary>How many ids.</summary>
    public uint Count { get; }

    /// <summary>A line of /proc/PID/uid_map.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inside} {Outside} {Count}");

    /// <summary>Reads a line of /proc/PID/uid_map: three numbers, the first inside, the first outside, how many.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IdRange Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var inside, var outside, var count]
            || !TryNumber(inside, out uint first)
            || !TryNumber(outside, out uint other)
            || !TryNumber(count, out uint number)
            || number == 0
            || (ulong)Math.Max(first, other) + number > uint.MaxValue)
        {
            throw new FormatException($"This is no line of an id map: '{line}'.");
        }

        return new IdRange(first, other, number);
    }

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    internal bool OverlapsInside(IdRange other) => Overlap(Inside, other.Inside, other);

    internal bool OverlapsOutside(IdRange other) => Overlap(Outside, other.Outside, other);

    private bool Overlap(uint mine, uint others, IdRange other) => (ulong)mine < (ulong)others + other.Count && (ulong)others < (ulong)mine + Count;
}
