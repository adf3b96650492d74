using System.Runtime.InteropServices;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Isolation.Syscalls.Children;

/// <summary>The machine code that clones a child and, in it, walks a syscall program. Loaded once a process.</summary>
internal static unsafe partial class ChildStub
{
    private static readonly Lock s_loading = new();
    private static delegate* unmanaged<ChildFrame*, nint> s_entry;

    /// <summary>Loads the stub. On the caller's thread, so that what fails is the caller's to see, and can be tried again.</summary>
    public static void EnsureLoaded()
    {
        if (s_entry is not null)
            return;
        lock (s_loading)
        {
            if (s_entry is null)
                s_entry = Load();
        }
    }

    /// <summary>
    /// Clones and runs the child. Blocks until it executes a program or ends. An ordinary native call, in preemptive
    /// mode: the garbage collector runs on meanwhile.
    /// </summary>
    /// <returns>The child's process id, or a negative errno of clone.</returns>
    public static nint Spawn(ChildFrame* frame) => s_entry(frame);

    private static delegate* unmanaged<ChildFrame*, nint> Load()
    {
        ReadOnlySpan<byte> code = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => X64,
            Architecture.Arm64 => Arm64,
            Architecture other => throw new PlatformNotSupportedException($"Isolation starts children on x64 and arm64; this process runs on {other}."),
        };

        // The page comes from a sealed file and is mapped once, read-execute: it is at no time writable and
        // executable, so this works under PR_SET_MDWE and SELinux's execmem.
        using SafeFileHandle file = MemoryFile.CreateSealed("isolation-child", code);
        nint page = (nint)Sys.Check("map", "the child stub", SyscallNumber.Mmap, 0, code.Length, LibC.PROT_READ | LibC.PROT_EXEC, LibC.MAP_PRIVATE, file.DangerousGetHandle(), 0);
        return (delegate* unmanaged<ChildFrame*, nint>)page;
    }
}
