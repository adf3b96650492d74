using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>Opens paths below a directory that none of them can lead out of.</summary>
internal abstract unsafe class PathResolver
{
    /// <summary>How often a path is resolved again when somebody renamed a part of it meanwhile.</summary>
    protected const int MaxAttempts = 100;

    private static readonly Lazy<PathResolver> s_best = new(Probe);

    /// <summary>The kernel's own (openat2(2)).</summary>
    public static PathResolver Kernel { get; } = new KernelResolver();

    /// <summary>Component by component, for kernels and seccomp profiles without openat2(2).</summary>
    public static PathResolver UserSpace { get; } = new WalkingResolver();

    /// <summary>The kernel's where it has one.</summary>
    public static PathResolver Best => s_best.Value;

    /// <summary>Opens a path.</summary>
    /// <param name="root">The directory that is the root of all paths.</param>
    /// <param name="path">With a NUL at its end.</param>
    /// <param name="flags">O_*; O_CLOEXEC is added.</param>
    /// <param name="mode">Of a file that is made.</param>
    /// <param name="sameMount">Refuses to cross a mount point (EXDEV).</param>
    /// <returns>A descriptor, or a negative errno.</returns>
    public abstract long Open(int root, ReadOnlySpan<byte> path, int flags, int mode = 0, bool sameMount = false);

    /// <summary>openat(2), again when a signal interrupted it.</summary>
    protected static long OpenAt(int directory, byte* name, int flags, int mode)
    {
        long result;
        do
        {
            result = Sys.Call(SyscallNumber.OpenAt, directory, (nint)name, flags | CloseOnExec, mode);
        }
        while (result == -(long)Errno.EINTR);
        return result;
    }

    // EPERM: some seccomp profiles refuse what they do not know.
    private static PathResolver Probe()
    {
        long result = Kernel.Open(AtFdCwd, "/\0"u8, OpenPath);
        if (result >= 0)
            Sys.Call(SyscallNumber.Close, (nint)result);
        return result is -(long)Errno.ENOSYS or -(long)Errno.EPERM ? UserSpace : Kernel;
    }
}
