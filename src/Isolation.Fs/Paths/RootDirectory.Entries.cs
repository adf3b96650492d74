using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <content>Names: making, renaming and removing entries of directories.</content>
public sealed unsafe partial class RootDirectory
{
    /// <summary>Makes a directory (mkdir(2)).</summary>
    /// <param name="path">Its path; a link at its end is not followed.</param>
    /// <param name="permissions">Less the process's umask.</param>
    /// <exception cref="LinuxException">EEXIST, ENOENT, ENOTDIR, EACCES, EROFS, ENOSPC.</exception>
    public void CreateDirectory(string path, UnixFileMode permissions = UsualModes.Directory)
    {
        const string Operation = "make the directory";
        using EntryPlace place = OpenParent(Operation, path);
        fixed (byte* name = place.Name)
            Check(Operation, path, SyscallNumber.MkdirAt, Sys.Call(SyscallNumber.MkdirAt, place.Directory, (nint)name, Bits(permissions)));
    }

    /// <summary>Makes a directory and those above it, as far as they are missing (<c>mkdir -p</c>). Links within the root are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="permissions">Of what is made, less the process's umask.</param>
    /// <exception cref="LinuxException">ENOTDIR: a part is a file. ENOENT: a part is a link that leads nowhere. EACCES, EROFS, ENOSPC.</exception>
    public void CreateDirectories(string path, UnixFileMode permissions = UsualModes.Directory)
    {
        const string Operation = "make the directories";
        byte[] bytes = PathText.Encode(path);
        int mode = Bits(permissions);
        if (bytes.Length > MaxPath)
            throw Failure(Operation, path, -(long)Errno.ENAMETOOLONG, SyscallNumber.MkdirAt.Name);
        using EntryPlace root = Self();
        SafeFileHandle? above = null;
        try
        {
            for (int end = 0; end < bytes.Length - 1;)
            {
                int begin = end;
                while (begin < bytes.Length - 1 && bytes[begin] == '/')
                    begin++;
                end = begin;
                while (end < bytes.Length - 1 && bytes[end] != '/')
                    end++;
                if (begin == end)
                    break;

                // Each part is resolved from the root, since the one before may have been a link.
                byte[] part = [.. bytes[..end], 0];
                long opened = _resolver.Open(root.Directory, part, OpenPath | OpenDirectory);
                if (opened == -(long)Errno.ENOENT)
                {
                    byte[] entry = [.. bytes[begin..end], 0];
                    long made;
                    fixed (byte* name = entry)
                        made = Sys.Call(SyscallNumber.MkdirAt, above is null ? root.Directory : (int)above.DangerousGetHandle(), (nint)name, mode);
                    if (made < 0 && made != -(long)Errno.EEXIST)
                        throw Failure(Operation, path, made, SyscallNumber.MkdirAt.Name);
                    opened = _resolver.Open(root.Directory, part, OpenPath | OpenDirectory);
                }

                if (opened < 0)
                    throw Failure(Operation, path, opened, SyscallNumber.OpenAt2.Name);
                above?.Dispose();
                above = new SafeFileHandle((nint)opened, ownsHandle: true);
            }
        }
        finally
        {
            above?.Dispose();
        }
    }

    /// <summary>Makes a symbolic link (symlink(2)).</summary>
    /// <param name="path">Where.</param>
    /// <param name="target">What it holds. Within the root, a leading slash means the root.</param>
    /// <exception cref="LinuxException">EEXIST, ENOENT, ENOTDIR, EACCES, EROFS, ENAMETOOLONG.</exception>
    public void CreateSymbolicLink(string path, string target)
    {
        const string Operation = "make the symbolic link";
        using EntryPlace place = OpenParent(Operation, path);
        fixed (byte* name = place.Name, text = PathText.Encode(target))
            Check(Operation, path, SyscallNumber.SymlinkAt, Sys.Call(SyscallNumber.SymlinkAt, (nint)text, place.Directory, (nint)name));
    }

    /// <summary>Gives a file another name (link(2)). If it is a symbolic link, the link itself gets it.</summary>
    /// <param name="path">The new name.</param>
    /// <param name="existing">The file's path.</param>
    /// <exception cref="LinuxException">EEXIST, ENOENT, EPERM: a directory. EXDEV: another file system or mount. EMLINK: too many names.</exception>
    public void CreateHardLink(string path, string existing)
    {
        string operation = $"make a hard link to {existing} at";
        using EntryPlace from = OpenParent("make a hard link to", existing), to = OpenParent(operation, path);
        fixed (byte* old = from.Name, name = to.Name)
            Check(operation, path, SyscallNumber.LinkAt, Sys.Call(SyscallNumber.LinkAt, from.Directory, (nint)old, to.Directory, (nint)name, 0));
    }

