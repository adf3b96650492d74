using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Tests;

/// <summary>Making, changing and removing files below a root, beside a canary outside that stays as it is.</summary>
public abstract class RootEntryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-entries-").FullName;
    private readonly RootDirectory _root;
    private readonly TreePrint _outside;

    protected RootEntryTests(bool inUserSpace)
    {
        Directory.CreateDirectory(At(""));
        Directory.CreateDirectory(Path.Combine(_folder, "outside", "etc"));
        File.WriteAllText(Path.Combine(_folder, "outside", "etc", "canary"), "sings");
        File.CreateSymbolicLink(At("out"), Path.Combine(_folder, "outside"));
        File.CreateSymbolicLink(At("up"), "../outside");
        File.CreateSymbolicLink(At("out-file"), Path.Combine(_folder, "outside", "etc", "canary"));
        _outside = TreePrint.Of(Path.Combine(_folder, "outside"));
        _root = RootDirectory.Open(At(""), Resolvers.Get(inUserSpace));
    }

    public void Dispose()
    {
        _root.Dispose();
        Assert.Equal(_outside, TreePrint.Of(Path.Combine(_folder, "outside")));
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [LinuxFact]
    public void A_file_is_made_read_and_replaced()
    {
        _root.WriteFile("/file", "first, and long"u8, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("file")));
        _root.WriteFile("file", "second"u8);
        Assert.Equal("second", File.ReadAllText(At("file")));
        Assert.Equal("second"u8.ToArray(), _root.TryReadBytes("file", 100));
    }

    [LinuxFact]
    public void A_read_that_fails_names_the_file()
    {
        using RootDirectory proc = RootDirectory.Open("/proc/self");
        LinuxException e = Assert.Throws<LinuxException>(() => proc.TryReadBytes("mem", 4096));
        Assert.Equal((Errno.EIO, "read", "mem in /proc/self", "pread64"), (e.Errno, e.Operation, e.Target, e.Call));
    }

    [LinuxTheory]
    [InlineData(FileMode.CreateNew, Errno.EEXIST, Errno.None)]
    [InlineData(FileMode.Open, Errno.None, Errno.ENOENT)]
    [InlineData(FileMode.Truncate, Errno.None, Errno.ENOENT)]
    [InlineData(FileMode.OpenOrCreate, Errno.None, Errno.None)]
    [InlineData(FileMode.Create, Errno.None, Errno.None)]
    [InlineData(FileMode.Append, Errno.None, Errno.None)]
    public void Each_way_to_open_finds_or_makes(FileMode mode, Errno whenThere, Errno whenMissing)
    {
        File.WriteAllText(At("there"), "text");
        Assert.Equal(whenThere, Try(() => _root.OpenFile("there", mode, FileAccess.Write).Dispose()));
        Assert.Equal(whenMissing, Try(() => _root.OpenFile("missing", mode, FileAccess.Write).Dispose()));
        Assert.Equal(mode is FileMode.Create or FileMode.Truncate ? 0 : 4, new FileInfo(At("there")).Length);
    }

    [LinuxFact]
    public void A_link_to_nowhere_inside_is_where_the_file_is_made()
    {
        Directory.CreateDirectory(At("etc"));
        File.CreateSymbolicLink(At("resolv.conf"), "/etc/real");
        _root.WriteFile("resolv.conf", "text"u8);
        Assert.Equal("text", File.ReadAllText(At("etc/real")));
        File.CreateSymbolicLink(At("other"), "/etc/none");
        Assert.Equal(Errno.EEXIST, Try(() => _root.OpenFile("other", FileMode.CreateNew, FileAccess.Write).Dispose()));
        Assert.False(File.Exists(At("etc/none")));
    }

    // The canary would change, or a file appear beside it.
    [LinuxFact]
    public void Nothing_outside_is_made_changed_or_removed_through_a_link()
    {
        foreach (string way in (string[])["out", "up", "../outside", "/../outside"])
        {
            Assert.Equal(Errno.ENOENT, Try(() => _root.WriteFile($"{way}/etc/new", "x"u8)));
            Assert.Equal(Errno.ENOENT, Try(() => _root.CreateDirectory($"{way}/etc/new")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.CreateSymbolicLink($"{way}/etc/new", "x")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.CreateHardLink("new", $"{way}/etc/canary")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.CreateFifo($"{way}/etc/new")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.Rename($"{way}/etc/canary", "stolen")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.DeleteFile($"{way}/etc/canary")));
            Assert.Equal(Errno.ENOENT, Try(() => _root.DeleteDirectory($"{way}/etc")));
            Assert.Equal(Errno.None, Try(() => Assert.False(_root.DeleteTree($"{way}/etc/canary") && _root.DeleteTree($"{way}/etc"))));
            Assert.Equal(Errno.ENOENT, Try(() => _root.SetPermissions($"{way}/etc/canary", UnixFileMode.None)));
            Assert.Equal(Errno.ENOENT, Try(() => _root.SetOwner($"{way}/etc/canary", 1, 1)));
            Assert.Equal(Errno.ENOENT, Try(() => _root.SetTimes($"{way}/etc/canary", default, default)));
            Assert.Equal(Errno.ENOENT, Try(() => _root.SetAttribute($"{way}/etc/canary", "user.x", "y"u8)));
            Assert.Equal(Errno.ENOENT, Try(() => _root.List($"{way}/etc")));
            Assert.Null(_root.TryGetStatus($"{way}/etc/canary"));
        }

        // Through the link itself: it leads to a place in the root that is not there.
        Assert.Equal(Errno.ENOENT, Try(() => _root.WriteFile("out-file", "x"u8)));
        Assert.Equal(Errno.ENOENT, Try(() => _root.SetPermissions("out-file", UnixFileMode.None)));
        _root.CreateHardLink("linked", "out-file");
        Assert.Equal(Path.Combine(_folder, "outside", "etc", "canary"), _root.ReadLink("linked"));
    }

    [LinuxFact]
    public void Directories_are_made_as_far_as_they_are_missing()
    {
        _root.CreateDirectories("/a/b/c/");
        _root.CreateDirectories("a/b/c/d/../e//f");
        Assert.True(Directory.Exists(At("a/b/c/e/f")));
        Assert.True(Directory.Exists(At("a/b/c/d")));
        _root.CreateDirectories("/");
        File.CreateSymbolicLink(At("a/link"), "/a/b");
        _root.CreateDirectories("a/link/new");
        Assert.True(Directory.Exists(At("a/b/new")));
        File.WriteAllText(At("a/file"), "");
        Assert.Equal(Errno.ENOTDIR, Try(() => _root.CreateDirectories("a/file/x")));
        Assert.Equal(Errno.ENOENT, Try(() => _root.CreateDirectories("out/x")));
        Assert.Equal(Errno.EEXIST, Try(() => _root.CreateDirectory("a")));
        _root.CreateDirectory("a/private", UnixFileMode.UserRead);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(At("a/private")));
    }

    [LinuxFact]
    public void Links_are_read_and_looked_at_themselves()
    {
        _root.CreateSymbolicLink("link", "/file");
        _root.WriteFile("file", "12345"u8);
        Assert.Equal("/file", _root.ReadLink("link"));
        Assert.Equal(FileKind.SymbolicLink, _root.GetStatus("link", followLink: false).Kind);
        Assert.Equal((FileKind.Regular, 5L), (_root.GetStatus("link").Kind, _root.GetStatus("link").Size));
        Assert.Equal(Errno.EINVAL, Try(() => _root.ReadLink("file")));
    }

    [LinuxFact]
    public void A_hard_link_is_the_same_file()
    {
        _root.WriteFile("one", "x"u8);
        _root.CreateHardLink("two", "one");
        FileStatus one = _root.GetStatus("one"), two = _root.GetStatus("two");
        Assert.Equal((one.Inode, 2u), (two.Inode, two.Links));
    }

    [LinuxFact]
    public void A_rename_replaces_refuses_or_exchanges()
    {
        _root.WriteFile("a", "a"u8);
        _root.WriteFile("b", "b"u8);
        Assert.Equal(Errno.EEXIST, Try(() => _root.Rename("a", "b", RenameMode.NoReplace)));
        _root.Rename("a", "b", RenameMode.Exchange);
        Assert.Equal("b", File.ReadAllText(At("a")));
        _root.Rename("a", "b");
        Assert.Equal("b", File.ReadAllText(At("b")));
        Assert.False(File.Exists(At("a")));
    }

    [LinuxFact(Needs.Root)]
    public void Devices_and_FIFOs_have_their_numbers_and_kinds()
    {
        _root.CreateDevice("null", FileKind.CharacterDevice, 1, 3, (UnixFileMode)0x80);
        _root.CreateDevice("disk", FileKind.BlockDevice, 259, 0x12345);
        _root.CreateFifo("fifo");
        FileStatus nothing = _root.GetStatus("null"), disk = _root.GetStatus("disk");
        Assert.Equal((FileKind.CharacterDevice, 1u, 3u, (UnixFileMode)0x80), (nothing.Kind, nothing.DeviceMajor, nothing.DeviceMinor, nothing.Permissions));
        Assert.Equal((FileKind.BlockDevice, 259u, 0x12345u), (disk.Kind, disk.DeviceMajor, disk.DeviceMinor));
        Assert.Equal(FileKind.Fifo, _root.GetStatus("fifo").Kind);
        Assert.Equal(Errno.ENXIO, Try(() => _root.OpenFile("fifo", FileMode.Open, FileAccess.Write).Dispose()));
    }

    [LinuxFact(Needs.Root)]
    public void Owner_permissions_and_times_are_set_to_the_nanosecond()
    {
        _root.WriteFile("file", ""u8);
        _root.CreateSymbolicLink("link", "file");
        _root.SetOwner("link", 12, 34, followLink: false);
        _root.SetOwner("link", 56, null);
        _root.SetPermissions("link", (UnixFileMode)0x9e4);
        _root.SetTimes("link", new FileTimestamp(1, 2), new FileTimestamp(-5, 999_999_999));
        _root.SetTimes("link", new FileTimestamp(7, 8), new FileTimestamp(9, 10), followLink: false);
        Assert.Throws<ArgumentOutOfRangeException>(() => _root.SetTimes("file", new FileTimestamp(0, 1_000_000_000), default));
        FileStatus file = _root.GetStatus("file"), link = _root.GetStatus("link", followLink: false);
        Assert.Equal((56u, 0u, (UnixFileMode)0x9e4), (file.User, file.Group, file.Permissions));
        Assert.Equal((new FileTimestamp(1, 2), new FileTimestamp(-5, 999_999_999)), (file.LastAccess, file.LastWrite));
        Assert.Equal((12u, 34u, new FileTimestamp(9, 10)), (link.User, link.Group, link.LastWrite));
    }

    [LinuxFact(Needs.Root)]
    public void Extended_attributes_come_and_go_on_files_without_permissions_too()
    {
        _root.WriteFile("file", ""u8, UnixFileMode.None);
        _root.CreateSymbolicLink("link", "file");
        byte[] value = [0, 1, 0xff, 0];
        _root.SetAttribute("link", "trusted.isolation", value);
        _root.SetAttribute("link", "trusted.link", ""u8, followLink: false);
        Assert.Equal(["trusted.isolation"], _root.ListAttributes("file"));
        Assert.Equal(value, _root.TryGetAttribute("file", "trusted.isolation"));
        Assert.Equal([], _root.TryGetAttribute("link", "trusted.link", followLink: false)!);
        _root.RemoveAttribute("file", "trusted.isolation");
        Assert.Null(_root.TryGetAttribute("file", "trusted.isolation"));
        Assert.Equal(Errno.ENODATA, Try(() => _root.RemoveAttribute("file", "trusted.isolation")));
    }

    [LinuxTheory]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("out/..")]
    [InlineData("///")]
    public void A_path_that_ends_in_no_name_is_no_entry(string path)
    {
        Assert.Equal(Errno.EINVAL, Try(() => _root.CreateDirectory(path)));
        Assert.Equal(Errno.EINVAL, Try(() => _root.DeleteTree(path)));
        Assert.Equal(Errno.EINVAL, Try(() => _root.Rename("out", path)));
    }

    [LinuxFact]
    public void Names_that_are_no_UTF_8_are_kept()
    {
        byte[] name = [0x66, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80];
        Assert.Equal(name, PathText.Encode(PathText.Decode(name))[..^1]);
        _root.WriteFile(PathText.Decode(name), "x"u8);
        RootEntry entry = Assert.Single(_root.List(), e => e.Status.IsRegularFile);
        Assert.Equal(PathText.Decode(name), entry.Name);
        _root.DeleteFile(entry.Name);
        Assert.Equal(3, _root.List().Length);
        Assert.Throws<ArgumentException>(() => _root.WriteFile("\ud800", "x"u8));
    }

    [LinuxFact]
    public void Names_of_255_bytes_are_the_longest()
    {
        _root.CreateDirectory(new string('x', 255));
        Assert.Equal(Errno.ENAMETOOLONG, Try(() => _root.CreateDirectory(new string('x', 256))));
        Assert.Equal(Errno.ENAMETOOLONG, Try(() => _root.CreateDirectories(string.Join('/', Enumerable.Repeat("a", 2100)))));
    }

    [LinuxFact]
    public void The_space_is_that_of_the_file_system()
    {
        FileSystemSpace space = _root.GetSpace();
        var drive = new DriveInfo(_folder);
        Assert.Equal(drive.TotalSize, space.TotalBytes);
        Assert.InRange(space.AvailableBytes, 0, space.TotalBytes);
    }

    [LinuxFact]
    public void No_descriptor_is_left()
    {
        Work();
        using var check = new ResidueCheck();
        Work();

        void Work()
        {
            _root.CreateDirectories("work/a/b");
            _root.WriteFile("work/a/file", "x"u8);
            _root.Rename("work/a/file", "work/a/b/file");
            Assert.Equal(Errno.ENOTDIR, Try(() => _root.CreateDirectories("work/a/b/file/c")));
            Assert.Equal(3, _root.Walk("work").Count());
            Assert.Single(_root.Walk("work").Take(1));
            using (SafeFileHandle file = _root.OpenRead("work/a/b/file"))
                Assert.True(RandomAccess.GetLength(file) > 0);
            Assert.True(_root.DeleteTree("work"));
        }
    }

    private string At(string path) => Path.Combine(_folder, "root", path);

    private static Errno Try(Action action)
    {
        try
        {
            action();
            return Errno.None;
        }
        catch (LinuxException e)
        {
            Assert.False(string.IsNullOrEmpty(e.Operation));
            return e.Errno;
        }
    }
}
