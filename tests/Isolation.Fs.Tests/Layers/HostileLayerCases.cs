using System.IO.Compression;
using static System.Text.Encoding;

namespace Isolation.Fs.Tests.Layers;

/// <summary>T01: layers that somebody made to get out, to take too much, or to confuse. What each has to come to.</summary>
internal static class HostileLayerCases
{
    private static readonly string s_long = new('n', 255);

    public const string Fine = "", Unsafe = "Unsafe", Malformed = "Malformed", TooLarge = "TooLarge", Unsupported = "Unsupported";

    /// <summary>Name, archive, and the fault, the errno or nothing.</summary>
    public static IReadOnlyList<(string Name, byte[] Layer, string Outcome)> All { get; } =
    [
        .. Escapes(),
        .. Whiteouts(),
        .. Headers(),
        .. Extended(),
        .. Amounts(),
        .. Sparse(),
    ];

    private static (string, byte[], string)[] Escapes() =>
    [
        ("name leads upwards", Tar(t => t.File("../outside/new")), Unsafe),
        ("name leads upwards in the middle", Tar(t => t.File("lower/../../outside/canary")), Unsafe),
        ("name leads upwards at its end", Tar(t => t.Directory("lower/..")), Unsafe),
        ("name is dots only", Tar(t => t.File("..")), Unsafe),
        ("absolute name", Tar(t => t.File("/etc/new")), Fine),
        ("absolute name with slashes", Tar(t => t.File("////etc//new")), Fine),
        ("file through an absolute link of the root", Tar(t => t.File("out/new")), "ENOENT"),
        ("file through a relative link of the root", Tar(t => t.File("up/new")), "ENOENT"),
        ("file through a link of the layer", Tar(t => t.Link("way", "../outside").File("way/new")), "ENOENT"),
        ("file through two links", Tar(t => t.Link("a", "b").Link("b", "/../outside").File("a/canary")), "ENOENT"),
        ("file in a loop of links", Tar(t => t.Link("a", "b").Link("b", "a").File("a/x")), "ELOOP"),
        ("file over a link to outside", Tar(t => t.File("out-file", "stolen")), Fine),
        ("file over a link of the layer", Tar(t => t.Link("x", "../outside/canary").File("x", "stolen")), Fine),
        ("directory over a link to outside", Tar(t => t.Directory("out").File("out/canary", "stolen")), Fine),
        ("directory over a link and permissions", Tar(t => t.Directory("up", h => TarBuilder.Octal(h.AsSpan(100, 8), 0))), Fine),
        ("hard link to outside", Tar(t => t.HardLink("h", "../outside/canary")), Unsafe),
        ("hard link to outside, absolute", Tar(t => t.HardLink("h", "/outside/canary")), "ENOENT"),
        ("hard link through a link", Tar(t => t.HardLink("h", "out/canary")), "ENOENT"),
        ("hard link to a link, then written", Tar(t => t.HardLink("h", "out-file").File("h", "stolen")), Fine),
        ("hard link to a link, then as directory", Tar(t => t.HardLink("h", "out").File("h/canary", "stolen")), "ENOENT"),
        ("hard link to a directory", Tar(t => t.HardLink("h", "lower")), Unsafe),
        ("hard link to the root", Tar(t => t.HardLink("h", "/")), Unsafe),
        ("hard link to nothing", Tar(t => t.HardLink("h", "")), Unsafe),
        ("hard link to itself", Tar(t => t.File("h").HardLink("h", "h")), Fine),
        ("hard link to what is missing", Tar(t => t.HardLink("h", "missing")), "ENOENT"),
        ("link with no target", Tar(t => t.Link("l", "")), Malformed),
        ("root becomes a link", Tar(t => t.Link(".", "../outside")), Unsafe),
        ("root with the name of a file", Tar(t => t.File("/", "")), Fine),
        ("root becomes a FIFO", Tar(t => t.Entry("./", '6', [])), Unsafe),
        ("file in a file", Tar(t => t.File("f").File("f/x")), "ENOTDIR"),
        ("file, directory, file, directory", Tar(t => t.File("f").Directory("f").File("f/x").File("f").Directory("f").File("f/y")), Fine),
        ("directory that is held becomes a link", Tar(t => t.Directory("d").File("d/x").Link("d", "../outside").File("d/canary", "stolen")), "ENOENT"),
        ("directory above the held one becomes a link", Tar(t => t.File("d/e/x").Link("d", "../outside").File("d/etc/canary", "stolen")), "ENOENT"),
        ("FIFO, then written", Tar(t => t.Entry("f", '6', []).File("f")), Fine),
        ("device that overlayfs takes for a whiteout", Tar(t => t.Device("lower/file", '3', 0, 0)), Unsafe),
        ("device without a number", Tar(t => t.Device("d", '4', 0x1fffff, 1)), Malformed),
        ("name with a colon, a newline and an escape", Tar(t => t.File("a:b\nc\u001b[2J")), Fine),
    ];

