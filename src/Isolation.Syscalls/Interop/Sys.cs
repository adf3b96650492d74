using System.Reflection;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Isolation.Syscalls.Interop;

/// <summary>
/// The one way into the kernel for managed code: libc's syscall(2), which Tmds.LibC binds. Results are the kernel's:
/// a negative errno on failure, so that no caller has to look at a thread's errno.
/// </summary>
internal static unsafe partial class Sys
{
    static Sys() => NativeLibrary.SetDllImportResolver(typeof(LibC).Assembly, ResolveLibC);

    public static long Call(SyscallNumber call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        ssize_t result = LibC.syscall(call.Number, (void*)a, (void*)b, (void*)c, (void*)d, (void*)e, (void*)f);
        return result == -1 ? -LibC.errno : (long)result;
    }

    /// <summary>Calls, again when a signal interrupted it, and throws what failed.</summary>
    public static long Check(string operation, string? target, SyscallNumber call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        long result;
        do
        {
            result = Call(call, a, b, c, d, e, f);
        }
        while (result == -(long)Errno.EINTR);
        return result >= 0 ? result : throw new LinuxException(operation, target, (Errno)(-result), call.Name);
    }

    // Tmds.LibC binds glibc's file name. A process runs with one C library only, so where that file is not to be
    // had (musl), the name that the runtime itself was linked against serves.
    internal static nint ResolveLibC(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "libc.so.6")
            return 0;
        foreach (string candidate in (ReadOnlySpan<string>)["libc.so.6", MuslName, "libc.so"])
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
                return handle;
        }

        return 0;
    }

    // The name of musl's libc carries the architecture as musl spells it.
    internal static string MuslName =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1";
}
