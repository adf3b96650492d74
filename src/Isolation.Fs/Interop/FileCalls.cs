using System.Runtime.InteropServices;
using Isolation.Syscalls;

namespace Isolation.Fs.Interop;

/// <summary>The system calls on files that only this package makes.</summary>
internal static class FileCalls
{
    public static SyscallNumber GetDents64 { get; } = Of("getdents64", 217, 61);

    public static SyscallNumber Lseek { get; } = Of("lseek", 8, 62);

    public static SyscallNumber UtimensAt { get; } = Of("utimensat", 280, 88);

    public static SyscallNumber Statfs { get; } = Of("statfs", 137, 43);

    public static SyscallNumber Fchown { get; } = Of("fchown", 93, 55);

    public static SyscallNumber Fsetxattr { get; } = Of("fsetxattr", 190, 7);

    public static SyscallNumber Setxattr { get; } = Of("setxattr", 188, 5);

    public static SyscallNumber Getxattr { get; } = Of("getxattr", 191, 8);

    public static SyscallNumber Listxattr { get; } = Of("listxattr", 194, 11);

    public static SyscallNumber Removexattr { get; } = Of("removexattr", 197, 14);

    private static SyscallNumber Of(string name, int x64, int arm64)
        => SyscallNumber.Custom(name, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? arm64 : x64);
}
