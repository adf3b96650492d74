using System.Numerics;

namespace Isolation.Fs.Layers;

/// <summary>The header block of ustar, GNU and old archives (tar(5)).</summary>
internal static class TarHeader
{
    /// <summary>What comes before an entry in blocks of its own.</summary>
    public const char Extended = 'x', Global = 'g', GnuLongName = 'L', GnuLongLink = 'K', GnuSparse = 'S', Contiguous = '7';

    /// <exception cref="LayerException">It is no header.</exception>
    public static TarEntry Parse(ReadOnlySpan<byte> block)
    {
        if (!HasRightChecksum(block))
            throw Malformed(null, "A header has a wrong checksum");
        bool isPosix = block[257..263].SequenceEqual("ustar\0"u8);
        string name = Text(block[..100]);
        if (isPosix && Text(block[345..500]) is { Length: > 0 } prefix)
            name = $"{prefix}/{name}";
        char type = block[156] == 0 ? TarEntry.Regular : (char)block[156];
        return new TarEntry
        {
            Name = name,
            Mode = (int)(Number(block[100..108], name) & 0xfff),
            User = Number(block[108..116], name),
            Group = Number(block[116..124], name),
            Size = Number(block[124..136], name),
            Time = new FileTimestamp(Number(block[136..148], name)),
            Type = type,
            LinkName = Text(block[157..257]),
            DeviceMajor = type is TarEntry.Character or TarEntry.Block ? Number(block[329..337], name) : 0,
            DeviceMinor = type is TarEntry.Character or TarEntry.Block ? Number(block[337..345], name) : 0,
        };
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return PathText.Decode(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal digits, or in GNU's form two's complement in big-endian order with the top bit set.</summary>
    public static long Number(ReadOnlySpan<byte> field, string name)
    {
        if ((field[0] & 0x80) != 0)
        {
            byte[] bytes = field.ToArray();
            bytes[0] = (bytes[0] & 0x40) != 0 ? (byte)0xff : (byte)(bytes[0] & 0x7f);
            var number = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
            return number >= long.MinValue && number <= long.MaxValue ? (long)number : throw Malformed(name, "A number in its header is out of range");
        }

        field = field.Trim(" \0"u8);
        long value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw Malformed(name, "A number in its header is none");
            value = (value << 3) | (long)(digit - '0');
        }

        return value;
    }

    // Old archives summed signed bytes.
    private static bool HasRightChecksum(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> field = block[148..156].Trim(" \0"u8);
        long expected = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            expected = (expected << 3) | (long)(digit - '0');
        }

        int unsigned = 8 * ' ', signed = 8 * ' ';
        for (int i = 0; i < block.Length; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            unsigned += block[i];
            signed += (sbyte)block[i];
        }

        return expected == unsigned || expected == signed;
    }

    private static LayerException Malformed(string? entry, string reason) => new(LayerFault.Malformed, entry, reason);
}
