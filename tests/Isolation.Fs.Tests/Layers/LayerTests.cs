using System.Collections.Immutable;
using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>What layers that mean well become: owners, modes, times, links, attributes, whiteouts.</summary>
[NativeOnly]
public sealed class LayerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-layer-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxTheory(Needs.Root)]
    [InlineData("posix", "")]
    [InlineData("gnu", "gzip")]
    [InlineData("ustar", "zstd")]
    [InlineData("v7", "")]
    [InlineData("oldgnu", "")]
    public void What_tar_packs_is_unpacked_as_tar_would(string format, string compression)
    {
        string archive = At("archive.tar");
        RichTree.Make(At("source"), withLongNames: format is not ("ustar" or "v7"), withDevices: format != "v7");
        string[] attributes = format == "posix" ? ["--xattrs", "--xattrs-include=*"] : [];
        Command.Run("tar", [$"--format={format}", .. attributes, "--numeric-owner", "-cf", archive, "-C", At("source"), "."]).EnsureSuccess();
        Directory.CreateDirectory(At("theirs"));
        Command.Run("tar", [.. attributes, "--numeric-owner", "-xpf", archive, "-C", At("theirs")]).EnsureSuccess();
        byte[] bytes = File.ReadAllBytes(archive);
        bytes = compression switch { "gzip" => HostileLayerCases.Gzip(bytes), "zstd" => HostileLayerCases.Zstd(bytes), _ => bytes };
        LayerResult result = Unpack("ours", null, bytes);
        Assert.Empty(result.Omissions);
        Assert.Equal(Command.Run("tar", "-tf", archive).EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, result.Entries);
        Assert.Equal(TreePrint.Content(At("theirs")).Text, TreePrint.Content(At("ours")).Text);
    }

    [LinuxFact]
    public void Whiteouts_hide_what_lies_below_and_not_what_the_layer_brings()
    {
        byte[] lower = new TarBuilder().Directory("a").File("a/x").File("a/y").Directory("b").File("b/old").Directory("b/sub").File("b/sub/old").File("c").Directory("d").File("d/old").Build();
        byte[] upper = new TarBuilder().File("a/.wh.x", "").File("b/new").File("b/sub/new").File("b/.wh..wh..opq", "").File(".wh.c", "").File(".wh.d", "").File("d/new").Build();
        Unpack("root", null, lower, upper);
        Assert.Equal(["a", "a/y", "b", "b/new", "b/sub", "b/sub/new", "d", "d/new"], Paths("root"));
    }

    [LinuxFact]
    public void A_whiteout_after_what_it_names_is_about_the_layers_below()
    {
        byte[] lower = new TarBuilder().File("d/old").File("f", "old").Build();
        byte[] upper = new TarBuilder().File("d/new").File("f", "new").File(".wh.d", "").File(".wh.f", "").Build();
        Unpack("root", null, lower, upper);
        Assert.Equal(["d", "d/new", "f"], Paths("root"));
        Assert.Equal("new", File.ReadAllText(At("root/f")));
    }

    [LinuxFact]
    public void Times_of_directories_stay_when_files_come_later()
    {
        Unpack("root", null, new TarBuilder().Directory("./").Directory("d").File("d/a").Build(), new TarBuilder().File("d/b").Build());
        using RootDirectory root = RootDirectory.Open(At("root"));
        Assert.All((string[])["/", "d", "d/a", "d/b"], path => Assert.Equal(new FileTimestamp(1_000_000_000), root.GetStatus(path).LastWrite));
    }

    [LinuxFact]
    public void Times_after_the_latest_become_it()
    {
        var options = new LayerOptions { LatestTime = new FileTimestamp(500, 7), Privilege = LayerPrivilege.None };
        Unpack("root", options, new TarBuilder().Directory("d").Pax("mtime", "499.25").File("d/early").File("d/late").Link("d/link", "x").Build());
        using RootDirectory root = RootDirectory.Open(At("root"));
        Assert.Equal(new FileTimestamp(499, 250_000_000), root.GetStatus("d/early").LastWrite);
        Assert.All((string[])["d", "d/late", "d/link"], path => Assert.Equal(new FileTimestamp(500, 7), root.GetStatus(path, followLink: false).LastWrite));
    }

    [LinuxFact(Needs.Root)]
    public void Ids_are_mapped_and_those_without_a_place_are_refused()
    {
        ImmutableArray<LayerIdRange> map = [new(0, 100_000, 1000), new(1000, 5000, 1)];
        var options = new LayerOptions { UserMap = map, GroupMap = map };
        byte[] layer = new TarBuilder().Directory("d").Pax("uid", "1000").File("d/user").Pax("gid", "999").Link("d/link", "x").File("implied/too/f").Build();
        Unpack("root", options, layer);
        using RootDirectory root = RootDirectory.Open(At("root"));
        Assert.Equal((100_000u, 100_000u), (root.GetStatus("d").User, root.GetStatus("d").Group));
        Assert.All((string[])["/", "implied", "implied/too"], path => Assert.Equal((100_000u, 100_000u, (UnixFileMode)0x1ed), (root.GetStatus(path).User, root.GetStatus(path).Group, root.GetStatus(path).Permissions)));
        Assert.Equal(5000u, root.GetStatus("d/user").User);
        Assert.Equal(100_999u, root.GetStatus("d/link", followLink: false).Group);
        LayerException e = Assert.Throws<LayerException>(() => Unpack("other", options, new TarBuilder().Pax("uid", "1001").File("f").Build()));
        Assert.Equal((LayerFault.Unsupported, "f"), (e.Fault, e.Entry));
        Assert.False(Directory.Exists(At("other")));
    }

    [LinuxFact(Needs.Root)]
    public void File_capabilities_and_other_attributes_are_bytes()
    {
        // CAP_SETUID is bit 7: no text.
        byte[] capability = [1, 0, 0, 2, 0x80, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] layer = new TarBuilder().Pax(("SCHILY.xattr.security.capability", capability), ("SCHILY.xattr.trusted.x", [0, 10, 255]), ("SCHILY.xattr.user.overlay.opaque", [1]), ("SCHILY.xattr.security.selinux", [1]))
            .File("f", change: h => TarBuilder.Octal(h.AsSpan(100, 8), 0x9ed /* 04755 */)).Build();
        LayerResult result = Unpack("root", null, layer);
        using RootDirectory root = RootDirectory.Open(At("root"));
        Assert.Equal(capability, root.TryGetAttribute("f", "security.capability")!);
        Assert.Equal([0, 10, 255], root.TryGetAttribute("f", "trusted.x")!);
        Assert.Null(root.TryGetAttribute("f", "user.overlay.opaque"));
        Assert.Equal((UnixFileMode)0x9ed, root.GetStatus("f").Permissions);
        Assert.Equal(["security.selinux", "user.overlay.opaque"], result.Omissions.Select(o => o.What));
    }

    [LinuxFact]
    public void An_ordinary_user_is_told_what_he_cannot_do()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ff);
        CommandResult result = FreshProcess.RunAsUser(UnpackAsUser, At("root"));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [LinuxFact]
    public void A_failed_unpack_leaves_nothing()
    {
        using var check = new ResidueCheck();
        byte[] good = new TarBuilder().Directory("d").File("d/f").Build();
        Assert.Throws<LayerException>(() => Unpack("root", null, good, good[..1600]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Unpack("no/such/root", null, good)).Errno);
        Unpack("root", null, good);
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Unpack("root", null, good)).Errno);
        Assert.Equal(["d", "d/f"], Paths("root"));
    }

    [LinuxFact]
    public void What_a_killed_unpack_left_is_replaced_but_not_that_of_one_that_runs()
    {
        Directory.CreateDirectory(At("root.incomplete/rest"));
        using (var other = UnpackPlace.Open(At("other"), new LayerOptions()))
        {
            Assert.Equal(LayerFault.Busy, Assert.Throws<LayerException>(() => Unpack("other", null, new TarBuilder().File("f").Build())).Fault);
            other.Complete();
        }

        Unpack("root", null, new TarBuilder().File("f").Build());
        Assert.Equal(["f"], Paths("root"));
        Assert.Equal(["other", "root"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [LinuxFact(Needs.Root)]
    public void A_full_disk_is_told_and_nothing_stays()
    {
        CommandResult result = FreshProcess.Run(["unshare", "--mount"], UnpackOnFullDisk, [_folder]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [LinuxFact]
    public void Progress_is_told()
    {
        long last = 0;
        Unpack("root", new LayerOptions { Progress = new Told(bytes => last = bytes), Privilege = LayerPrivilege.None }, new TarBuilder().File("f", new string('x', 300_000)).Build());
        Assert.InRange(last, 300_000, 303_104);
    }

    private static void UnpackAsUser(string folder)
    {
        byte[] layer = new TarBuilder()
            .Directory("closed", h => TarBuilder.Octal(h.AsSpan(100, 8), 0x16d /* 0555 */)).File("closed/f").Directory("closed/none", h => TarBuilder.Octal(h.AsSpan(100, 8), 0)).File("closed/none/f")
            .Device("null", '3', 1, 3).Pax("SCHILY.xattr.trusted.x", "y").File("t").Build();
        byte[] next = new TarBuilder().File("closed/second").File("closed/.wh.f", "").Device("t", '4', 8, 1).Build();
        LayerResult result = Layer.Unpack(folder, [() => new MemoryStream(layer), () => new MemoryStream(next)]);
        Assert.Equal([("device", 2, "null"), ("owner", 6, "closed"), ("trusted.x", 1, "t")], result.Omissions.Select(o => (o.What, o.Count, o.FirstPath)));
        Assert.Equal((UnixFileMode)0x16d, File.GetUnixFileMode(folder + "/closed"));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder + "/closed/none"));
        Assert.True(File.Exists(folder + "/closed/second"));
        Assert.False(File.Exists(folder + "/closed/f"));
        Assert.False(File.Exists(folder + "/t"));
        using RootDirectory root = RootDirectory.Open(Path.GetDirectoryName(folder)!);
        Assert.True(root.DeleteTree(Path.GetFileName(folder)));
    }

    private static void UnpackOnFullDisk(string folder)
    {
        Command.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder).EnsureSuccess();
        byte[] layer = new TarBuilder().File("small").File("large", new string('x', 2 << 20)).Build();
        LinuxException e = Assert.Throws<LinuxException>(() => Layer.Unpack(folder + "/root", [() => new MemoryStream(layer)]));
        Assert.Equal(Errno.ENOSPC, e.Errno);
        Assert.Contains("large", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private LayerResult Unpack(string name, LayerOptions? options, params byte[][] layers)
        => Layer.Unpack(At(name), layers.Select(l => (Func<Stream>)(() => new MemoryStream(l))), options);

    private string[] Paths(string name)
    {
        using RootDirectory root = RootDirectory.Open(At(name));
        return [.. root.Walk().Select(e => e.Path)];
    }

    private string At(string path) => Path.Combine(_folder, path);

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
