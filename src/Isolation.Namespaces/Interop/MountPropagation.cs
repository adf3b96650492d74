using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Interop;

/// <summary>mount(2), for the propagation of mounts only (mount_namespaces(7), "Shared subtrees").</summary>
internal static unsafe class MountPropagation
{
    private const nint MS_REC = 16384, MS_PRIVATE = 1 << 18;

    /// <summary>Cuts all mounts of this thread's namespace off from others.</summary>
    public static void MakePrivate()
    {
        fixed (byte* root = "/\0"u8)
            Sys.Check("make private all mounts below", "/", SyscallNumber.Mount, 0, (nint)root, 0, MS_REC | MS_PRIVATE);
    }
}
