using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/openat2.h", Struct = "struct open_how")]
internal struct OpenHowData
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>Flags of open(2) and openat2(2).</summary>
[KernelHeader("linux/fcntl.h")]
internal static class SysctlConstants
{
    public const int AT_FDCWD = -100, O_RDONLY = 0, O_WRONLY = 1, O_CLOEXEC = 0x80000, O_PATH = 0x200000;
    public const ulong RESOLVE_NO_XDEV = 0x01, RESOLVE_NO_SYMLINKS = 0x04, RESOLVE_BENEATH = 0x08;

    // Of O_DIRECTORY, the value depends on the architecture.
    public static int O_DIRECTORY => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
}
