using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs.Layers;

/// <summary>
/// The directory of the last entry, which is mostly that of the next one, too; and what directories get in the end: their
/// times, since each entry that is made in them changes them, and permissions that would not let an ordinary user go on.
/// </summary>
internal sealed unsafe class ParentCache(RootDirectory root, LayerOptions options) : IDisposable
{
    private const int OwnersOwn = 0x1c0;

    private readonly Dictionary<string, (FileTimestamp Time, int? Mode)> _later = [];
    private SafeFileHandle? _directory;
    private string? _path;
    private long _implied;

    /// <summary>The directory's permissions, with the set-group-ID bit that files in it inherit their group by.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>A descriptor of a directory, which is made when it is missing, with those above it.</summary>
    public int Open(string path)
    {
        if (_directory is not null && _path == path)
            return (int)_directory.DangerousGetHandle();
        Forget();
        string shown = path.Length == 0 ? "/" : path;
        SafeFileHandle directory = TryOpen(shown) ?? Make(shown);
        _directory = directory;
        _path = path;
        Status = FileStatus.Of(directory, root.Show(shown));
        int mode = (int)Status.Permissions;
        bool isWorkable = Workable(mode) == mode;
        if (_later.TryAdd(path, (Status.LastWrite, isWorkable ? null : mode)) && !isWorkable)
            SetPermissions(directory, Workable(mode), shown);
        return (int)directory.DangerousGetHandle();
    }

    /// <summary>Lets go of the directory: it may have been replaced.</summary>
    public void Forget()
    {
        _directory?.Dispose();
        _directory = null;
        _path = null;
    }

    /// <summary>What a directory gets in the end.</summary>
    public void SetLater(string path, FileTimestamp time, int mode) => _later[path] = (time, Workable(mode) == mode ? null : mode);

    /// <summary>Permissions with which entries can be made: root needs none, its owner all of his own.</summary>
    public int Workable(int mode) => options.Privilege == LayerPrivilege.Full ? mode : mode | OwnersOwn;

    /// <summary>Gives all directories what they are to have, the deepest first, as long as the way to them is open.</summary>
    public void ApplyLater()
    {
        Forget();
        long* times = stackalloc long[4];
        byte none = 0;
        foreach ((string path, (FileTimestamp time, int? mode)) in _later.OrderByDescending(l => l.Key.AsSpan().Count('/')).ThenByDescending(l => l.Key.Length))
        {
            string shown = path.Length == 0 ? "/" : path;
            using SafeFileHandle? directory = TryOpen(shown);
            if (directory is null)
                continue;
            times[0] = times[2] = time.Seconds;
            times[1] = times[3] = time.Nanoseconds;
            long result = Sys.Call(FileCalls.UtimensAt, directory.DangerousGetHandle(), (nint)(&none), (nint)times, AtEmptyPath);
            if (result < 0)
                throw root.Failure("set the times of", shown, result, FileCalls.UtimensAt.Name);
            if (mode is { } final)
                SetPermissions(directory, final, shown);
        }
    }

    public void Dispose() => Forget();

    private void SetPermissions(SafeFileHandle directory, int mode, string path)
    {
        long result = DescriptorPath.SetPermissions((int)directory.DangerousGetHandle(), mode);
        if (result < 0)
            throw root.Failure("change the permissions of", path, result, SyscallNumber.FchmodAt.Name);
    }

    // A directory that no entry tells of is root's, whatever the umask and whoever unpacks.
    private SafeFileHandle Make(string path)
    {
        var missing = new List<string>();
        for (string above = path; above.Length > 0; above = LayerPath.Split(above).Directory)
        {
            using SafeFileHandle? there = TryOpen(above);
            if (there is not null)
                break;
            missing.Add(above);
        }

        // Else 256 of them would come with each entry.
        if ((_implied += missing.Count) > options.Limits.MaxEntries)
            throw new LayerException(LayerFault.TooLarge, path, $"The archive implies more than {options.Limits.MaxEntries} directories");
        root.CreateDirectories(path);
        foreach (string made in missing)
        {
            using SafeFileHandle directory = root.OpenIn("open the directory", made, OpenPath | OpenDirectory);
            SetPermissions(directory, (int)UsualModes.Directory, made);
            if (options.RootOwner is { } owner)
                root.SetOwner(made, owner.User, owner.Group);
        }

        return root.OpenIn("open the directory", path, OpenPath | OpenDirectory);
    }

    private SafeFileHandle? TryOpen(string path)
    {
        using EntryPlace self = root.Self();
        long opened = root.Resolver.Open(self.Directory, PathText.Encode(path), OpenPath | OpenDirectory);
        if (opened >= 0)
            return new SafeFileHandle((nint)opened, ownsHandle: true);
        return opened is -(long)Errno.ENOENT or -(long)Errno.ENOTDIR ? null : throw root.Failure("open the directory", path, opened, SyscallNumber.OpenAt2.Name);
    }
}
