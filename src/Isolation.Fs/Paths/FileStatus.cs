using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <summary>What a file is (statx(2), inode(7)).</summary>
public readonly record struct FileStatus
{
    internal FileStatus(in StatxBuffer status)
    {
        Mode = status.Mode;
        User = status.User;
        Group = status.Group;
        Size = (long)status.Size;
        AllocatedSize = (long)status.Blocks * 512;
        Links = status.Links;
        Inode = status.Inode;
        DeviceMajor = status.DeviceMajor;
        DeviceMinor = status.DeviceMinor;
        FileSystem = ((ulong)status.FileSystemMajor << 32) | status.FileSystemMinor;
        MountId = (status.Mask & StatxMountId) != 0 ? status.MountId : 0;
        LastAccess = new FileTimestamp(status.AccessSeconds, status.AccessNanoseconds);
        LastWrite = new FileTimestamp(status.WriteSeconds, status.WriteNanoseconds);
        LastChange = new FileTimestamp(status.ChangeSeconds, status.ChangeNanoseconds);
    }

    /// <summary>Its type.</summary>
    public FileKind Kind => KindOf(Mode);

    /// <summary>Its permissions, set-user-ID, set-group-ID and sticky bits included.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & ~TypeMask);

    /// <summary>The id of the user that owns it, as this process's user namespace has it.</summary>
    public uint User { get; }

    /// <summary>The id of its group, as this process's user namespace has it.</summary>
    public uint Group { get; }

    /// <summary>Its size in bytes; of a symbolic link, the length of its target.</summary>
    public long Size { get; }

    /// <summary>The bytes that it takes on the disk.</summary>
    public long AllocatedSize { get; }

    /// <summary>How many names it has.</summary>
    public uint Links { get; }

    /// <summary>Its number in its file system.</summary>
    public ulong Inode { get; }

    /// <summary>Which file system it is in: the major number in the upper 32 bits, the minor one in the lower.</summary>
    public ulong FileSystem { get; }

    /// <summary>The id of the mount that it was reached by.</summary>
    public ulong MountId { get; }

    /// <summary>Of a device: its major number.</summary>
    public uint DeviceMajor { get; }

    /// <summary>Of a device: its minor number.</summary>
    public uint DeviceMinor { get; }

    /// <summary>When it was last read.</summary>
    public FileTimestamp LastAccess { get; }

    /// <summary>When its content was last changed.</summary>
    public FileTimestamp LastWrite { get; }

    /// <summary>When its content, owner, permissions or names were last changed.</summary>
    public FileTimestamp LastChange { get; }

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegularFile => Kind == FileKind.Regular;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Kind == FileKind.Directory;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymbolicLink => Kind == FileKind.SymbolicLink;

    internal bool IsCharacterDevice => Kind == FileKind.CharacterDevice;

    /// <summary>Type and permissions as the kernel has them.</summary>
    internal int Mode { get; }

    /// <summary>Whether it is the same file, with the same owner and permissions. A number that is used again is told from the first use by these only.</summary>
    internal bool IsSame(FileStatus other)
        => (FileSystem, Inode, Mode, User, Group) == (other.FileSystem, other.Inode, other.Mode, other.User, other.Group);

    internal static FileKind KindOf(int mode) => (mode & TypeMask) switch
    {
        TypeRegular => FileKind.Regular,
        TypeDirectory => FileKind.Directory,
        TypeLink => FileKind.SymbolicLink,
        TypeFifo => FileKind.Fifo,
        TypeSocket => FileKind.Socket,
        TypeCharacter => FileKind.CharacterDevice,
        TypeBlock => FileKind.BlockDevice,
        _ => FileKind.Unknown,
    };

    /// <summary>Of what a descriptor shows.</summary>
    internal static FileStatus Of(SafeFileHandle handle, string shown) => Read((int)handle.DangerousGetHandle(), "", AtEmptyPath, "look at", shown);

    /// <summary>Of what a path leads to.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, ENOTDIR.</exception>
    internal static FileStatus Of(string path, string operation, bool followLink = true) => Read(AtFdCwd, path, followLink ? 0 : AtSymlinkNoFollow, operation, path);

    /// <summary>Of an entry of a directory, no link followed, or of the directory itself when the name is empty.</summary>
    /// <returns>0, or a negative errno.</returns>
    internal static unsafe long TryRead(int directory, ReadOnlySpan<byte> name, out FileStatus status)
    {
        StatxBuffer buffer;
        long result;
        fixed (byte* bytes = name)
            result = Sys.Call(SyscallNumber.Statx, directory, (nint)bytes, AtEmptyPath | AtSymlinkNoFollow, StatxBasicStats | StatxMountId, (nint)(&buffer));
        status = result < 0 ? default : new FileStatus(buffer);
        return result;
    }

    private static unsafe FileStatus Read(int directory, string path, int flags, string operation, string shown)
    {
        StatxBuffer status;
        fixed (byte* name = PathText.EncodeAny(path))
            Sys.Check(operation, shown, SyscallNumber.Statx, directory, (nint)name, flags, StatxBasicStats | StatxMountId, (nint)(&status));
        return new FileStatus(status);
    }
}
