using System.Globalization;
using System.Text;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Archives byte by byte, also such as no writer makes.</summary>
internal sealed class TarBuilder
{
    private readonly List<byte> _bytes = [];

    public TarBuilder File(string name, string content = "text", Action<byte[]>? change = null) => Entry(name, '0', Encoding.UTF8.GetBytes(content), change: change);

    public TarBuilder Directory(string name, Action<byte[]>? change = null) => Entry(name, '5', [], change: change);

    public TarBuilder Link(string name, string target) => Entry(name, '2', [], target);

    public TarBuilder HardLink(string name, string target) => Entry(name, '1', [], target);

    public TarBuilder Device(string name, char type, int major, int minor)
        => Entry(name, type, [], change: h =>
        {
            Octal(h.AsSpan(329, 8), major);
            Octal(h.AsSpan(337, 8), minor);
        });

    public TarBuilder Pax(params (string Key, byte[] Value)[] records)
    {
        byte[] all = [.. records.SelectMany(r => Record(r.Key, r.Value))];
        return Entry("PaxHeaders/x", 'x', all);
    }

    public TarBuilder Pax(string key, string value) => Pax((key, Encoding.UTF8.GetBytes(value)));

    public TarBuilder Entry(string name, char type, byte[] content, string link = "", Action<byte[]>? change = null)
    {
        byte[] header = Header(name, type, content.Length, link);
        if (change is not null)
        {
            change(header);
            Sign(header);
        }

        _bytes.AddRange(header);
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] Build() => [.. _bytes, .. new byte[1024]];

    public byte[] WithoutEnd() => [.. _bytes];

    public static byte[] Record(string key, byte[] value)
    {
        byte[] body = [(byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n'];
        int length = body.Length + 1;
        while (body.Length + length.ToString(CultureInfo.InvariantCulture).Length > length)
            length++;
        return [.. Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)), .. body];
    }

    public static void Octal(Span<byte> field, long value)
        => Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0') + "\0").CopyTo(field);

    /// <summary>Puts the right checksum into a header.</summary>
    public static void Sign(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    private static byte[] Header(string name, char type, long size, string link)
    {
        byte[] header = new byte[512];
        Encoding.UTF8.GetBytes(name)[..Math.Min(100, Encoding.UTF8.GetByteCount(name))].CopyTo(header, 0);
        Octal(header.AsSpan(100, 8), type == '5' ? 0x1ed : 0x1a4);
        Octal(header.AsSpan(108, 8), 0);
        Octal(header.AsSpan(116, 8), 0);
        Octal(header.AsSpan(124, 12), size);
        Octal(header.AsSpan(136, 12), 1_000_000_000);
        header[156] = (byte)type;
        Encoding.UTF8.GetBytes(link)[..Math.Min(100, Encoding.UTF8.GetByteCount(link))].CopyTo(header, 157);
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        Sign(header);
        return header;
    }
}
