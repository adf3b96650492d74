using System.Globalization;
using System.Runtime.InteropServices;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Images;
using Isolation.Fs.Tests.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>R10 of the project's security checks: with few descriptors or a small disk, each thing succeeds or names what there is too little of; then it is as before.</summary>
[NativeOnly]
public sealed class ScarcityTests
{
    private const string At = PrivateMounts.Folder;

    private const int Most = 40;

    private static readonly byte[] s_layer = new TarBuilder().Directory("d").File("d/f").File("d/e/g/h").Link("d/l", "f").HardLink("d/h", "d/f").File("d/.wh.none", "").Build();

    /// <summary>What is done, and what takes it back.</summary>
    private static readonly Dictionary<string, (Action Do, Action Undo)> s_kinds = new()
    {
        ["layer"] = (() => Layer.Unpack(At + "/new", [() => new MemoryStream(s_layer)]), () => Delete("new")),
        ["image"] = (Unpack, () => Delete("new")),
        ["cached image"] = (Cache, () => Delete("cache")),
        ["written layer"] = (WriteLayer, () => { }),
        ["file system"] = (() => FileSystemMount.Mount(new TmpfsOptions(), At + "/place"), Unmount),
        ["bind"] = (() => BindMount.Mount(At + "/tree", At + "/place", new MountChange { Set = MountAttributes.ReadOnly }), Unmount),
        ["overlay"] = (() => FileSystemMount.Mount(new OverlayOptions(At + "/tree", At + "/other"), At + "/place"), Unmount),
        ["mount beneath a root"] = (MountBeneath, Unmount),
        ["mount table"] = (() => Assert.NotEmpty(MountTable.Read()), () => { }),
        ["files"] = (UseFiles, () => Delete("files")),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [LinuxTheory(Needs.Root)]
    [MemberData(nameof(Kinds))]
    public void With_few_descriptors_it_succeeds_or_names_the_limit(string kind) => PrivateMounts.Run(UseFew, kind);

    private static void UseFew(string kind)
    {
        Prepare();
        (Action act, Action undo) = s_kinds[kind];

        // What the runtime loads for a success and for a failure, it loads before.
        act();
        undo();
        Assert.Throws<LinuxException>(() => RootDirectory.Open(At + "/none"));
        string before = Everything(), open = OpenHere();
        RunningProcess self = RunningProcess.Current;
        ResourceLimit usual = self.GetLimit(LimitedResource.OpenFiles);
        int succeeded = 0, failed = 0;
        for (int more = 0; more <= Most; more++)
        {
            LinuxException? refused = null;
            self.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(LimitFor(more), usual.Hard));
            try
            {
                act();
            }
            catch (LinuxException e)
            {
                refused = e;
            }
            finally
            {
                self.SetLimit(LimitedResource.OpenFiles, usual);
            }

            if (refused is null)
            {
                succeeded++;
                undo();
            }
            else
            {
                failed++;
                Assert.True(refused.Errno == Errno.EMFILE && refused.Message.Contains("RLIMIT_NOFILE", StringComparison.Ordinal), refused.Message);

                // What may have stayed, for want of a descriptor to delete it by, is marked and in nobody's way.
                Assert.False(Directory.Exists(At + "/new"));
                act();
                undo();
            }

            Assert.Equal(open, OpenHere());
            Assert.Equal(before, Everything());
        }

        // Both were met.
        Assert.True(succeeded > 0 && failed > 0, $"{succeeded} succeeded, {failed} failed");
    }

    [LinuxTheory(Needs.Root)]
    [InlineData("size")]
    [InlineData("nr_inodes")]
    public void A_full_disk_leaves_nothing_and_the_next_try_with_room_succeeds(string limit) => PrivateMounts.Run(FillDisk, limit);

