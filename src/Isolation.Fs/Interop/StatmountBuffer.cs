using System.Runtime.InteropServices;
using Isolation.Syscalls;

namespace Isolation.Fs.Interop;

/// <summary>
/// include/uapi/linux/mount.h of Linux 6.18: struct mnt_id_req, 32 bytes (MNT_ID_REQ_SIZE_VER1).
/// </summary>
internal readonly record struct MountIdRequest
{
    public MountIdRequest(ulong id, ulong parameter, ulong mountNamespace)
    {
        Size = 32;
        Id = id;
        Parameter = parameter;
        MountNamespace = mountNamespace;
    }

    public uint Size { get; }

    /// <summary>Of no use here. Newer kernels take a descriptor of a namespace.</summary>
    public uint Spare { get; }

    public ulong Id { get; }

    /// <summary>statmount(2): what is asked. listmount(2): the last id that was listed.</summary>
    public ulong Parameter { get; }

    /// <summary>0 for that of the thread.</summary>
    public ulong MountNamespace { get; }
}

/// <summary>
/// include/uapi/linux/mount.h of Linux 6.18: struct statmount, whose strings follow. Fields that are strings are offsets among those.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = TextOffset)]
internal struct StatmountBuffer
{
    public const int TextOffset = 512;

    [FieldOffset(0)]
    public uint Size;

    [FieldOffset(4)]
    public uint SuperOptions;

    [FieldOffset(8)]
    public ulong Mask;

    [FieldOffset(16)]
    public uint DeviceMajor;

    [FieldOffset(20)]
    public uint DeviceMinor;

    [FieldOffset(32)]
    public uint SuperFlags;

    [FieldOffset(36)]
    public uint FileSystem;

    [FieldOffset(40)]
    public ulong Id;

    [FieldOffset(48)]
    public ulong ParentId;

    [FieldOffset(56)]
    public uint OldId;

    [FieldOffset(60)]
    public uint OldParentId;

    [FieldOffset(64)]
    public ulong Attributes;

    [FieldOffset(72)]
    public ulong Propagation;

    [FieldOffset(80)]
    public ulong PeerGroup;

    [FieldOffset(88)]
    public ulong MasterGroup;

    [FieldOffset(96)]
    public ulong PropagatesFrom;

    [FieldOffset(104)]
    public uint Root;

    [FieldOffset(108)]
    public uint MountPoint;

    [FieldOffset(112)]
    public ulong MountNamespace;

    [FieldOffset(120)]
    public uint Subtype;

    [FieldOffset(124)]
    public uint Source;

    [FieldOffset(144)]
    public ulong SupportedMask;
}

/// <summary>include/uapi/linux/mount.h and stat.h of Linux 6.18: the values of statmount(2) and listmount(2).</summary>
internal static class StatmountConstants
{
    /// <summary>STATMOUNT_*.</summary>
    public const ulong SuperBasic = 1, MountBasic = 2, PropagateFrom = 4, MountRoot = 8, MountPoint = 0x10, FileSystemType = 0x20, MountNamespace = 0x40;

    /// <summary>STATMOUNT_*: of Linux 6.11, the next two of 6.13, and the last of 6.15.</summary>
    public const ulong MountOptions = 0x80, FileSystemSubtype = 0x100, SuperSource = 0x200, SupportedMask = 0x1000;

    /// <summary>LSMT_ROOT: the root directory of the thread, or the root of another namespace.</summary>
    public const ulong ListRoot = ulong.MaxValue;

    /// <summary>STATX_MNT_ID_UNIQUE: the other id in the place of the usual one.</summary>
    public const int StatxUniqueMountId = 0x4000;

    /// <summary>NS_GET_MNTNS_ID, of include/uapi/linux/nsfs.h: _IOR(0xb7, 0x5, __u64).</summary>
    public const uint GetMountNamespaceId = 0x8008b705;

    /// <summary>SB_RDONLY, SB_SYNCHRONOUS, SB_DIRSYNC, SB_LAZYTIME.</summary>
    public const uint SuperReadOnly = 1, SuperSynchronous = 0x10, SuperDirectorySynchronous = 0x80, SuperLazyTime = 1 << 25;

    /// <summary>Their numbers are the same on all architectures.</summary>
    public static SyscallNumber Statmount { get; } = SyscallNumber.Custom("statmount", 457);

    public static SyscallNumber Listmount { get; } = SyscallNumber.Custom("listmount", 458);
}
