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
        Root = parent.OpenRoot(name + Suffix);
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
            if (options.RootOwner is { } owner)
                parent.SetOwner(name + Suffix, owner.User, owner.Group, followLink: false);
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
        _parent.Rename(_name + Suffix, _name, RenameMode.NoReplace);
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

    // Whoever holds the lock of the folder that has the name is the one who unpacks; a lock ends with its process.
    private static SafeFileHandle Claim(RootDirectory parent, string name)
    {
        const int ExclusiveNow = 2 | 4;
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
                folder = parent.OpenIn("open", incomplete, Interop.MountConstants.OpenDirectory | Interop.MountConstants.NoFollow);
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                continue;
            }

            bool isKept = false;
            try
            {
                long result = Sys.Call(SyscallNumber.Flock, folder.DangerousGetHandle(), ExclusiveNow);
                if (result < 0)
                    throw new LayerException(LayerFault.Busy, incomplete, "Another process unpacks there");

                // Ours only if it still has the name: the one before us may have finished meanwhile.
                bool isOurs = parent.TryGetStatus(incomplete, followLink: false) is { } status && status.Inode == FileStatus.Of(folder, incomplete).Inode;
                if (isNew && isOurs)
                {
                    parent.SetPermissions(incomplete, UsualModes.Directory);
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
}
