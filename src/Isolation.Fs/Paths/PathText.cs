using System.Text;
using System.Text.Unicode;

namespace Isolation.Fs;

/// <summary>
/// Names as the kernel has them (any bytes but NUL and slash) and as strings. A byte that is not UTF-8 becomes a lone low
/// surrogate, U+DC80 to U+DCFF, and back again, so that no name is lost and no two names become one.
/// </summary>
internal static class PathText
{
    private const char Escape = '\udc00';

    /// <summary>The bytes with a NUL at their end.</summary>
    /// <exception cref="ArgumentException">The path is empty, holds a NUL, or is no text.</exception>
    public static byte[] Encode(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return EncodeAny(path);
    }

    /// <summary>The same, also of an empty text.</summary>
    public static byte[] EncodeAny(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A path holds no NUL character.", nameof(path));
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        int length = 0;
        ReadOnlySpan<char> rest = path;
        while (rest.Length > 0)
        {
            if (Utf8.FromUtf16(rest, bytes.AsSpan(length), out int read, out int written, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done)
                return bytes[..(length + written + 1)];
            length += written;
            rest = rest[read..];
            if (rest[0] is < (char)(Escape + 0x80) or > (char)(Escape + 0xff))
                throw new ArgumentException("A path is text: it holds no half of a surrogate pair.", nameof(path));
            bytes[length++] = (byte)(rest[0] - Escape);
            rest = rest[1..];
        }

        return bytes[..(length + 1)];
    }

    /// <summary>The text of a name without a NUL.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune);
            }
            else
            {
                for (int i = 0; i < consumed; i++)
                    text.Append((char)(Escape + bytes[i]));
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }
}