    private static (string, byte[], string)[] Whiteouts() =>
    [
        ("whiteout through an absolute link", Tar(t => t.File("out/.wh.canary", "")), Fine),
        ("whiteout through a link of the layer", Tar(t => t.Link("etc", "../outside").File("etc/.wh.canary", "")), Fine),
        ("whiteout of a link", Tar(t => t.File(".wh.out", "")), Fine),
        ("whiteout of the directory", Tar(t => t.File("lower/.wh..", "")), Unsafe),
        ("whiteout of the directory above", Tar(t => t.File("lower/.wh...", "")), Unsafe),
        ("whiteout of nothing", Tar(t => t.File("lower/.wh.", "")), Unsafe),
        ("whiteout of the root", Tar(t => t.File(".wh..", "")), Unsafe),
        ("whiteout above a name", Tar(t => t.File(".wh.x/file")), Unsafe),
        ("whiteout of what is missing", Tar(t => t.File("no/such/.wh.file", "")), Fine),
        ("opaque root", Tar(t => t.File(".wh..wh..opq", "")), Fine),
        ("opaque through a link", Tar(t => t.File("out/.wh..wh..opq", "")), Fine),
        ("opaque through a link of the layer", Tar(t => t.Link("o", "../outside").File("o/.wh..wh..opq", "")), Fine),
        ("remains of AUFS", Tar(t => t.File(".wh..wh.plnk", "").Directory(".wh..wh.orph")), Fine),
        ("whiteout that is a directory", Tar(t => t.Directory("lower/.wh.deep")), Fine),
    ];

    private static (string, byte[], string)[] Headers() =>
    [
        ("wrong checksum", Flip(Tar(t => t.File("f")), 3), Malformed),
        ("checksum that is no number", Tar(t => t.Raw([.. Enumerable.Repeat((byte)0xff, 512)])), Malformed),
        ("negative size", Tar(t => t.File("f", change: h => h.AsSpan(124, 12).Fill(0xff))), Malformed),
        ("size in base 256 of 2^63", Tar(t => t.File("f", change: h => Base256(h, 124, 12, [0x80, 0, 0, 0, 0, 0, 0, 0]))), Malformed),
        ("size of 8 EiB less one", Tar(t => t.File("f", change: h => Base256(h, 124, 12, [0x7f, 255, 255, 255, 255, 255, 255, 255]))), TooLarge),
        ("size that is no number", Tar(t => t.File("f", change: h => ASCII.GetBytes("0000000zz1\0").CopyTo(h, 124))), Malformed),
        ("user id of minus one", Tar(t => t.File("f", change: h => h.AsSpan(108, 8).Fill(0xff))), Unsupported),
        ("user id of 2^32-1", Tar(t => t.Pax("uid", "4294967295").File("f")), Unsupported),
        ("user id of 2^32", Tar(t => t.Pax("uid", "4294967296").File("f")), Unsupported),
        ("time of minus a million years", Tar(t => t.Pax("mtime", "-31556952000000").File("f")), Fine),
        ("time that is none", Tar(t => t.Pax("mtime", "1.2.3").File("f")), Malformed),
        ("no name", Tar(t => t.File("")), Malformed),
        ("unknown type", Tar(t => t.Entry("f", 'Z', [])), Unsupported),
        ("lone block of zeros", Tar(t => t.File("f").Raw(new byte[512]).File("g")), Malformed),
        ("content after the end", [.. Tar(t => t.File("f")), .. Tar(t => t.File("../outside/new"))], Fine),
        ("no end", new TarBuilder().File("f").WithoutEnd(), Fine),
        ("end within the padding", new TarBuilder().File("f").WithoutEnd()[..^100], Fine),
        ("end within the content", new TarBuilder().File("f", "text").WithoutEnd()[..^510], Malformed),
        ("end before the content", new TarBuilder().File("f", "text").WithoutEnd()[..512], Malformed),
        ("end within a header", new TarBuilder().File("f", "text").File("g", "").WithoutEnd()[..^100], Malformed),
        ("end within the zeros", new TarBuilder().File("f").Build()[..^100], Malformed),
        ("one block of zeros", new TarBuilder().File("f").Build()[..^512], Fine),
        ("nothing at all", [], Fine),
        ("one byte", [1], Malformed),
        ("a text", ASCII.GetBytes(new string('x', 2000)), Malformed),
    ];

