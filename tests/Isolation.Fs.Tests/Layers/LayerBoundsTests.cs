using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>What a small layer could make of much time and memory, and forms of archives that are rare.</summary>
[NativeOnly]
public sealed class LayerBoundsTests : IDisposable
{
    private static readonly LayerOptions s_usual = new() { Privilege = LayerPrivilege.None };

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-bounds-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact]
    public void An_entry_has_1024_attributes_at_the_most()
    {
        static byte[] With(int count) => new TarBuilder().Pax([.. Enumerable.Range(0, count).Select(i => ($"SCHILY.xattr.x{i}", new byte[1])), ("path", "long name"u8.ToArray())]).File("f").Build();
        Assert.Equal([new LayerOmission("attribute", 1024, "long name")], Apply(s_usual, With(1024)).Omissions);
        LayerException e = Assert.Throws<LayerException>(() => Apply(s_usual, With(1025)));
        Assert.Equal((LayerFault.TooLarge, "long name"), (e.Fault, e.Entry));
    }

    [LinuxFact]
    public void Of_two_values_of_an_attribute_the_last_one_counts()
    {
        Apply(s_usual, new TarBuilder().Pax(("SCHILY.xattr.user.a", [1]), ("SCHILY.xattr.user.b", [2]), ("SCHILY.xattr.user.a", [3])).File("f").Build());
        using RootDirectory root = RootDirectory.Open(_folder);
        Assert.Equal([3], root.TryGetAttribute("f", "user.a"));
        Assert.Equal([2], root.TryGetAttribute("f", "user.b"));
    }

    [LinuxFact]
    public void What_was_left_out_has_few_kinds_whatever_the_names()
    {
        static byte[] Many(string prefix) => new TarBuilder().Pax([.. Enumerable.Range(0, 500).Select(i => ($"SCHILY.xattr.{prefix}{i}", new byte[1]))]).File("f").Build();
        LayerResult result = Layer.Unpack(Path.Combine(_folder, "new"), [() => new MemoryStream(Many("security.a")), () => new MemoryStream(Many("security.b")), () => new MemoryStream(Many("owner"))], s_usual);
        Assert.InRange(result.Omissions.Length, 2, 100);
        Assert.Equal(1500, result.Omissions.Where(o => o.What != "owner").Sum(o => o.Count));
    }

    [LinuxFact]
    public void Names_and_extended_headers_are_bounded_together()
    {
        LayerOptions options = s_usual with { Limits = new LayerLimits { MaxMetadataBytes = 10_000 } };
        string deep = string.Join('/', Enumerable.Repeat("d", 200));
        Assert.Equal(LayerFault.TooLarge, Assert.Throws<LayerException>(() => Apply(options, new TarBuilder().Pax("path", deep).File("f").Build())).Fault);
        Assert.Equal(LayerFault.TooLarge, Assert.Throws<LayerException>(() => Apply(options, new TarBuilder().Pax("comment", new string('x', 9_000)).File("f").Pax("comment", new string('x', 1_000)).File("g").Build())).Fault);
        Apply(options, new TarBuilder().Pax("comment", new string('x', 9_000)).File("f").Build());
    }

    // Each marker would list it again: 500 of them in a directory of 10,000 files are 5,000,000 looks.
    [LinuxFact]
    public void A_directory_is_made_opaque_once()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "d"));
        File.WriteAllText(Path.Combine(_folder, "d/old"), "");
        byte[] layer = new TarBuilder().File("d/new").File("d/.wh..wh..opq", "").File("large", new string('x', 600_000)).File("d/.wh..wh..opq", "").Build();
        string others = Path.Combine(_folder, "d/others");
        Apply(s_usual, new WatchedStream(layer, at => File.WriteAllText(at is > 300_000 and < 600_000 ? others : "/dev/null", "")));
        Assert.Equal(["new", "others"], Directory.GetFiles(Path.Combine(_folder, "d")).Select(Path.GetFileName).Order());
    }

    [LinuxFact]
    public void Cancelling_ends_it_at_the_next_entry()
    {
        using var cancelled = new CancellationTokenSource();
        var layer = new WatchedStream(new TarBuilder().File("f").File("g").Build(), _ => cancelled.Cancel());
        Assert.Throws<OperationCanceledException>(() => Apply(s_usual with { CancellationToken = cancelled.Token }, layer));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [LinuxFact]
    public void A_name_has_as_many_bytes_as_on_the_disk()
    {
        byte[] name = [.. Enumerable.Repeat((byte)0xe9, 255)];
        Apply(s_usual, new TarBuilder().Pax(("path", name)).File("f").Build());
        using RootDirectory root = RootDirectory.Open(_folder);
        Assert.Equal(255, Assert.Single(root.List("/")).Path.Length);
        Assert.Equal(LayerFault.TooLarge, Assert.Throws<LayerException>(() => Apply(s_usual, new TarBuilder().Pax(("path", [.. name, 0xe9])).File("f").Build())).Fault);
    }

    // As pzstd(1) writes it, and with more than one of them.
    [LinuxTheory]
    [InlineData(0x50)]
    [InlineData(0x5f)]
    public void Zstd_may_begin_with_a_frame_to_skip(byte magic)
    {
        byte[] tar = new TarBuilder().File("f").Build(), skipped = [magic, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        Apply(s_usual, [.. skipped, .. HostileLayerCases.Zstd(tar[..512]), .. skipped, .. HostileLayerCases.Zstd(tar[512..])]);
        Assert.Equal("text", File.ReadAllText(Path.Combine(_folder, "f")));
    }

    [LinuxFact]
    public void A_link_that_can_have_no_attribute_leaves_no_descriptor()
    {
        byte[] layer = new TarBuilder().Pax(("SCHILY.xattr.user.a", [1])).Link("l", "x").Build();
        for (int i = 0; i < 20; i++)
            Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => Apply(s_usual, layer)).Errno);
        Assert.Equal(0, Directory.GetFiles("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget == Path.Combine(_folder, "l")));
    }

    private LayerResult Apply(LayerOptions options, byte[] layer) => Apply(options, new MemoryStream(layer));

    private LayerResult Apply(LayerOptions options, Stream layer)
    {
        using RootDirectory root = RootDirectory.Open(_folder);
        return Layer.Apply(layer, root, options);
    }

    private sealed class WatchedStream(byte[] bytes, Action<long> onRead) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            onRead(Position);
            return base.Read(buffer, offset, count);
        }
    }
}
