using System.Collections;
using System.Globalization;
using System.Text;

namespace Isolation.Cgroups;

/// <summary>Numbers of processors or of memory nodes, as the kernel lists them: <c>0-3,8</c>.</summary>
public sealed class ProcessorSet : IReadOnlyCollection<int>, IEquatable<ProcessorSet>
{
    // As many as the kernel can be built for, and more.
    private const int Most = 1 << 16;

    private readonly int[] _numbers;

    /// <summary>A set of these numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or larger than any kernel knows.</exception>
    public ProcessorSet(params IEnumerable<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        _numbers = [.. numbers.Distinct().Order()];
        if (_numbers.Length > 0 && (_numbers[0] < 0 || _numbers[^1] >= Most))
            throw new ArgumentOutOfRangeException(nameof(numbers), $"Processors and nodes are numbered from 0 to {Most - 1}.");
    }

    /// <summary>None.</summary>
    public static ProcessorSet Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => _numbers.Length;

    /// <summary>Reads a list such as <c>0-3,8</c>; an empty one is the empty set.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ProcessorSet Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var numbers = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryNumber(dash < 0 ? part : part.AsSpan(0, dash), out int first) || !TryNumber(dash < 0 ? part : part.AsSpan(dash + 1), out int last) || last < first)
                throw new FormatException($"This is no list of numbers such as 0-3,8: '{text}'.");
            for (int i = first; i <= last; i++)
                numbers.Add(i);
        }

        return new ProcessorSet(numbers);
    }

    /// <summary>Whether it has the number.</summary>
    public bool Contains(int number) => Array.BinarySearch(_numbers, number) >= 0;

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_numbers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _numbers.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ProcessorSet? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ProcessorSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int number in _numbers)
            hash.Add(number);
        return hash.ToHashCode();
    }

    /// <summary>As the kernel lists it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0, last; i < _numbers.Length; i = last + 1)
        {
            for (last = i; last + 1 < _numbers.Length && _numbers[last + 1] == _numbers[last] + 1; last++)
            {
            }

            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{_numbers[i]}");
            if (last > i)
                text.Append(CultureInfo.InvariantCulture, $"-{_numbers[last]}");
        }

        return text.ToString();
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;
}
