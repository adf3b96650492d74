using Isolation.Cgroups.Files;

namespace Isolation.Cgroups.Tests;

/// <summary>A temporary directory in the place of a cgroup: what is written is seen as it is, and a file says whatever a kernel might.</summary>
internal sealed class FolderCgroup : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isolation-cgroup-");

    public FolderCgroup() => Cgroup = new Cgroup(CgroupDirectory.OpenUnchecked(_folder.FullName));

    public Cgroup Cgroup { get; }

    /// <summary>The text of a file.</summary>
    public string this[string file]
    {
        get => File.ReadAllText(Path.Combine(_folder.FullName, file));
        set => File.WriteAllText(Path.Combine(_folder.FullName, file), value);
    }

    /// <summary>What an action writes to a file, which is empty before.</summary>
    public string Written(string file, Action action)
    {
        this[file] = "";
        action();
        return this[file];
    }

    public void Dispose()
    {
        Cgroup.Dispose();
        _folder.Delete(recursive: true);
    }
}