    private static (string, byte[], string)[] Extended() =>
    [
        ("path of a pax header leads upwards", Tar(t => t.Pax("path", "../outside/new").File("harmless")), Unsafe),
        ("link path of a pax header leads upwards", Tar(t => t.Pax("linkpath", "../outside/canary").HardLink("h", "lower/file")), Unsafe),
        ("path with a NUL", Tar(t => t.Pax("path", "lower/file\0/x").File("f")), Malformed),
        ("record that is too long", Tar(t => t.Entry("x", 'x', "999 path=x\n"u8.ToArray()).File("f")), Malformed),
        ("record that is too short", Tar(t => t.Entry("x", 'x', "3 p=x\n"u8.ToArray()).File("f")), Malformed),
        ("record without a length", Tar(t => t.Entry("x", 'x', "path=x\n"u8.ToArray()).File("f")), Malformed),
        ("record with a negative length", Tar(t => t.Entry("x", 'x', "-9 path=x\n"u8.ToArray()).File("f")), Malformed),
        ("size of a pax header is negative", Tar(t => t.Pax("size", "-1").File("f")), Malformed),
        ("size of a pax header overflows", Tar(t => t.Pax("size", "99999999999999999999").File("f")), Malformed),
        ("size of a pax header swallows the next entry", Tar(t => t.Pax("size", "1536").File("f").File("../outside/new")), Fine),
        ("size of a pax header swallows half of the next entry", Tar(t => t.Pax("size", "1000").File("f", "").File("g", new string('x', 600))), Malformed),
        ("extended header of 2 GB", Tar(t => t.Entry("x", 'x', [], change: h => TarBuilder.Octal(h.AsSpan(124, 12), 0x7fffffff))), TooLarge),
        ("extended header of minus one", Tar(t => t.Entry("x", 'x', [], change: h => h.AsSpan(124, 12).Fill(0xff))), TooLarge),
        ("GNU long name leads upwards", Tar(t => t.Entry("././@LongLink", 'L', "../outside/new\0"u8.ToArray()).File("f")), Unsafe),
        ("GNU long link leads upwards", Tar(t => t.Entry("././@LongLink", 'K', "../outside/canary\0"u8.ToArray()).HardLink("h", "x")), Unsafe),
        ("GNU long name of a gigabyte", Tar(t => t.Entry("././@LongLink", 'L', [], change: h => TarBuilder.Octal(h.AsSpan(124, 12), 1 << 30))), TooLarge),
        ("extended header and no entry", Tar(t => t.Pax("path", "x")), Malformed),
        ("global header with a path", Tar(t => t.Entry("g", 'g', TarBuilder.Record("path", "../outside/new"u8.ToArray())).File("f")), Fine),
        ("attribute of overlayfs, trusted", Tar(t => t.Pax("SCHILY.xattr.trusted.overlay.redirect", "/../../outside").Directory("d")), Fine),
        ("attribute of overlayfs, user", Tar(t => t.Pax("SCHILY.xattr.user.overlay.opaque", "y").Directory("d")), Fine),
        ("attribute without a name", Tar(t => t.Pax("SCHILY.xattr.", "y").File("f")), Malformed),
        ("attribute with a name of 300 bytes", Tar(t => t.Pax("SCHILY.xattr.user." + new string('x', 300), "y").File("f")), Malformed),
        ("attribute of 100 KB", Tar(t => t.Pax("SCHILY.xattr.user.x", new string('y', 100_000)).File("f")), Malformed),
        ("file capabilities that are none", Tar(t => t.Pax("SCHILY.xattr.security.capability", "nonsense").File("f")), "EINVAL"),
    ];

