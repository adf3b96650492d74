namespace Isolation.Fs;

/// <summary>fs/proc_namespace.c, mangle(): space, tab, line feed, backslash and number sign are a backslash and three octal digits.</summary>
internal static class MountEscapes
{
    private const int MaxStack = 512;

    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
            return PathText.Decode(text);
        Span<byte> bytes = text.Length <= MaxStack ? stackalloc byte[MaxStack] : new byte[text.Length];
        int length = 0;
        while (!text.IsEmpty)
            bytes[length++] = Next(ref text);
        return PathText.Decode(bytes[..length]);
    }

    public static bool AreEqual(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> plain)
    {
        while (!escaped.IsEmpty && !plain.IsEmpty)
        {
            if (Next(ref escaped) != plain[0])
                return false;
            plain = plain[1..];
        }

        return escaped.IsEmpty && plain.IsEmpty;
    }

    private static byte Next(ref ReadOnlySpan<byte> text)
    {
        byte value = text[0];
        int length = 1;
        if (value == '\\' && text.Length > 3 && text[1] is >= (byte)'0' and <= (byte)'3' && IsOctal(text[2]) && IsOctal(text[3]))
        {
            value = (byte)(((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0'));
            length = 4;
        }

        text = text[length..];
        return value;
    }

    private static bool IsOctal(byte c) => c is >= (byte)'0' and <= (byte)'7';
}
