using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs.Layers;

/// <summary>
/// The directory of the last entry, which is mostly that of the next one, too; and what directories get in the end: their
/// times, since each entry that is made in them changes them, permissions that would not let an ordinary user go on, and
/// default ACLs, which all that is made in them would inherit.
/// </summary>
internal sealed unsafe class ParentCache(RootDirectory root, LayerOptions options) : IDisposable
{
    private const int OwnersOwn = 0x1c0;

    // By what they are: a directory can have several paths, by links, and a path several directories, one after the other.
    private readonly Dictionary<(ulong FileSystem, ulong Inode), LaterStatus> _later = [];
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
        SafeFileHandle directory = TryOpen(path) ?? Make(path);
        _directory = directory;
        _path = path;
        Status = Prepare(directory, path);
        return (int)directory.DangerousGetHandle();
    }

    /// <summary>Lets go of the directory: it may have been replaced.</summary>
    public void Forget()
    {
        _directory?.Dispose();
        _directory = null;
        _path = null;
    }

    /// <summary>What a directory, which is there, gets in the end. Its attributes are those that it is given next.</summary>
    public void SetLater(string path, FileTimestamp time, int mode)
    {
        FileStatus status;
        long result;
        if (path.Length == 0)
        {
            using EntryPlace self = root.Self();
            result = FileStatus.TryRead(self.Directory, self.Name, out status);
        }
        else
        {
            (string folder, string name) = LayerPath.Split(path);
            result = FileStatus.TryRead(Open(folder), PathText.Encode(name), out status);
        }

        if (result < 0)
            throw root.Failure("look at", Shown(path), result, SyscallNumber.Statx.Name);
        _later[Key(status)] = new LaterStatus(path, time, Workable(mode) == mode ? null : mode);
    }

    /// <summary>Permissions with which entries can be made: root needs none, its owner all of his own.</summary>
    public int Workable(int mode) => options.Privilege == LayerPrivilege.Full ? mode : mode | OwnersOwn;

    /// <summary>Gives all directories what they are to have; those that are closed then come last, the deepest first, as long as the way to them is open.</summary>
    public void ApplyLater()
    {
        Forget();
        long* times = stackalloc long[4];
        byte none = 0;
        foreach (((ulong, ulong) key, LaterStatus later) in _later.OrderBy(l => l.Value.Mode is not null).ThenByDescending(l => l.Value.Path.AsSpan().Count('/')).ThenByDescending(l => l.Value.Path.Length))
        {
            // What has its path by now may be another one, or a link to another one, which is not meant.
            using SafeFileHandle? directory = TryOpen(later.Path);
            if (directory is null || Key(FileStatus.Of(directory, root.Show(Shown(later.Path)))) != key)
                continue;
            if (later.DefaultAcl is not null)
                Check("set the default ACL of", later.Path, FileCalls.Setxattr, DescriptorAttributes.Set((int)directory.DangerousGetHandle(), DescriptorAttributes.DefaultAcl, later.DefaultAcl));
            times[0] = times[2] = later.Time.Seconds;
            times[1] = times[3] = later.Time.Nanoseconds;
            Check("set the times of", later.Path, FileCalls.UtimensAt, Sys.Call(FileCalls.UtimensAt, directory.DangerousGetHandle(), (nint)(&none), (nint)times, AtEmptyPath));
            if (later.Mode is { } final)
                SetPermissions(directory, final, later.Path);
        }
    }

    public void Dispose() => Forget();

    private static (ulong FileSystem, ulong Inode) Key(FileStatus status) => (status.FileSystem, status.Inode);

    private static string Shown(string path) => path.Length == 0 ? "/" : path;

    private void SetPermissions(SafeFileHandle directory, int mode, string path)
        => Check("change the permissions of", path, SyscallNumber.FchmodAt, DescriptorPath.SetPermissions((int)directory.DangerousGetHandle(), mode));

    private void Check(string operation, string path, SyscallNumber call, long result)
    {
        if (result < 0)
            throw root.Failure(operation, Shown(path), result, call.Name, result == -(long)Errno.ENOSYS ? "It needs procfs at /proc" : null);
    }

    /// <summary>Notes what a directory is to have in the end, before anything is made in it.</summary>
    private FileStatus Prepare(SafeFileHandle directory, string path)
    {
        FileStatus status = FileStatus.Of(directory, root.Show(Shown(path)));
        if (!_later.TryGetValue(Key(status), out LaterStatus? later))
        {
            int mode = (int)status.Permissions;
            bool isWorkable = Workable(mode) == mode;
            _later[Key(status)] = later = new LaterStatus(path, options.Clamp(status.LastWrite), isWorkable ? null : mode);
            if (!isWorkable)
                SetPermissions(directory, Workable(mode), path);
        }

        if (!later.IsPrepared)
        {
            later.DefaultAcl = TakeDefaultAcl((int)directory.DangerousGetHandle(), path);
            later.IsPrepared = true;
        }

        return status;
    }

    // acl(5): what is made in it would have access ACLs by it, and chmod(2) would open them to whom it names.
    private byte[]? TakeDefaultAcl(int directory, string path)
    {
        Check("read the default ACL of", path, FileCalls.Getxattr, DescriptorAttributes.TryGet(directory, DescriptorAttributes.DefaultAcl, out byte[]? acl));
        if (acl is not null)
            Check("remove the default ACL of", path, FileCalls.Removexattr, DescriptorAttributes.Remove(directory, DescriptorAttributes.DefaultAcl));
        return acl;
    }

    // A directory that no entry tells of is root's, whatever the umask and whoever unpacks.
    private SafeFileHandle Make(string path)
    {
        var missing = new List<string>();
        for (string above = path; ; above = LayerPath.Split(above).Directory)
        {
            using SafeFileHandle? there = TryOpen(above);
            if (there is not null)
            {
                Prepare(there, above);
                break;
            }

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

            // It may have the number of one that was deleted, and nothing else of it.
            FileStatus status = FileStatus.Of(directory, root.Show(made));
            _later[Key(status)] = new LaterStatus(made, options.Clamp(status.LastWrite), null) { IsPrepared = true };
        }

        return root.OpenIn("open the directory", path, OpenPath | OpenDirectory);
    }

    private SafeFileHandle? TryOpen(string path)
    {
        using EntryPlace self = root.Self();
        long opened = root.Resolver.Open(self.Directory, PathText.Encode(Shown(path)), OpenPath | OpenDirectory);
        if (opened >= 0)
            return new SafeFileHandle((nint)opened, ownsHandle: true);
        return opened is -(long)Errno.ENOENT or -(long)Errno.ENOTDIR or -(long)Errno.ELOOP ? null : throw root.Failure("open the directory", Shown(path), opened, SyscallNumber.OpenAt2.Name);
    }

    private sealed class LaterStatus(string path, FileTimestamp time, int? mode)
    {
        public string Path { get; } = path;

        public FileTimestamp Time { get; } = time;

        public int? Mode { get; } = mode;

        /// <summary>What was taken off it; null if it has none.</summary>
        public byte[]? DefaultAcl { get; set; }

        /// <summary>Whether it has no default ACL now, because it had none, or because it was taken off.</summary>
        public bool IsPrepared { get; set; }
    }
}
