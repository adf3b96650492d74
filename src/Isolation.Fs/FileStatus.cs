using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>What a file is (statx(2), inode(7)).</summary>
internal readonly record struct FileStatus(int Mode, uint DeviceMajor, uint DeviceMinor)
{
    private const int TypeMask = 0xf000, Character = 0x2000, Directory = 0x4000, Regular = 0x8000;

    public bool IsRegularFile => (Mode & TypeMask) == Regular;

    public bool IsDirectory => (Mode & TypeMask) == Directory;

    public bool IsCharacterDevice => (Mode & TypeMask) == Character;

    /// <summary>Of what a descriptor shows.</summary>
    public static FileStatus Of(SafeFileHandle handle, string shown) => Read((int)handle.DangerousGetHandle(), "", AtEmptyPath, "look at", shown);

    /// <summary>Of what a path leads to.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, ENOTDIR.</exception>
    public static FileStatus Of(string path, string operation, bool followLink = true) => Read(AtFdCwd, path, followLink ? 0 : AtSymlinkNoFollow, operation, path);

    private static unsafe FileStatus Read(int directory, string path, int flags, string operation, string shown)
    {
        const int BasicStats = 0x7ff;
        statx status;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            Sys.Check(operation, shown, SyscallNumber.Statx, directory, (nint)name, flags, BasicStats, (nint)(&status));
        return new FileStatus((int)status.stx_mode, status.stx_rdev_major, status.stx_rdev_minor);
    }
}
