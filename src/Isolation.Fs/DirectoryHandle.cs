using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>Opens directories, which File.OpenHandle refuses to.</summary>
internal static unsafe class DirectoryHandle
{
    /// <summary>A descriptor of a directory of the host (O_PATH).</summary>
    public static SafeFileHandle Open(string path)
    {
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return new SafeFileHandle((nint)Sys.Check("open the directory", path, SyscallNumber.OpenAt, AtFdCwd, (nint)name, OpenPath | OpenDirectory | CloseOnExec, 0), ownsHandle: true);
    }
}
