using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>One system call a path: openat2(2) with RESOLVE_IN_ROOT.</summary>
internal sealed unsafe class KernelResolver : PathResolver
{
    /// <inheritdoc/>
    public override long Open(int root, ReadOnlySpan<byte> path, int flags, int mode = 0, bool sameMount = false)
    {
        ulong resolve = ResolveInRoot | ResolveNoMagicLinks | (sameMount ? ResolveNoXDev : 0);
        var how = new OpenHow((ulong)(flags | CloseOnExec), (ulong)mode, resolve);
        fixed (byte* name = path)
        {
            for (int attempt = 1; ; attempt++)
            {
                long result = Sys.Call(SyscallNumber.OpenAt2, root, (nint)name, (nint)(&how), sizeof(OpenHow));

                // openat2(2), EAGAIN: a rename anywhere made it impossible to be sure where ".." leads.
                if (result == -(long)Errno.EINTR || (result == -(long)Errno.EAGAIN && attempt < MaxAttempts))
                    continue;
                return result;
            }
        }
    }
}
