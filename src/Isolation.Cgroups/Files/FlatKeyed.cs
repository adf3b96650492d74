using System.Buffers.Text;
using System.Globalization;

namespace Isolation.Cgroups.Files;

/// <summary>Files of lines such as <c>populated 1</c> (cgroup-v2.rst, "flat keyed").</summary>
internal static class FlatKeyed
{
    /// <summary>The number of a key; null when it is not there or is no number.</summary>
    public static long? Number(string text, string key)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int space = line.IndexOf(' ');
            if (space > 0 && line[..space].SequenceEqual(key))
                return long.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
        }

        return null;
    }

    /// <summary>
    /// Reads the values of known keys, without allocation. The kernel writes the keys in one order, so each is looked for after
    /// the one before. Keys that are not known are passed over; values of keys that are not there stay as they are.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> text, KeyTable keys, Span<long> values)
    {
        int expected = 0;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            int space = line.IndexOf((byte)' ');
            if (space > 0 && keys.IndexOf(line[..space], ref expected) is >= 0 and var index)
                values[index] = Number(line[(space + 1)..]);
        }
    }

    /// <summary>A number of the kernel; what is larger than a long is the largest long, and what is none is 0.</summary>
    public static long Number(ReadOnlySpan<byte> text)
        => Utf8Parser.TryParse(text, out ulong value, out _) ? (long)Math.Min(value, long.MaxValue) : 0;
}
