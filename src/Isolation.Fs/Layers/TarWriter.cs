using System.Globalization;
using System.Text;

namespace Isolation.Fs.Layers;

/// <summary>Writes a pax archive (pax(1)): a ustar header where it can tell all, and an extended one before it where not.</summary>
internal sealed class TarWriter(Stream archive)
{
    private const int NameLength = 100;
    private const long MaxSize = (1L << 33) - 1, MaxId = (1 << 21) - 1;

    /// <summary>Writes the entry's headers; its content comes next, then <see cref="WritePadding"/>.</summary>
    public void WriteHeader(TarEntry entry)
    {
        var records = new MemoryStream();
        byte[] name = PathText.EncodeAny(entry.Name)[..^1], link = PathText.EncodeAny(entry.LinkName)[..^1];
        if (name.Length > NameLength || !Ascii.IsValid(name))
            AddRecord(records, "path", name);
        if (link.Length > NameLength || !Ascii.IsValid(link))
            AddRecord(records, "linkpath", link);
        if (entry.Size > MaxSize)
            AddRecord(records, "size", Digits(entry.Size));
        if (entry.User > MaxId)
            AddRecord(records, "uid", Digits(entry.User));
        if (entry.Group > MaxId)
            AddRecord(records, "gid", Digits(entry.Group));
        if (entry.Time.Nanoseconds != 0 || entry.Time.Seconds is < 0 or > MaxSize)
            AddRecord(records, "mtime", Encoding.ASCII.GetBytes(Show(entry.Time)));
        foreach ((string attribute, byte[] value) in entry.Attributes ?? [])
        {
            // pax(1): the keyword of a record ends there.
            if (attribute.Contains('=', StringComparison.Ordinal))
                throw new LayerException(LayerFault.Unsupported, entry.Name, $"A layer cannot hold an attribute whose name has an equals sign, '{attribute}'");
            AddRecord(records, "SCHILY.xattr." + attribute, value);
        }

        if (records.Length > 0)
        {
            WriteBlock(new TarEntry { Type = TarHeader.Extended, Size = records.Length, Mode = (int)UsualModes.File }, "PaxHeaders/entry"u8, []);
            archive.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
            WritePadding(records.Length);
        }

        WriteBlock(entry, name, link);
    }

    public void WriteContent(ReadOnlySpan<byte> content) => archive.Write(content);

    public void WritePadding(long size) => archive.Write(stackalloc byte[(int)(-size & (TarBlocks.Size - 1))]);

    /// <summary>The two blocks at the end.</summary>
    public void End() => archive.Write(new byte[2 * TarBlocks.Size]);

    private void WriteBlock(TarEntry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link)
    {
        Span<byte> block = stackalloc byte[TarBlocks.Size];
        block.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(block);
        Octal(block[100..108], entry.Mode);
        Octal(block[108..116], Math.Min(entry.User, MaxId));
        Octal(block[116..124], Math.Min(entry.Group, MaxId));
        Octal(block[124..136], Math.Min(entry.Size, MaxSize));
        Octal(block[136..148], Math.Clamp(entry.Time.Seconds, 0, MaxSize));
        block[148..156].Fill((byte)' ');
        block[156] = (byte)entry.Type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block[157..]);
        "ustar\000"u8.CopyTo(block[257..]);
        Octal(block[329..337], entry.DeviceMajor);
        Octal(block[337..345], entry.DeviceMinor);
        int sum = 0;
        foreach (byte b in block)
            sum += b;
        Octal(block[148..155], sum);
        archive.Write(block);
    }

    private static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
    }

    // The length counts its own digits.
    private static void AddRecord(MemoryStream records, string key, byte[] value)
    {
        byte[] name = PathText.EncodeAny(key)[..^1];
        int rest = name.Length + value.Length + 3, length = rest + 1;
        while (rest + Digits(length).Length > length)
            length++;
        records.Write([.. Digits(length), (byte)' ', .. name, (byte)'=', .. value, (byte)'\n']);
    }

    private static string Show(FileTimestamp time)
    {
        // Towards zero in text, downwards in a file's time.
        (long seconds, uint nanoseconds, string sign) = time.Seconds >= 0 ? (time.Seconds, time.Nanoseconds, "")
            : time.Nanoseconds == 0 ? (-time.Seconds, 0, "-")
            : (-(time.Seconds + 1), 1_000_000_000 - time.Nanoseconds, "-");
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:D9}");
    }

    private static byte[] Digits(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