    private static void FillDisk(string limit)
    {
        Prepare();
        PrivateMounts.Make("disk");
        Command.Run("mount", "-t", "tmpfs", "-o", limit == "size" ? "size=1m" : "nr_inodes=8", "isolation-full", At + "/disk").EnsureSuccess();
        using ImageLayout layout = ImageLayout.Open(Layout(new TarBuilder().File("small").File("large", new string('x', 2 << 20)).File("a/b/c/d/e/f").Build()));
        Image image = layout.Find();
        var cache = new ImageCache(At + "/disk/cache");
        foreach (Action act in (Action[])[() => image.Unpack(At + "/disk/image"), () => cache.Unpack(image)])
        {
            LinuxException e = Assert.Throws<LinuxException>(act);
            Assert.True(e.Errno == Errno.ENOSPC && e.Message.Contains(At + "/disk", StringComparison.Ordinal), e.Message);
        }

        Assert.Null(cache.TryFind(image));
        Assert.False(Directory.Exists(At + "/disk/image"));
        Assert.Empty(Directory.EnumerateFiles(At + "/disk", "*", SearchOption.AllDirectories));
        Command.Run("mount", "-o", "remount,size=16m,nr_inodes=1000", At + "/disk").EnsureSuccess();
        image.Unpack(At + "/disk/image");
        Assert.Equal(2 << 20, new FileInfo(cache.Unpack(image).Path + "/large").Length);
        Assert.True(File.Exists(At + "/disk/image/a/b/c/d/e/f"));
    }

    private static void Prepare()
    {
        PrivateMounts.Enter();
        foreach (string name in (string[])["place", "tree/d", "other"])
            PrivateMounts.Make(name);
        File.WriteAllText(At + "/tree/d/f", "f");
        Layout(s_layer);
    }

    private static string Layout(byte[] layer)
    {
        var layout = new LayoutBuilder(At + "/layout-" + layer.Length.ToString(CultureInfo.InvariantCulture));
        layout.Tag(layout.Image(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64", (LayoutBuilder.Gzip, HostileLayerCases.Gzip(layer), layer)), "tag");
        return layout.Folder;
    }

    private static void Unpack()
    {
        using ImageLayout layout = ImageLayout.Open(At + "/layout-" + s_layer.Length.ToString(CultureInfo.InvariantCulture));
        layout.Find().Unpack(At + "/new");
    }

    private static void Cache()
    {
        using ImageLayout layout = ImageLayout.Open(At + "/layout-" + s_layer.Length.ToString(CultureInfo.InvariantCulture));
        new ImageCache(At + "/cache").Unpack(layout.Find());
    }

    private static void WriteLayer()
    {
        using RootDirectory lower = RootDirectory.Open(At + "/other"), upper = RootDirectory.Open(At + "/tree");
        Layer.Write(lower, upper, new MemoryStream());
    }

    private static void MountBeneath()
    {
        using RootDirectory root = RootDirectory.Open(At);
        FileSystemMount.Mount(new TmpfsOptions(), new MountPlace(root, "place"));
    }

    private static void UseFiles()
    {
        using RootDirectory root = RootDirectory.Open(At);
        root.CreateDirectories("files/a/b");
        root.WriteFile("files/a/b/c", "text"u8);
        Assert.Equal("text", root.TryReadText("files/a/b/c", 10));
        Assert.Equal(3, root.Walk("files").Count());
        root.DeleteTree("files");
    }

    private static void Unmount() => AttachedMount.Unmount(At + "/place");

    private static void Delete(string name)
    {
        using RootDirectory root = RootDirectory.Open(At);
        root.DeleteTree(name);
    }

    /// <summary>The limit below which so many numbers are free: what is open leaves gaps.</summary>
    private static int LimitFor(int free)
    {
        int limit = 0;
        for (int seen = 0; seen < free || IsOpen(limit); limit++)
            seen += IsOpen(limit) ? 0 : 1;
        return limit;

        static bool IsOpen(int descriptor) => File.Exists($"/proc/self/fdinfo/{descriptor}");
    }

    /// <summary>The descriptors of what is worked with, closed by themselves and not by the collector. The runtime's own come and go.</summary>
    private static string OpenHere()
        => string.Join('\n', new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(f => $"{f.Name} {f.LinkTarget}").Where(d => d.Contains(' ' + At, StringComparison.Ordinal) || d.EndsWith(" /", StringComparison.Ordinal) || d.Contains("[fscontext]", StringComparison.Ordinal)).Order());

    private static string Everything() => File.ReadAllText("/proc/thread-self/mountinfo") + Command.Run("find", At, "-printf", "%P %y %m %U %G %l\n").EnsureSuccess().Output;
}
