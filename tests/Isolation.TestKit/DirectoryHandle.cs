using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.TestKit;

/// <summary>Opens directories, which File.OpenHandle refuses to.</summary>
public static unsafe class DirectoryHandle
{
    /// <summary>A descriptor of a directory (O_PATH).</summary>
    public static SafeFileHandle Open(string path)
    {
        const int AtCwd = -100, PathOnly = 0x200000, DirectoryOnly = 0x10000, CloseOnExec = 0x80000;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return new SafeFileHandle((nint)Sys.Check("open the directory", path, SyscallNumber.OpenAt, AtCwd, (nint)name, PathOnly | DirectoryOnly | CloseOnExec, 0), ownsHandle: true);
    }
}