    private static (string, byte[], string)[] Amounts() =>
    [
        ("depth of 10,000", Tar(t => t.Pax("path", string.Join('/', Enumerable.Repeat("d", 10_000))).File("f")), TooLarge),
        ("name of 256 bytes", Tar(t => t.Pax("path", s_long + "n").File("f")), TooLarge),
        ("name of 255 bytes", Tar(t => t.Pax("path", s_long).File("f")), Fine),
        ("path of 4,095 bytes", Tar(t => t.Pax("path", string.Join('/', Enumerable.Repeat(s_long, 16))).File("f")), Fine),
        ("path of 4,096 bytes", Tar(t => t.Pax("path", $"{string.Join('/', Enumerable.Repeat(s_long, 15))}/{s_long[1..]}/x").File("f")), TooLarge),
        ("link of 4,096 bytes", Tar(t => t.Pax("linkpath", new string('l', 4096)).Link("l", "x")), "ENAMETOOLONG"),
        ("more entries than allowed", Tar(t => Enumerable.Range(0, 1001).Aggregate(t, (b, i) => b.Directory("same"))), TooLarge),
        ("more implied directories than allowed", Tar(t => Enumerable.Range(0, 10).Aggregate(t, (b, i) => b.Pax("path", $"a{i}/{string.Join('/', Enumerable.Repeat("d", 200))}").File("f"))), TooLarge),
        ("more headers than allowed", Tar(t => Enumerable.Range(0, 4001).Aggregate(t, (b, i) => b.Pax("path", "x")).File("f")), TooLarge),
        ("more bytes than allowed", Tar(t => t.File("f", new string('x', 2 << 20))), TooLarge),
        ("gzip bomb", Gzip(new byte[64 << 20]), TooLarge),
        ("zstd bomb", Zstd(Tar(t => t.Raw([.. Tar(b => b.Entry("f", '0', new byte[512 << 10])), .. new byte[64 << 20]]))), TooLarge),
        ("gzip that is none", [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7], Malformed),
        ("zstd that is none", [0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff], Malformed),
        ("gzip that is cut", Gzip(Tar(t => t.File("f", new string('x', 5000) + Guid.NewGuid())))[..^30], Malformed),
    ];

