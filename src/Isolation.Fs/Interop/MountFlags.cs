namespace Isolation.Fs.Interop;

/// <summary>mount_setattr(2): struct mount_attr, 32 bytes.</summary>
internal readonly record struct MountAttr(MountAttributes Set, MountAttributes Clear, ulong Propagation, ulong UserNamespace);

/// <summary>openat2(2): struct open_how, 24 bytes.</summary>
internal readonly record struct OpenHow(ulong Flags, ulong Mode, ulong Resolve);

internal static class MountConstants
{
    public const int AtFdCwd = -100, AtEmptyPath = 0x1000, AtRecursive = 0x8000, AtSymlinkNoFollow = 0x100;
    public const int CloseOnExec = 0x80000, OpenPath = 0x200000;
    public const int OpenTreeClone = 1;
    public const int MoveFromEmptyPath = 4, MoveToEmptyPath = 0x40;
    public const int SetFlag = 0, SetString = 1, Create = 6;
    public const ulong PropagationUnbindable = 1 << 17, PropagationPrivate = 1 << 18, PropagationSlave = 1 << 19, PropagationShared = 1 << 20;
    public const ulong ResolveNoXDev = 1, ResolveNoMagicLinks = 2, ResolveNoSymlinks = 4, ResolveBeneath = 8, ResolveInRoot = 16;

    /// <summary>O_DIRECTORY and O_NOFOLLOW differ between architectures.</summary>
    public static int OpenDirectory => Tmds.Linux.LibC.O_DIRECTORY;

    public static int NoFollow => Tmds.Linux.LibC.O_NOFOLLOW;
}
