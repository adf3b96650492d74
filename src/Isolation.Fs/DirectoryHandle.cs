using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>Opens directories, which File.OpenHandle refuses to.</summary>
internal static unsafe class DirectoryHandle
{
    /// <summary>A descriptor of a directory of the host (O_PATH).</summary>
    public static SafeFileHandle Open(string path) => Open(path, OpenPath);

    /// <summary>A descriptor of a directory of the host that flock(2) takes, which an O_PATH one is not.</summary>
    public static SafeFileHandle OpenForLocking(string path) => Open(path, 0);

    private static SafeFileHandle Open(string path, int flags)
    {
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return new SafeFileHandle((nint)Sys.Check("open the directory", path, SyscallNumber.OpenAt, AtFdCwd, (nint)name, flags | OpenDirectory | CloseOnExec, 0), ownsHandle: true);
    }
}