    private static (string, byte[], string)[] Sparse() =>
    [
        ("sparse file without parts", OldSparse(1000, 0), Fine),
        ("sparse file of 8 EiB", OldSparse(long.MaxValue, 0), TooLarge),
        ("sparse file with a negative size", OldSparse(-1, 0), Malformed),
        ("sparse file with a part behind its end", OldSparse(1000, 4, (999, 4)), Malformed),
        ("sparse file with a part that overflows", OldSparse(1 << 19, 4, (long.MaxValue, 4)), Malformed),
        ("sparse file with a negative part", OldSparse(1000, 4, (-4, 4)), Malformed),
        ("sparse file with a part of a negative length", OldSparse(1000, 4, (8, 8), (16, -4)), Malformed),
        ("sparse file with parts over one another", OldSparse(1000, 8, (0, 4), (2, 4)), Malformed),
        ("sparse file with more content than parts", OldSparse(1000, 8, (0, 4)), Malformed),
        ("sparse file with less content than parts", OldSparse(1000, 4, (0, 4), (8, 4)), Malformed),
        ("sparse file whose map goes on in its content", OldSparse(1000, 4, true, (0, 4)), Fine),
        ("sparse file whose map never ends", [.. OldSparse(1000, 0, true)[..512], .. Enumerable.Repeat((byte[])[.. new byte[504], 1, .. new byte[7]], 4000).SelectMany(b => b)], TooLarge),
        ("sparse file whose name leads upwards", Tar(t => t.Pax(Records("GNU.sparse.name=../outside/new", "GNU.sparse.size=9", "GNU.sparse.map=0,4")).File("f")), Unsafe),
        ("pax sparse file of 8 EiB", Tar(t => t.Pax("GNU.sparse.realsize", "9223372036854775807").File("f", "")), TooLarge),
        ("pax sparse file without a size", Tar(t => t.Pax("GNU.sparse.map", "0,4").File("f")), Malformed),
        ("pax sparse file with half a part", Tar(t => t.Pax(Records("GNU.sparse.size=9", "GNU.sparse.map=0,4,8")).File("f")), Malformed),
        ("pax sparse file with a number that is none", Tar(t => t.Pax(Records("GNU.sparse.size=9", "GNU.sparse.map=0,-4")).File("f")), Malformed),
        ("pax sparse file of version 2", Tar(t => t.Pax(Records("GNU.sparse.major=2", "GNU.sparse.minor=0", "GNU.sparse.realsize=9")).File("f")), Unsupported),
        ("map before the content", Sparse10("1\n4\n4\n", 9, "text"), Fine),
        ("map before the content that is longer than it", Sparse10("1000\n" + string.Concat(Enumerable.Repeat("0\n0\n", 100)), 9, ""), Malformed),
        ("map before the content with a huge count", Sparse10("4611686018427387904\n", 9, "text"), Malformed),
        ("map before the content with a long number", Sparse10(new string('1', 400) + "\n", 9, "text"), Malformed),
        ("map before the content that is none", Sparse10("text", 9, "text"), Malformed),
        ("map before the content of a file without any", Tar(t => t.Pax(Records("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=9")).File("f", "")), Malformed),
        ("directory with holes", Tar(t => t.Pax("GNU.sparse.realsize", "9").Directory("d")), Fine),
    ];

    private static byte[] OldSparse(long size, int content, params (long Offset, long Length)[] parts) => OldSparse(size, content, false, parts);

    private static byte[] OldSparse(long size, int content, bool goesOn, params (long Offset, long Length)[] parts)
        => Tar(t => t.Entry("f", 'S', new byte[content], change: h =>
        {
            Signed(h.AsSpan(483, 12), size);
            h[482] = goesOn ? (byte)1 : (byte)0;
            for (int i = 0; i < parts.Length; i++)
            {
                Signed(h.AsSpan(386 + (24 * i), 12), parts[i].Offset);
                Signed(h.AsSpan(398 + (24 * i), 12), parts[i].Length);
            }
        }));

    private static byte[] Sparse10(string map, long size, string content)
        => Tar(t => t.Pax(Records("GNU.sparse.major=1", "GNU.sparse.minor=0", $"GNU.sparse.realsize={size}")).File("f", map + new string('\0', -map.Length & 511) + content));

    private static (string, byte[])[] Records(params string[] records) => [.. records.Select(r => r.Split('=')).Select(r => (r[0], ASCII.GetBytes(r[1])))];

    // GNU's form of large and of negative numbers.
    private static void Signed(Span<byte> field, long value)
    {
        field.Fill(value < 0 ? (byte)0xff : (byte)0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(field[^8..], value);
        field[0] |= 0x80;
    }

    private static byte[] Tar(Func<TarBuilder, TarBuilder> build) => build(new TarBuilder()).Build();

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private static void Base256(byte[] header, int at, int length, byte[] value)
    {
        header.AsSpan(at, length).Clear();
        header[at] = 0x80;
        value.CopyTo(header, at + length - value.Length);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor(3);
        return compressor.Wrap(bytes).ToArray();
    }
}
