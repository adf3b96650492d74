using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <content>What files are: status, link targets, space; and changes of owner, permissions and times, by descriptor.</content>
public sealed unsafe partial class RootDirectory
{
    private const string ReadLinkOperation = "read the link";

    /// <summary>What a path leads to is (stat(2)), or the link itself at its end (lstat(2)).</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="followLink">Whether a link at the path's end is followed.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP.</exception>
    public FileStatus GetStatus(string path, bool followLink = true)
    {
        using SafeFileHandle file = OpenObject("look at", path, followLink);
        return FileStatus.Of(file, Show(path));
    }

    /// <summary>The same, or <see langword="null"/> when there is no such file.</summary>
    /// <exception cref="LinuxException">EACCES, ELOOP.</exception>
    public FileStatus? TryGetStatus(string path, bool followLink = true)
    {
        try
        {
            return GetStatus(path, followLink);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>Reads where a symbolic link points to (readlink(2)).</summary>
    /// <exception cref="LinuxException">EINVAL: no link. ENOENT, EACCES.</exception>
    public string ReadLink(string path)
    {
        using SafeFileHandle link = OpenObject(ReadLinkOperation, path, followLink: false);
        return ReadLink(link, path);
    }

    /// <summary>Of a link that is open (O_PATH), whatever has its name by now.</summary>
    internal string ReadLink(SafeFileHandle link, string path)
    {
        if (!FileStatus.Of(link, Show(path)).IsSymbolicLink)
            throw Failure(ReadLinkOperation, path, -(long)Errno.EINVAL, SyscallNumber.ReadlinkAt.Name, "It is no symbolic link");
        Span<byte> target = stackalloc byte[MaxPath];
        byte none = 0;
        fixed (byte* buffer = target)
        {
            long length = Check(ReadLinkOperation, path, SyscallNumber.ReadlinkAt, Sys.Call(SyscallNumber.ReadlinkAt, link.DangerousGetHandle(), (nint)(&none), (nint)buffer, target.Length));
            return PathText.Decode(target[..(int)length]);
        }
    }

    /// <summary>Changes permissions (chmod(2)). A link at the path's end is followed.</summary>
    /// <exception cref="LinuxException">ENOENT, EPERM, EROFS; ENOSYS: there is no /proc.</exception>
    public void SetPermissions(string path, UnixFileMode permissions)
    {
        const string Operation = "change the permissions of";
        using SafeFileHandle file = OpenObject(Operation, path, followLink: true);
        Check(Operation, path, SyscallNumber.FchmodAt, DescriptorPath.SetPermissions((int)file.DangerousGetHandle(), Bits(permissions)));
    }

    /// <summary>Changes owner and group (chown(2)). The kernel clears the set-user-ID and set-group-ID bits.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="user">The user's id; null keeps it.</param>
    /// <param name="group">The group's id; null keeps it.</param>
    /// <param name="followLink">Whether a link at the path's end is followed.</param>
    /// <exception cref="LinuxException">ENOENT, EPERM, EROFS; EINVAL: an id that this user namespace does not have.</exception>
    public void SetOwner(string path, uint? user, uint? group, bool followLink = true)
    {
        const string Operation = "change the owner of";
        if (user == uint.MaxValue || group == uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(user), "4294967295 is no id.");
        using SafeFileHandle file = OpenObject(Operation, path, followLink);
        byte none = 0;
        Check(Operation, path, SyscallNumber.FchownAt, Sys.Call(SyscallNumber.FchownAt, file.DangerousGetHandle(), (nint)(&none), (nint)(user ?? uint.MaxValue), (nint)(group ?? uint.MaxValue), AtEmptyPath));
    }

    /// <summary>Changes the times (utimensat(2)).</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="lastAccess">When it was last read.</param>
    /// <param name="lastWrite">When its content was last changed.</param>
    /// <param name="followLink">Whether a link at the path's end is followed.</param>
    /// <exception cref="LinuxException">ENOENT, EPERM, EROFS.</exception>
    public void SetTimes(string path, FileTimestamp lastAccess, FileTimestamp lastWrite, bool followLink = true)
    {
        const string Operation = "change the times of";

        // utimensat(2): some larger values mean something else.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastAccess.Nanoseconds, 999_999_999u, nameof(lastAccess));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastWrite.Nanoseconds, 999_999_999u, nameof(lastWrite));
        using SafeFileHandle file = OpenObject(Operation, path, followLink);
        long* times = stackalloc long[] { lastAccess.Seconds, lastAccess.Nanoseconds, lastWrite.Seconds, lastWrite.Nanoseconds };
        byte none = 0;
        Check(Operation, path, FileCalls.UtimensAt, Sys.Call(FileCalls.UtimensAt, file.DangerousGetHandle(), (nint)(&none), (nint)times, AtEmptyPath));
    }

    /// <summary>The room in the file system that a path leads to.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES.</exception>
    public FileSystemSpace GetSpace(string path = "/")
    {
        const string Operation = "measure the space of";
        using SafeFileHandle file = OpenObject(Operation, path, followLink: true);
        StatfsBuffer space;
        Check(Operation, path, SyscallNumber.Fstatfs, Sys.Call(SyscallNumber.Fstatfs, file.DangerousGetHandle(), (nint)(&space)));
        ulong unit = (ulong)(space.FragmentSize > 0 ? space.FragmentSize : space.BlockSize);
        return new FileSystemSpace(Bytes(space.Blocks), Bytes(space.FreeBlocks), Bytes(space.AvailableBlocks), Clamp(space.Files), Clamp(space.FreeFiles));

        long Bytes(ulong blocks) => Clamp(unit != 0 && blocks > long.MaxValue / unit ? ulong.MaxValue : blocks * unit);

        static long Clamp(ulong value) => (long)Math.Min(value, long.MaxValue);
    }

    internal SafeFileHandle OpenObject(string operation, string path, bool followLink) => OpenIn(operation, path, OpenPath | (followLink ? 0 : NoFollow));
}