    /// <summary>Makes a FIFO (mkfifo(3)).</summary>
    /// <param name="path">Where.</param>
    /// <param name="permissions">Less the process's umask.</param>
    /// <exception cref="LinuxException">EEXIST, ENOENT, EACCES, EROFS.</exception>
    public void CreateFifo(string path, UnixFileMode permissions = UsualModes.File) => MakeNode("make the FIFO", path, TypeFifo | Bits(permissions), 0);

    /// <summary>Makes a device node (mknod(2)).</summary>
    /// <param name="path">Where.</param>
    /// <param name="kind"><see cref="FileKind.CharacterDevice"/> or <see cref="FileKind.BlockDevice"/>.</param>
    /// <param name="major">Its major number, below 4,096.</param>
    /// <param name="minor">Its minor number, below 1,048,576.</param>
    /// <param name="permissions">Less the process's umask.</param>
    /// <exception cref="LinuxException">EPERM: not without CAP_MKNOD outside any user namespace. EEXIST, ENOENT, EROFS.</exception>
    public void CreateDevice(string path, FileKind kind, uint major, uint minor, UnixFileMode permissions = UsualModes.File)
    {
        int type = kind switch
        {
            FileKind.CharacterDevice => TypeCharacter,
            FileKind.BlockDevice => TypeBlock,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        ArgumentOutOfRangeException.ThrowIfGreaterThan(major, 0xfffu);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, 0xfffffu);
        MakeNode("make the device", path, type | Bits(permissions), DeviceNumber(major, minor));
    }

    /// <summary>Renames an entry; a link at the end of either path is not followed (rename(2)).</summary>
    /// <param name="path">The old name.</param>
    /// <param name="newPath">The new one.</param>
    /// <param name="mode">What becomes of what has that name already.</param>
    /// <exception cref="LinuxException">ENOENT, EEXIST, ENOTEMPTY, EISDIR, ENOTDIR, EXDEV, EBUSY: a mount point.</exception>
    public void Rename(string path, string newPath, RenameMode mode = RenameMode.Replace)
    {
        const string Operation = "rename";
        int flags = mode switch
        {
            RenameMode.Replace => 0,
            RenameMode.NoReplace => RenameNoReplace,
            RenameMode.Exchange => RenameExchange,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
        using EntryPlace from = OpenParent(Operation, path), to = OpenParent(Operation, newPath);
        fixed (byte* old = from.Name, name = to.Name)
            Check($"{Operation} {path} to", newPath, SyscallNumber.RenameAt2, Sys.Call(SyscallNumber.RenameAt2, from.Directory, (nint)old, to.Directory, (nint)name, flags));
    }

    /// <summary>Removes a name that is no directory's (unlink(2)). A link is removed, not what it leads to.</summary>
    /// <exception cref="LinuxException">ENOENT, EISDIR, EACCES, EROFS, EBUSY.</exception>
    public void DeleteFile(string path) => Unlink("delete", path, 0);

    /// <summary>Removes an empty directory (rmdir(2)).</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, ENOTEMPTY, EBUSY: a mount point.</exception>
    public void DeleteDirectory(string path) => Unlink("delete the directory", path, AtRemoveDir);

    internal static nint DeviceNumber(uint major, uint minor) => (nint)((minor & 0xff) | (major << 8) | ((minor & 0xfff00) << 12));

    private void Unlink(string operation, string path, int flags)
    {
        using EntryPlace place = OpenParent(operation, path);
        fixed (byte* name = place.Name)
            Check(operation, path, SyscallNumber.UnlinkAt, Sys.Call(SyscallNumber.UnlinkAt, place.Directory, (nint)name, flags));
    }

    private void MakeNode(string operation, string path, int mode, nint device)
    {
        using EntryPlace place = OpenParent(operation, path);
        fixed (byte* name = place.Name)
            Check(operation, path, SyscallNumber.MknodAt, Sys.Call(SyscallNumber.MknodAt, place.Directory, (nint)name, mode, device));
    }
}
