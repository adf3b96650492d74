using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Layers;

/// <summary>A folder that is being made beside where it is to be. Unless it is completed, disposing deletes it.</summary>
internal sealed class UnpackPlace : IDisposable
{
    private const string Suffix = ".incomplete";

    private readonly RootDirectory _parent;
    private readonly string _name;
    private readonly SafeFileHandle _lock;
    private bool _isComplete;

    private UnpackPlace(RootDirectory parent, string name, SafeFileHandle claim)
    {
        _parent = parent;
        _name = name;
        _lock = claim;

        // What is locked, whatever has its name by now.
        Root = RootDirectory.OpenOn(claim, $"{parent.Path}/{name}{Suffix}");
    }

    public RootDirectory Root { get; }

    public static UnpackPlace Open(string folder, LayerOptions options)
    {
        string full = Path.GetFullPath(folder).TrimEnd('/');
        if (full.Length == 0)
            throw new LinuxException("unpack to", folder, Errno.EEXIST);
        string name = Path.GetFileName(full);
        RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(full)!);
        SafeFileHandle? claim = null;
        try
        {
            if (parent.TryGetStatus(name, followLink: false) is not null)
                throw new LinuxException("unpack to", folder, Errno.EEXIST, hint: "Delete it first, or unpack somewhere else");
            claim = Claim(parent, name);
            string shown = parent.Show(name + Suffix);
            Sys.Check("change the permissions of", shown, SyscallNumber.Fchmod, claim.DangerousGetHandle(), (nint)UsualModes.Directory);
            if (options.RootOwner is { } owner)
                Sys.Check("change the owner of", shown, FileCalls.Fchown, claim.DangerousGetHandle(), (nint)owner.User, (nint)owner.Group);
            return new UnpackPlace(parent, name, claim);
        }
        catch
        {
            claim?.Dispose();
            parent.Dispose();
            throw;
        }
    }

    public void Complete()
    {
        try
        {
            _parent.Rename(_name + Suffix, _name, RenameMode.NoReplace);
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL)
        {
            // rename(2): not every file system can do that. Without it a folder takes the place of an empty one only.
            RenameOverEmpty();
        }

        _isComplete = true;
    }

    public void Dispose()
    {
        Root.Dispose();
        try
        {
            if (!_isComplete)
                _parent.DeleteTree(_name + Suffix);
        }
        catch (LinuxException)
        {
            // What cannot be deleted stays marked, and the error that brought us here is the one to tell.
        }

        _lock.Dispose();
        _parent.Dispose();
    }

    private void RenameOverEmpty()
    {
        try
        {
            _parent.Rename(_name + Suffix, _name);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOTEMPTY or Errno.ENOTDIR)
        {
            throw new LinuxException(e.Operation, e.Target, Errno.EEXIST, e.Call);
        }
    }

    // Whoever holds the lock of the folder that has the name is the one who unpacks; a lock ends with its process.
    private static SafeFileHandle Claim(RootDirectory parent, string name)
    {
        string incomplete = name + Suffix;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            bool isNew = true;
            try
            {
                parent.CreateDirectory(incomplete, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            catch (LinuxException e) when (e.Errno == Errno.EEXIST)
            {
                isNew = false;
            }

            SafeFileHandle folder;
            try
            {
                folder = parent.OpenIn("open", incomplete, MountConstants.OpenDirectory | MountConstants.NoFollow);
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                continue;
            }

            bool isKept = false;
            try
            {
                long result = Lock(folder);
                if (result == -(long)Errno.EAGAIN)
                    throw new LayerException(LayerFault.Busy, incomplete, "Another process unpacks there");
                if (result < 0)
                {
                    if (isNew)
                        DeleteEmpty(parent, incomplete);
                    throw NoLock(parent.Show(incomplete), (Errno)(-result));
                }

                // Ours only if it still has the name: the one before us may have finished meanwhile.
                bool isOurs = parent.TryGetStatus(incomplete, followLink: false) is { } status && status.Inode == FileStatus.Of(folder, incomplete).Inode;
                if (isNew && isOurs)
                {
                    isKept = true;
                    return folder;
                }

                if (isOurs)
                    parent.DeleteTree(incomplete);
            }
            finally
            {
                // Whatever happened: a lock that nobody knows of would make the place busy for ever.
                if (!isKept)
                    folder.Dispose();
            }
        }

        throw new LayerException(LayerFault.Busy, incomplete, "Others begin to unpack there again and again");
    }

    private static long Lock(SafeFileHandle folder)
    {
        const int ExclusiveNow = 2 | 4;
        long result;
        do
        {
            result = Sys.Call(SyscallNumber.Flock, folder.DangerousGetHandle(), ExclusiveNow);
        }
        while (result == -(long)Errno.EINTR);
        return result;
    }

    // EBADF: flock(2), NFS wants what is locked to be open for writing, as no directory can be.
    private static LinuxException NoLock(string shown, Errno errno)
        => new("lock", shown, errno, SyscallNumber.Flock.Name, errno is Errno.EBADF or Errno.ENOLCK or Errno.EOPNOTSUPP ? "The file system has no locks for folders; unpack to another one" : null);

    private static void DeleteEmpty(RootDirectory parent, string folder)
    {
        try
        {
            parent.DeleteDirectory(folder);
        }
        catch (LinuxException)
        {
            // What others put there is theirs, and the error that brought us here is the one to tell.
        }
    }
}
