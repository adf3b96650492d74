namespace Isolation.Fs.Interop;

/// <summary>fsopen(2), fsmount(2), mount_setattr(2), mount(2): values that only the calls on this thread's mounts use.</summary>
internal static class MountCallConstants
{
    public const int FsOpenCloseOnExec = 1, FsMountCloseOnExec = 1;
    public const ulong AccessTimeMask = 0x70;
    public const MountAttributes IdMap = (MountAttributes)0x100000;

    /// <summary>mount(2), MS_*: for kernels and seccomp profiles without the newer calls.</summary>
    public const ulong OldReadOnly = 1, OldNoSuid = 2, OldNoDev = 4, OldNoExec = 8, OldRemount = 32, OldNoSymlinkFollow = 256;
    public const ulong OldNoAccessTime = 1024, OldNoDirectoryAccessTime = 2048, OldBind = 4096, OldMove = 8192, OldRecursive = 16384;
    public const ulong OldRelativeAccessTime = 1 << 21, OldStrictAccessTime = 1 << 24;

    /// <summary>fs/fsopen.c: the longest value that FSCONFIG_SET_STRING takes, in bytes without the NUL.</summary>
    public const int MaxValue = 255;

    public const int PollPriority = 2, DuplicateCloseOnExec = 1030;
}
