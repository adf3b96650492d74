using System.Globalization;
using System.Text;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <summary>
/// The path of a descriptor of this process (proc_pid_fd(5)), for the calls that take no O_PATH descriptor: it leads to
/// what the descriptor shows, whatever its name has become. Only where /proc is procfs.
/// </summary>
internal static unsafe class DescriptorPath
{
    /// <summary>The path with a NUL at its end, or null when /proc is something else.</summary>
    public static byte[]? Of(int descriptor)
    {
        StatfsBuffer fileSystem;
        fixed (byte* proc = "/proc/self/fd\0"u8)
        {
            if (Sys.Call(FileCalls.Statfs, (nint)proc, (nint)(&fileSystem)) < 0 || fileSystem.Type != ProcSuperMagic)
                return null;
        }

        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}\0"));
    }

    /// <returns>0, or a negative errno.</returns>
    public static long SetPermissions(int descriptor, int mode)
    {
        if (Of(descriptor) is not { } path)
            return -(long)Errno.ENOSYS;
        fixed (byte* bytes = path)
            return Sys.Call(SyscallNumber.FchmodAt, AtFdCwd, (nint)bytes, mode);
    }
}
