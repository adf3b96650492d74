using FsCheck.Xunit;
using Isolation.Fs.Layers;

namespace Isolation.Fs.Tests.Layers;

/// <summary>What is written is read again, whatever names, numbers and attributes it has.</summary>
[NativeOnly]
public sealed class TarRoundTripTests
{
    [Property(MaxTest = 1000)]
    public void An_entry_comes_back_as_it_was(byte[] name, byte[] link, uint user, uint group, long seconds, uint nanoseconds, ushort mode, byte type, byte[] value, ushort size)
    {
        char kind = "0123456"[type % 7];
        bool isDevice = kind is TarEntry.Character or TarEntry.Block;
        byte[] content = new byte[kind == TarEntry.Regular ? size : 0];
        var entry = new TarEntry
        {
            Type = kind,
            Name = Text(name) + "x",
            LinkName = Text(link),
            User = user,
            Group = group,
            Time = new FileTimestamp(seconds % (1L << 40), nanoseconds % 1_000_000_000),
            Mode = mode & 0xfff,
            Size = content.Length,
            DeviceMajor = isDevice ? mode & 0xfff : 0,
            DeviceMinor = isDevice ? size : 0,
            Attributes = value.Length % 2 == 1 ? [("user.x", value), ("security.capability", name)] : null,
        };
        var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        writer.WriteHeader(entry);
        writer.WriteContent(content);
        writer.WritePadding(content.Length);
        writer.End();
        Assert.Equal(0, archive.Length % 512);

        archive.Position = 0;
        var blocks = new TarBlocks(archive, _ => { });
        var reader = new TarArchive(blocks, new LayerLimits());
        TarEntry read = reader.ReadEntry()!;
        Assert.Equal(
            (entry.Type, entry.Name, entry.LinkName, entry.User, entry.Group, entry.Time, entry.Mode, entry.Size, entry.DeviceMajor, entry.DeviceMinor),
            (read.Type, read.Name, read.LinkName, read.User, read.Group, read.Time, read.Mode, read.Size, read.DeviceMajor, read.DeviceMinor));
        Assert.Equal(entry.Attributes?.Select(a => (a.Name, Convert.ToHexString(a.Value))), read.Attributes?.Select(a => (a.Name, Convert.ToHexString(a.Value))));
        blocks.Skip(read.Size);
        reader.SkipPadding(read.Size);
        Assert.Null(reader.ReadEntry());
    }

    [Property]
    public void A_time_of_a_file_and_a_DateTimeOffset_are_the_same(DateTimeOffset time)
        => Assert.Equal(time, FileTimestamp.FromDateTimeOffset(time).ToDateTimeOffset());

    // Names are any bytes but NUL; some long. Decoded in one piece, since the bytes of a character are no character each.
    private static string Text(byte[] bytes) => PathText.Decode([.. Enumerable.Repeat(bytes.Where(b => b != 0), bytes.Length % 5 == 0 ? 20 : 1).SelectMany(b => b)]);
}
