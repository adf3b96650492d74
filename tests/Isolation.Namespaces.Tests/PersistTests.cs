using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests;

/// <summary>Namespaces that a mount keeps alive.</summary>
public sealed class PersistTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isolation-ns-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "kept in a file");

    public void Dispose() => _folder.Delete(recursive: true);

    [LinuxFact(Needs.Root)]
    public void A_namespace_lives_on_at_a_file_until_it_is_released()
    {
        using var nothingLeft = new ResidueCheck();
        AssertPersists(NetworkNamespace.Create());
        AssertPersists(UtsNamespace.Create());
        AssertPersists(IpcNamespace.Create());
        AssertPersists(CgroupNamespace.Create());
        AssertPersists(UserNamespace.Create(UserNamespaceMaps.Default));
        AssertPersists(TimeNamespace.Create(TimeOffsets.Zero));
        AssertPersists(PidNamespace.OfThisThread());
    }

    // On one CPU: Linux 6.18 counts the age of mount namespaces per CPU, and refuses a new one that it takes for the older.
    [LinuxFact(Needs.Root)]
    public void A_mount_namespace_is_kept_where_mounts_are_private()
        => FreshProcess.Run(["taskset", "--cpu-list", AllowedCpu(), "unshare", "--mount", "--propagation", "private"], KeepMountNamespace, [_folder.FullName]).EnsureSuccess();

    private static void KeepMountNamespace(string folder)
    {
        string path = folder + "/mount";
        using MountNamespace made = MountNamespace.Create(), own = MountNamespace.OfThisThread();
        made.PersistAt(path);
        using (MountNamespace again = MountNamespace.Open(path))
            Assert.Equal(made, again);
        Namespace.ReleaseAt(path);

        // mount_namespaces(7): a namespace that held itself would never end.
        LinuxException e = Assert.Throws<LinuxException>(() => own.PersistAt(path));
        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.Contains("older", e.Hint, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [LinuxFact(Needs.Root)]
    public void A_file_that_was_there_is_mounted_upon_and_deleted_at_the_end()
    {
        using var nothingLeft = new ResidueCheck();
        File.WriteAllText(Path, "");
        using NetworkNamespace made = NetworkNamespace.Create();
        made.PersistAt(Path);
        Namespace.ReleaseAt(Path);
        Assert.False(File.Exists(Path));
    }

    [LinuxFact(Needs.Root)]
    public void Where_no_namespace_is_nothing_is_released()
    {
        using var nothingLeft = new ResidueCheck();
        File.WriteAllText(Path, "content");
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Namespace.ReleaseAt(Path)).Errno);
        Assert.Equal("content", File.ReadAllText(Path));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Namespace.ReleaseAt(Path + "2")).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Namespace.ReleaseAt("/proc")).Errno);
        Assert.True(Directory.Exists("/proc/self"));
    }

    [LinuxFact(Needs.Root)]
    public void A_link_to_a_kept_namespace_is_not_followed_by_its_release()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace made = NetworkNamespace.Create();
        made.PersistAt(Path);
        File.CreateSymbolicLink(Path + " too", Path);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Namespace.ReleaseAt(Path + " too")).Errno);
        Namespace.ReleaseAt(Path);
    }

    [LinuxFact(Needs.Root)]
    public void Without_a_folder_there_is_no_place()
    {
        using NetworkNamespace own = NetworkNamespace.OfThisThread();
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => own.PersistAt(Path + "/below")).Errno);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => own.PersistAt(_folder.FullName)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_keeps_nothing_and_leaves_no_file()
        => FreshProcess.RunAsUser(PersistAsUser).EnsureSuccess();

    private static void PersistAsUser()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"isolation-kept-{Guid.NewGuid():N}");
        using NetworkNamespace own = NetworkNamespace.OfThisThread();
        LinuxException e = Assert.Throws<LinuxException>(() => own.PersistAt(path));
        Assert.Equal((Errno.EPERM, "mount"), (e.Errno, e.Call));
        Assert.False(File.Exists(path));
    }

    private static string AllowedCpu()
    {
        const string Field = "Cpus_allowed_list:\t";
        return File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal))[Field.Length..].Split('-', ',')[0];
    }

    private void AssertPersists(Namespace made)
    {
        NamespaceId id = made.Id;
        made.PersistAt(Path);
        made.Dispose();
        using (var again = Namespace.FromPath(Path))
            Assert.Equal((id, made.Kind), (again.Id, again.Kind));
        Namespace.ReleaseAt(Path);
        Assert.False(File.Exists(Path));
    }
}
