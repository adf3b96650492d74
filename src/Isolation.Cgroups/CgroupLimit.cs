using System.Globalization;

namespace Isolation.Cgroups;

/// <summary>A limit of a controller: a number, or <see cref="Max"/> for none (<c>max</c> in the kernel's files).</summary>
public readonly record struct CgroupLimit : IComparable<CgroupLimit>
{
    private const string MaxText = "max";

    private readonly long _value;

    /// <summary>A limit of so many bytes, processes or whatever the file counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public CgroupLimit(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _value = value;
    }

    private CgroupLimit(long value, bool _) => _value = value;

    /// <summary>No limit.</summary>
    public static CgroupLimit Max { get; } = new(-1, true);

    /// <summary>Whether there is no limit.</summary>
    public bool IsMax => _value < 0;

    /// <summary>The number; null for none.</summary>
    public long? Value => IsMax ? null : _value;

    /// <summary>A limit of so much.</summary>
    public static implicit operator CgroupLimit(long value) => new(value);

    /// <summary>A limit of so much.</summary>
    public static CgroupLimit FromInt64(long value) => new(value);

    /// <summary>Whether the first is tighter.</summary>
    public static bool operator <(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first is wider.</summary>
    public static bool operator >(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first is as tight or tighter.</summary>
    public static bool operator <=(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first is as wide or wider.</summary>
    public static bool operator >=(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) >= 0;

    /// <summary>Reads what the kernel's files show: a number, or <c>max</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static CgroupLimit Parse(ReadOnlySpan<char> text)
        => TryParse(text, out CgroupLimit limit) ? limit : throw new FormatException($"This is no limit, neither a number nor max: '{text}'.");

    /// <summary>Reads a limit, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CgroupLimit result)
    {
        text = text.Trim();
        result = Max;
        if (text.SequenceEqual(MaxText))
            return true;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            return false;

        // Counters of the kernel are unsigned: what does not fit here is as good as none.
        result = value > long.MaxValue ? Max : new CgroupLimit((long)value);
        return true;
    }

    /// <summary>Orders by how much is allowed; none allows the most.</summary>
    public int CompareTo(CgroupLimit other) => ((ulong)_value).CompareTo((ulong)other._value);

    /// <summary>As the kernel's files show it: a number, or <c>max</c>.</summary>
    public override string ToString() => IsMax ? MaxText : _value.ToString(CultureInfo.InvariantCulture);
}
