namespace Isolation.Fs.Tests.Layers;

/// <summary>Changes archives at random: bytes, blocks, names, with a right checksum mostly, since what lies behind it is of interest.</summary>
internal static class LayerMutator
{
    private static readonly byte[][] s_seeds =
    [
        .. HostileLayerCases.All.Where(c => c.Layer.Length is > 1024 and < 8192 && c.Layer[0] is not (0x1f or 0x28)).Select(c => c.Layer),
        new TarBuilder().Directory("d").File("d/a").Link("d/l", "../../outside").HardLink("d/h", "d/a").File("d/.wh.x", "").Build(),
        new TarBuilder().Pax("path", "lower/new").File("x").Pax(("SCHILY.xattr.user.x", [1, 0, 255])).File("y").Build(),
    ];

    private static readonly string[] s_names = ["..", "../outside/canary", "out/canary", "up/canary", "/", ".", "d", "out", ".wh.lower", ".wh..wh..opq", "lower/file", "out-file", "d/../..", "lower/deep/../../../outside/canary"];

    public static byte[] Next(Random random)
    {
        byte[] bytes = (byte[])s_seeds[random.Next(s_seeds.Length)].Clone();
        for (int count = random.Next(1, 4); count > 0; count--)
            bytes = Change(bytes, random);
        return bytes;
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        int blocks = bytes.Length / 512;
        if (blocks < 2)
            return bytes;
        int block = random.Next(blocks) * 512;
        Span<byte> header = bytes.AsSpan(block, 512);
        switch (random.Next(9))
        {
            case 0:
                header[random.Next(512)] = (byte)random.Next(256);
                break;
            case 1:
                header[random.Next(512)] ^= (byte)(1 << random.Next(8));
                TarBuilder.Sign(header);
                break;
            case 2:
                header[..100].Clear();
                System.Text.Encoding.ASCII.GetBytes(s_names[random.Next(s_names.Length)]).CopyTo(header);
                TarBuilder.Sign(header);
                break;
            case 3:
                header[157..257].Clear();
                System.Text.Encoding.ASCII.GetBytes(s_names[random.Next(s_names.Length)]).CopyTo(header[157..]);
                TarBuilder.Sign(header);
                break;
            case 4:
                header[156] = (byte)"0123456LKxgS7"[random.Next(13)];
                TarBuilder.Sign(header);
                break;
            case 5:
                TarBuilder.Octal(header.Slice(124, 12), random.Next(3) == 0 ? random.NextInt64(1L << 33) : random.Next(2000));
                TarBuilder.Sign(header);
                break;
            case 6:
                // The same block twice, or another in its place.
                bytes.AsSpan(random.Next(blocks) * 512, 512).CopyTo(header);
                break;
            case 7:
                return [.. bytes[..block], .. s_seeds[random.Next(s_seeds.Length)]];
            default:
                return bytes[..random.Next(1, bytes.Length)];
        }

        return bytes;
    }
}
