using System.Buffers;
using System.Collections.Immutable;
using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>A root file system to be: where it comes from and what becomes of changes.</summary>
/// <param name="Path">The directory on the host.</param>
/// <param name="Mode">What becomes of changes.</param>
/// <param name="InUserNamespace">Whether it is built inside a new user namespace.</param>
internal sealed record RootFs(string Path, RootFsMode Mode, bool InUserNamespace)
{
    /// <summary>A detached copy of the directory's mount, once there is one.</summary>
    public StepValue? Source { get; init; }

    /// <summary>Whether the root is the host's own, which is layered directory by directory.</summary>
    public bool IsHost => Mode == RootFsMode.Overlay && Path == "/";

    /// <summary>With <see cref="RootFsMode.Overlay"/>: layers below <see cref="Path"/>, the topmost first.</summary>
    public ImmutableArray<RootLayer> Below { get; init; } = [];

    /// <summary>With <see cref="RootFsMode.Overlay"/>: where changes are kept; null when they are thrown away.</summary>
    public RootLayer? Changes { get; init; }

    /// <summary>With an overlay whose changes are thrown away: how many bytes of memory they may take.</summary>
    public long? ChangesLimit { get; init; }

    /// <summary>Whether device files in it do nothing: those of an image could be the host's disks (mount(2), MS_NODEV).</summary>
    public bool NoDevices { get; init; }

    /// <summary>All directories that it is made of; not those of <see cref="IsHost"/>.</summary>
    public IEnumerable<string> Folders => [Path, .. Below.Select(l => l.Path), .. Changes is null ? (string[])[] : [Changes.Path]];

    /// <summary>Refuses a path that is no directory before anything is started.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES.</exception>
    public void Check()
    {
        Check(Path, "use as root file system");
        foreach (RootLayer layer in Below)
            Check(layer.Path, "use as a layer of the root file system");
        if (Changes is not null)
            Check(Changes.Path, "keep the changes of the root file system in");
    }

    private static void Check(string path, string operation)
    {
        if (!FileStatus.Of(path, operation).IsDirectory)
            throw new LinuxException(operation, path, Errno.ENOTDIR, "statx");
    }

    /// <summary>With <see cref="IsHost"/>: the host's top-level entries.</summary>
    public ImmutableArray<HostEntry> HostEntries { get; init; } = [];
}

/// <summary>A top-level entry of the host's root directory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LinkTarget">Where it points to, when it is a symbolic link.</param>
/// <param name="Mode">Its permissions, when it is a directory.</param>
/// <param name="HasMountsBelow">Whether it cannot be a layer inside a user namespace, where mounts below it are locked.</param>
internal sealed record HostEntry(string Name, string? LinkTarget, int Mode, bool HasMountsBelow)
{
    /// <summary>A detached copy of the directory's mount, once there is one.</summary>
    public StepValue? Source { get; init; }

    private static readonly SearchValues<char> s_misread = SearchValues.Create(",:\\ \t\n\"");

    // What these hold belongs to the running host, not to its files.
    private static readonly string[] s_hidden = ["proc", "sys", "dev", "run", "tmp", "lost+found"];

    /// <summary>Reads the host's root directory. Names that an overlay option could misread are passed over.</summary>
    public static ImmutableArray<HostEntry> Read()
    {
        string[] mounts = [.. MountTable.Read().Select(m => m.MountPoint)];
        var entries = ImmutableArray.CreateBuilder<HostEntry>();
        foreach (FileSystemInfo entry in new DirectoryInfo("/").EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (s_hidden.Contains(entry.Name) || entry.Name.AsSpan().ContainsAny(s_misread))
                continue;
            if (entry.LinkTarget is { } target)
                entries.Add(new HostEntry(entry.Name, target, 0, false));
            else if (entry is DirectoryInfo)
                entries.Add(new HostEntry(entry.Name, null, (int)entry.UnixFileMode, mounts.Any(m => m.StartsWith($"/{entry.Name}/", StringComparison.Ordinal))));
        }

        return entries.ToImmutable();
    }
}
