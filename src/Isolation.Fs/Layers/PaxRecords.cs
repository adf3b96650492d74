using System.Globalization;
using System.Text;

namespace Isolation.Fs.Layers;

/// <summary>The records of a pax extended header (pax(1)): <c>length key=value\n</c>. Values are bytes: file capabilities are no text.</summary>
internal static class PaxRecords
{
    private const string AttributePrefix = "SCHILY.xattr.", SparsePrefix = "GNU.sparse.";

    /// <summary>Applies the records to the entry that they precede.</summary>
    /// <exception cref="LayerException">They are none.</exception>
    public static void Apply(ReadOnlySpan<byte> records, TarEntry entry)
    {
        Dictionary<string, byte[]>? attributes = null;
        while (records.Length > 0)
        {
            (string key, byte[] value, int length) = Next(records);
            records = records[length..];
            if (key.StartsWith(AttributePrefix, StringComparison.Ordinal))
                AddAttribute(attributes ??= [], key[AttributePrefix.Length..], value);
            else
                ApplyRecord(entry, key, value);
        }

        if (attributes?.Count > PathLimits.MaxAttributes)
            throw new LayerException(LayerFault.TooLarge, entry.Name, $"It has more than {PathLimits.MaxAttributes} extended attributes");
        entry.Attributes = attributes is null ? null : [.. attributes.Select(a => (a.Key, a.Value))];
    }

    private static (string Key, byte[] Value, int Length) Next(ReadOnlySpan<byte> records)
    {
        int space = records.IndexOf((byte)' ');
        if (space is < 1 or > 9
            || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > records.Length || length < space + 4 || records[length - 1] != '\n')
        {
            throw Malformed("A record of an extended header has a wrong length");
        }

        ReadOnlySpan<byte> record = records[(space + 1)..(length - 1)];
        int equals = record.IndexOf((byte)'=');
        if (equals < 1)
            throw Malformed("A record of an extended header has no key");
        return (PathText.Decode(record[..equals]), record[(equals + 1)..].ToArray(), length);
    }

    // pax(1): the last one counts.
    private static void AddAttribute(Dictionary<string, byte[]> attributes, string name, byte[] value)
    {
        if (name.Length is 0 or > PathLimits.MaxAttributeName || name.Contains('\0', StringComparison.Ordinal) || value.Length > RootDirectory.MaxAttributeBytes)
            throw Malformed("An extended attribute is longer than the kernel allows");
        attributes[name] = value;
    }

    private static void ApplyRecord(TarEntry entry, string key, byte[] value)
    {
        if (key.StartsWith(SparsePrefix, StringComparison.Ordinal))
        {
            (entry.SparseRecords ??= []).Add((key[SparsePrefix.Length..], value));
            return;
        }

        // pax(1): an empty value takes the key back. For an attribute it is its value.
        if (value.Length == 0)
            return;
        switch (key)
        {
            case "path":
                entry.Name = Name(value);
                break;
            case "linkpath":
                entry.LinkName = Name(value);
                break;
            case "size":
                entry.Size = Number(value);
                break;
            case "uid":
                entry.User = Number(value);
                break;
            case "gid":
                entry.Group = Number(value);
                break;
            case "mtime":
                entry.Time = Time(value);
                break;
        }
    }

    public static string Name(byte[] value)
        => value.AsSpan().Contains((byte)0) ? throw Malformed("A name in an extended header holds a NUL") : PathText.Decode(value);

    public static long Number(byte[] value)
        => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Malformed("A number in an extended header is none");

    private static FileTimestamp Time(byte[] value)
    {
        string text = Encoding.Latin1.GetString(value);
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point], fraction = point < 0 ? "" : text[(point + 1)..];
        if (!long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) || !fraction.All(char.IsAsciiDigit) || seconds == long.MinValue)
            throw Malformed("A time in an extended header is none");
        uint nanoseconds = uint.Parse(fraction.PadRight(9, '0')[..9], NumberStyles.None, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && nanoseconds > 0 ? new FileTimestamp(seconds - 1, 1_000_000_000 - nanoseconds) : new FileTimestamp(seconds, nanoseconds);
    }

    private static LayerException Malformed(string reason) => new(LayerFault.Malformed, null, reason);
}
