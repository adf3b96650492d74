using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Files;

/// <summary>Reads open files of cgroupfs with pread(2): the kernel makes their text anew for each read from the start.</summary>
internal static unsafe class FileReader
{
    /// <summary>Reads what there is from a place on; 0 at the end.</summary>
    public static int Read(SafeFileHandle handle, Span<byte> buffer, long position, string cgroup, string file)
    {
        fixed (byte* bytes = buffer)
        {
            long result;
            while ((result = Sys.Call(SyscallNumber.Pread64, handle.DangerousGetHandle(), (nint)bytes, buffer.Length, (nint)position)) == -(long)Errno.EINTR)
            {
            }

            return result >= 0 ? (int)result : throw Hints.Failure("read", cgroup, file, null, (Errno)(-result), "pread64");
        }
    }
}
