using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups;

/// <summary>A cgroup of version 2 (cgroups(7)): an open directory. What it does goes to that directory, whatever becomes of its path.</summary>
/// <remarks>It can be used from several threads. Disposing it closes the directory and removes nothing; see <see cref="Delete(bool, TimeSpan?)"/>.</remarks>
public sealed partial class Cgroup : IDisposable
{
    private readonly CgroupDirectory _directory;

    internal Cgroup(CgroupDirectory directory) => _directory = directory;

    /// <summary>The directory's path when it was opened.</summary>
    public string Path => _directory.Path;

    /// <summary>Its name: the last part of the path; empty for <c>/</c>.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The directory's descriptor, such as clone3(2) takes it for CLONE_INTO_CGROUP.</summary>
    public SafeFileHandle Handle => _directory.Handle;

    internal CgroupDirectory Directory => _directory;

    /// <summary>Opens a cgroup by its directory.</summary>
    /// <param name="path">An absolute path, such as <c>/sys/fs/cgroup/build</c>.</param>
    /// <exception cref="CgroupException">ENOENT: there is none; EINVAL: it is no directory of cgroup v2.</exception>
    public static Cgroup Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!System.IO.Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The path of a cgroup is absolute: '{path}'.", nameof(path));
        return new Cgroup(CgroupDirectory.Open(System.IO.Path.TrimEndingDirectorySeparator(path)));
    }

    /// <summary>What it can hold. The root cgroup is a domain.</summary>
    /// <exception cref="CgroupException">ENODEV: it has been removed.</exception>
    public CgroupType Type => _directory.ReadIfThere("cgroup.type") switch
    {
        null or "domain" => CgroupType.Domain,
        "domain threaded" => CgroupType.ThreadedDomain,
        "domain invalid" => CgroupType.InvalidDomain,
        "threaded" => CgroupType.Threaded,
        var other => throw Hints.Failure("read", Path, "cgroup.type", null, Errno.EBADMSG, null, $"The kernel says '{other}'"),
    };

    /// <summary>Makes it threaded, which cannot be undone: it then holds threads of the processes of the domain above.</summary>
    /// <exception cref="CgroupException">EOPNOTSUPP: it cannot be, such as while it has processes or gives on controllers like memory.</exception>
    public void MakeThreaded() => _directory.Write("cgroup.type", "threaded");

    /// <summary>Whether there are processes in it or below it (<c>cgroup.events</c>). The root cgroup always has some.</summary>
    /// <exception cref="CgroupException">ENODEV: it has been removed.</exception>
    public bool IsPopulated => _directory.ReadIfThere("cgroup.events") is not { } events || FlatKeyed.Number(events, "populated") != 0;

    /// <summary>How many levels of cgroups there may be below it; more cannot be made (<c>cgroup.max.depth</c>).</summary>
    /// <exception cref="CgroupException">EACCES: it is not the caller's to set.</exception>
    public CgroupLimit MaximumDepth
    {
        get => _directory.ReadLimit("cgroup.max.depth");
        set => _directory.WriteLimit("cgroup.max.depth", value);
    }

    /// <summary>How many cgroups there may be below it; more cannot be made (<c>cgroup.max.descendants</c>).</summary>
    /// <exception cref="CgroupException">EACCES: it is not the caller's to set.</exception>
    public CgroupLimit MaximumDescendants
    {
        get => _directory.ReadLimit("cgroup.max.descendants");
        set => _directory.WriteLimit("cgroup.max.descendants", value);
    }

    /// <summary>How many cgroups are below it.</summary>
    public CgroupTreeStatistics TreeStatistics
    {
        get
        {
            string text = _directory.Read("cgroup.stat");
            return new CgroupTreeStatistics(FlatKeyed.Number(text, "nr_descendants") ?? 0, FlatKeyed.Number(text, "nr_dying_descendants") ?? 0);
        }
    }

    /// <summary>The whole text of any of its files, without the line end at its end.</summary>
    /// <exception cref="CgroupException">ENOENT: this kernel has no such file here.</exception>
    public string ReadFile(string file) => _directory.Read(CheckFile(file));

    /// <summary>Writes any of its files, in one call.</summary>
    /// <exception cref="CgroupException">The kernel refused the value.</exception>
    public void WriteFile(string file, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _directory.Write(CheckFile(file), value);
    }

    /// <summary>Whether there is such a file here.</summary>
    public bool HasFile(string file) => _directory.Has(CheckFile(file));

    /// <summary>Closes the directory.</summary>
    public void Dispose() => _directory.Dispose();

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    // A file of cgroupfs has a dot after its controller's name, and is in the directory itself.
    private static string CheckFile(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (file.Contains('/', StringComparison.Ordinal) || file.Contains('\0', StringComparison.Ordinal) || file.IndexOf('.', StringComparison.Ordinal) <= 0)
            throw new ArgumentException($"This is no name of a file of a cgroup, such as memory.max: '{file}'.", nameof(file));
        return file;
    }
}
