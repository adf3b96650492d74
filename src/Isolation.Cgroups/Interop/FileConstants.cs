namespace Isolation.Cgroups.Interop;

/// <summary>Of openat(2), unlinkat(2), fchownat(2) and statfs(2). Those of directories differ between x64 and arm64.</summary>
internal static class FileConstants
{
    public const int AtCwd = -100, RemoveDirectory = 0x200, NoFollow = 0x100, EmptyPath = 0x1000;
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000, OpenPath = 0x200000;
    public const int OwnerAndReaders = 0x1ed; // rwxr-xr-x
    public const int StatxInode = 0x100, StatxInodeOffset = 32;
    public const long CgroupSuperMagic = 0x27e0eb, Cgroup2SuperMagic = 0x63677270;

    public static int DirectoryOnly { get; } = IsArm ? 0x4000 : 0x10000;

    public static int NoFollowLinks { get; } = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64;
}
