using System.Diagnostics;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Walks and deletes: no link is followed, no mount is crossed, whatever the depth.</summary>
public abstract class RootTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-trees-").FullName;
    private readonly RootDirectory _root;
    private readonly bool _inUserSpace;

    protected RootTreeTests(bool inUserSpace)
    {
        _inUserSpace = inUserSpace;
        Directory.CreateDirectory(Path.Combine(_folder, "root"));
        Directory.CreateDirectory(Path.Combine(_folder, "outside"));
        File.WriteAllText(Path.Combine(_folder, "outside", "canary"), "sings");
        _root = RootDirectory.Open(Path.Combine(_folder, "root"), Resolvers.Get(inUserSpace));
    }

    public void Dispose()
    {
        _root.Dispose();
        Assert.Equal("sings", File.ReadAllText(Path.Combine(_folder, "outside", "canary")));
        Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();
        GC.SuppressFinalize(this);
    }

    [LinuxFact]
    public void A_walk_tells_each_file_before_what_is_in_it_and_follows_no_link()
    {
        _root.CreateDirectories("b/c");
        _root.WriteFile("b/c/file", "x"u8);
        _root.WriteFile("a", "x"u8);
        _root.CreateSymbolicLink("b/out", _folder + "/outside");
        _root.CreateSymbolicLink("b/self", "/b");
        Assert.Equal(["a", "b", "b/c", "b/c/file", "b/out", "b/self"], _root.Walk().Select(e => e.Path));
        Assert.Equal(["c", "out", "self"], _root.List("b/self").Select(e => e.Name));
        Assert.Equal(["c", "c/file", "out", "self"], _root.Walk("b").Select(e => e.Path));
    }

    [LinuxFact]
    public void A_tree_is_deleted_with_its_links_but_not_what_they_lead_to()
    {
        _root.CreateDirectories("tree/x/y");
        _root.CreateSymbolicLink("tree/x/out", _folder + "/outside");
        _root.CreateHardLink("kept", "tree/x/out");
        for (int i = 0; i < 2000; i++)
            _root.CreateFifo($"tree/x/y/{i}");
        Assert.True(_root.DeleteTree("tree"));
        Assert.False(_root.DeleteTree("tree"));
        Assert.Equal(["kept"], _root.List().Select(e => e.Name));
        Assert.True(_root.DeleteTree("kept"));
    }

    [LinuxFact]
    public void A_depth_of_3000_is_deleted()
    {
        // Deeper than a path can be told.
        RootDirectory at = RootDirectory.Open(_root.Path, Resolvers.Get(_inUserSpace));
        for (int i = 0; i < 3000; i++)
        {
            at.CreateDirectory("d");
            RootDirectory next = at.OpenRoot("d");
            at.Dispose();
            at = next;
        }

        at.WriteFile("bottom", "x"u8);
        at.Dispose();
        Assert.True(_root.DeleteTree("d"));
        Assert.Empty(_root.List());
    }

    [LinuxFact]
    public void An_ordinary_user_deletes_what_he_left_himself_no_permission_for()
    {
        using var check = new ResidueCheck();
        OpenToAll();
        FreshProcess.RunAsUser(MakeAndDelete, Path.Combine(_folder, "root"), _inUserSpace.ToString()).EnsureSuccess();
    }

    [LinuxFact]
    public void Depth_and_missing_permissions_together_do_not_keep_a_tree()
    {
        using var check = new ResidueCheck();
        OpenToAll();
        FreshProcess.RunAsUser(MakeAndDeleteDeep, Path.Combine(_folder, "root"), _inUserSpace.ToString()).EnsureSuccess();
    }

    [LinuxFact(Needs.Root)]
    public void What_is_anothers_far_below_is_told_at_once()
    {
        OpenToAll();
        FreshProcess.RunAsUser(MakeDeep, Path.Combine(_folder, "root")).EnsureSuccess();
        _root.CreateDirectory(Deep(40) + "/theirs");
        _root.WriteFile(Deep(40) + "/theirs/file", "x"u8);
        FreshProcess.RunAsUser(DeleteInVain, Path.Combine(_folder, "root"), _inUserSpace.ToString()).EnsureSuccess();
        Assert.Equal("x", _root.TryReadText(Deep(40) + "/theirs/file", 10));
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_is_neither_entered_nor_deleted()
    {
        CommandResult result = FreshProcess.Run(["unshare", "--mount"], DeleteAroundMount, [_root.Path, _inUserSpace.ToString()]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void MakeAndDelete(string folder, string inUserSpace)
    {
        using RootDirectory root = RootDirectory.Open(folder, Resolvers.Get(bool.Parse(inUserSpace)));
        root.CreateDirectories("tree/closed/x");
        root.SetPermissions("tree/closed", UnixFileMode.None);
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => root.List("tree/closed")).Errno);
        Assert.True(root.DeleteTree("tree"));
        Assert.Empty(root.List());
    }

    private static void MakeAndDeleteDeep(string folder, string inUserSpace)
    {
        using RootDirectory root = RootDirectory.Open(folder, Resolvers.Get(bool.Parse(inUserSpace)));

        // What is deeper than 64 is moved to the top: out of 63, and 64 gets another parent.
        foreach (int closed in (int[])[0, 63, 64])
        {
            root.CreateDirectories(Deep(70));
            root.SetPermissions(Deep(closed), (UnixFileMode)0x16d /* 0555 */);
            Assert.True(root.DeleteTree("tree"));
            Assert.Empty(root.List());
        }
    }

    private static void MakeDeep(string folder)
    {
        using RootDirectory root = RootDirectory.Open(folder);
        root.CreateDirectories(Deep(40));
    }

    private static void DeleteInVain(string folder, string inUserSpace)
    {
        using RootDirectory root = RootDirectory.Open(folder, Resolvers.Get(bool.Parse(inUserSpace)));
        long begun = Stopwatch.GetTimestamp();
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => root.DeleteTree("tree")).Errno);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 10);
    }

    private static string Deep(int levels) => "tree" + string.Concat(Enumerable.Repeat("/d", levels));

    private void OpenToAll()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ff);
        File.SetUnixFileMode(Path.Combine(_folder, "root"), (UnixFileMode)0x1ff);
    }

    private static void DeleteAroundMount(string folder, string inUserSpace)
    {
        using RootDirectory root = RootDirectory.Open(folder, Resolvers.Get(bool.Parse(inUserSpace)));
        root.CreateDirectories("tree/mounted/inner");
        root.CreateDirectories("source");
        root.WriteFile("source/kept", "x"u8);

        // The same file system: only the mount's id tells.
        Command.Run("mount", "--bind", folder + "/source", folder + "/tree/mounted").EnsureSuccess();
        Assert.Equal(["mounted"], root.Walk("tree").Select(e => e.Path));
        LinuxException e = Assert.Throws<LinuxException>(() => root.DeleteTree("tree"));
        Assert.Equal(Errno.EXDEV, e.Errno);
        Assert.Contains("unmount", e.Message, StringComparison.Ordinal);
        Assert.Equal("x", root.TryReadText("tree/mounted/kept", 10));
        Command.Run("umount", folder + "/tree/mounted").EnsureSuccess();
        Assert.True(root.DeleteTree("tree"));
        Assert.Equal("x", root.TryReadText("source/kept", 10));
    }
}
