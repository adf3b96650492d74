using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Names and paths that are longer than the kernel takes (path_resolution(7)): each operation says so, names the path, and leaves nothing.</summary>
[NativeOnly]
public sealed class LongNameTests : IDisposable
{
    private static readonly FileTimestamp s_time = new(1);

    private static readonly Dictionary<string, Action<RootDirectory, string>> s_operations = new()
    {
        ["OpenRoot"] = (r, p) => r.OpenRoot(p).Dispose(),
        ["OpenRead"] = (r, p) => r.OpenRead(p).Dispose(),
        ["OpenFile"] = (r, p) => r.OpenFile(p, FileMode.OpenOrCreate, FileAccess.Write).Dispose(),
        ["WriteFile"] = (r, p) => r.WriteFile(p, "x"u8),
        ["TryReadBytes"] = (r, p) => r.TryReadBytes(p, 1),
        ["TryReadText"] = (r, p) => r.TryReadText(p, 1),
        ["CreateDirectory"] = (r, p) => r.CreateDirectory(p),
        ["CreateDirectories"] = (r, p) => r.CreateDirectories(p),
        ["CreateFifo"] = (r, p) => r.CreateFifo(p),
        ["CreateDevice"] = (r, p) => r.CreateDevice(p, FileKind.CharacterDevice, 1, 3),
        ["CreateSymbolicLink"] = (r, p) => r.CreateSymbolicLink(p, "x"),
        ["CreateHardLink"] = (r, p) => r.CreateHardLink(p, "file"),
        ["CreateHardLink, existing"] = (r, p) => r.CreateHardLink("new", p),
        ["Rename"] = (r, p) => r.Rename("file", p),
        ["Rename, old"] = (r, p) => r.Rename(p, "new"),
        ["DeleteFile"] = (r, p) => r.DeleteFile(p),
        ["DeleteDirectory"] = (r, p) => r.DeleteDirectory(p),
        ["DeleteTree"] = (r, p) => r.DeleteTree(p),
        ["GetStatus"] = (r, p) => r.GetStatus(p),
        ["GetStatus, link"] = (r, p) => r.GetStatus(p, followLink: false),
        ["TryGetStatus"] = (r, p) => r.TryGetStatus(p),
        ["TryGetStatus, link"] = (r, p) => r.TryGetStatus(p, followLink: false),
        ["GetSpace"] = (r, p) => r.GetSpace(p),
        ["ReadLink"] = (r, p) => r.ReadLink(p),
        ["List"] = (r, p) => r.List(p),
        ["Walk"] = (r, p) => Assert.NotEmpty(r.Walk(p)),
        ["SetOwner"] = (r, p) => r.SetOwner(p, 0, 0),
        ["SetOwner, link"] = (r, p) => r.SetOwner(p, 0, 0, followLink: false),
        ["SetPermissions"] = (r, p) => r.SetPermissions(p, UnixFileMode.UserRead),
        ["SetTimes"] = (r, p) => r.SetTimes(p, s_time, s_time),
        ["SetTimes, link"] = (r, p) => r.SetTimes(p, s_time, s_time, followLink: false),
        ["ListAttributes"] = (r, p) => r.ListAttributes(p),
        ["TryGetAttribute"] = (r, p) => r.TryGetAttribute(p, "user.x"),
        ["SetAttribute"] = (r, p) => r.SetAttribute(p, "user.x", "y"u8),
        ["RemoveAttribute"] = (r, p) => r.RemoveAttribute(p, "user.x"),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-long-").FullName;

    public LongNameTests()
    {
        Directory.CreateDirectory(_folder + "/d");
        File.WriteAllText(_folder + "/file", "");
    }

    public static TheoryData<string> Operations => [.. s_operations.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxTheory]
    [MemberData(nameof(Operations))]
    public void A_name_or_a_path_that_is_too_long_is_named_and_leaves_nothing(string operation)
    {
        string name = new('n', 256), deep = string.Concat(Enumerable.Repeat("d/", 2500));
        using var nothingLeft = new ResidueCheck();
        foreach (bool inUserSpace in (bool[])[false, true])
        {
            using RootDirectory root = RootDirectory.Open(_folder, Resolvers.Get(inUserSpace));
            foreach (string path in (string[])[name, "d/" + name, name + "/d", new string('ä', 128), deep, deep[..4095] + "d", "/" + deep[..4095], new string('p', 5000), new string('/', 4095) + "d"])
            {
                LinuxException e = Assert.Throws<LinuxException>(() => s_operations[operation](root, path));
                Assert.True(e.Errno == Errno.ENAMETOOLONG, $"{path.Length} characters: {e.Message}");
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal(["d", "file"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder + "/d"));
    }

    // The control, and the boundary: one byte less is taken.
    [LinuxTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_longest_names_and_paths_are_taken(bool inUserSpace)
    {
        using RootDirectory root = RootDirectory.Open(_folder, Resolvers.Get(inUserSpace));
        string name = new('n', 255), path = string.Join('/', Enumerable.Repeat(name, 16));
        Assert.Equal(4095, path.Length);
        root.CreateDirectories(Path.GetDirectoryName(path)!);
        root.WriteFile(path, "text"u8);
        Assert.Equal("text", root.TryReadText(path, 10));
        Assert.Equal(16, root.Walk(name).Count() + 1);
        Assert.True(root.DeleteTree(name));
    }

    [LinuxFact]
    public void The_target_of_a_link_and_the_name_of_an_attribute_have_their_limits()
    {
        using RootDirectory root = RootDirectory.Open(_folder);
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => root.CreateSymbolicLink("link", new string('l', 4096))).Errno);
        root.CreateSymbolicLink("link", new string('l', 4095));
        Assert.Equal(4095, root.ReadLink("link").Length);
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => root.GetStatus("link")).Errno);
        Assert.Equal(Errno.ERANGE, Assert.Throws<LinuxException>(() => root.SetAttribute("file", "user." + new string('x', 251), "y"u8)).Errno);
    }
}
