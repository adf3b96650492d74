using System.Runtime.InteropServices;

namespace Isolation.Fs.Interop;

/// <summary>quotactl(2), ioctl_xfs_fsgetxattr(2): the quotas and members of projects.</summary>
internal static class QuotaConstants
{
    public const int GetQuota = 0x800007, SetQuota = 0x800008, ProjectKind = 2;
    public const uint BlockLimitsAreValid = 1, FileLimitsAreValid = 4;
    public const ulong BlockSize = 1024;
    public const uint GetFileAttributes = 0x801c581f, SetFileAttributes = 0x401c5820, InheritProject = 0x200;
}

/// <summary>quotactl(2): struct if_dqblk, 72 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct QuotaBuffer
{
    [FieldOffset(0)]
    public ulong MaxBlocks;

    [FieldOffset(16)]
    public ulong UsedBytes;

    [FieldOffset(24)]
    public ulong MaxFiles;

    [FieldOffset(40)]
    public ulong UsedFiles;

    [FieldOffset(64)]
    public uint Valid;
}

/// <summary>ioctl_xfs_fsgetxattr(2): struct fsxattr, 28 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
internal struct FileAttributesBuffer
{
    [FieldOffset(0)]
    public uint Flags;

    [FieldOffset(12)]
    public uint Project;
}
