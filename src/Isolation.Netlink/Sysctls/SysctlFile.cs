using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink;

/// <summary>The files of the calling thread's network namespace below <c>/proc/sys/net</c>.</summary>
internal static unsafe class SysctlFile
{
    private const string Root = "/proc/sys/net", OwnNamespace = "/proc/thread-self/ns/net";

    // The longest settings are lists of ports and bitmaps: proc_do_large_bitmap writes up to a page.
    private const int LongestValue = 64 << 10;

    public static SafeFileHandle OpenOwnNamespace() => Open(SysctlConstants.AT_FDCWD, OwnNamespace, SysctlConstants.O_RDONLY, resolve: 0, "open the network namespace", null);

    public static string Read(string[] parts)
    {
        const string Operation = "read the setting";
        string name = Name(parts);
        using SafeFileHandle file = Open(parts, SysctlConstants.O_RDONLY, Operation);
        var bytes = new byte[LongestValue];
        int length = 0;
        fixed (byte* start = bytes)
        {
            while (length < bytes.Length)
            {
                int count = (int)Check(Operation, name, SyscallNumber.Read, file.DangerousGetHandle(), (nint)(start + length), bytes.Length - length);
                if (count == 0)
                    break;
                length += count;
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\n');
    }

    public static void Write(string[] parts, string value)
    {
        const string Operation = "write the setting";
        using SafeFileHandle file = Open(parts, SysctlConstants.O_WRONLY, Operation);

        // In one piece: each write is a value of its own.
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* start = bytes)
        {
            long written = Check(Operation, Name(parts), SyscallNumber.Write, file.DangerousGetHandle(), (nint)start, bytes.Length);
            if (written != bytes.Length)
                throw new LinuxException(Operation, Name(parts), Errno.EINVAL, SyscallNumber.Write.Name, "The kernel took a part of the value only");
        }
    }

    private static string Name(string[] parts) => "net." + string.Join('.', parts.Select(p => p.Replace('.', '/')));

    private static SafeFileHandle Open(string[] parts, int flags, string operation)
    {
        string path = SysctlName.ToPath(parts), name = Name(parts);
        using SafeFileHandle root = Open(SysctlConstants.AT_FDCWD, Root, SysctlConstants.O_PATH | SysctlConstants.O_DIRECTORY, SysctlConstants.RESOLVE_NO_SYMLINKS, operation, name);

        // Nothing leads out of it, and nothing is mounted over it: what is read is the kernel's own.
        return Open(root.DangerousGetHandle(), path, flags, SysctlConstants.RESOLVE_BENEATH | SysctlConstants.RESOLVE_NO_SYMLINKS | SysctlConstants.RESOLVE_NO_XDEV, operation, name);
    }

    private static SafeFileHandle Open(nint directory, string path, int flags, ulong resolve, string operation, string? target)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path + "\0");
        var how = new OpenHowData { flags = (ulong)(flags | SysctlConstants.O_CLOEXEC), resolve = resolve };
        fixed (byte* start = bytes)
            return new SafeFileHandle((nint)Check(operation, target, SyscallNumber.OpenAt2, directory, (nint)start, (nint)(&how), sizeof(OpenHowData)), ownsHandle: true);
    }

    private static long Check(string operation, string? target, SyscallNumber call, nint a, nint b, nint c, nint d = 0)
    {
        long result;
        do
        {
            result = Sys.Call(call, a, b, c, d);
        }
        while (result == -(long)Errno.EINTR);
        if (result >= 0)
            return result;
        var errno = (Errno)(-result);
        throw new LinuxException(operation, target, errno, call.Name, errno switch
        {
            Errno.ENOENT => "The kernel has no such setting, or there is no such link",
            Errno.EACCES or Errno.EPERM => "This needs CAP_NET_ADMIN in the user namespace that owns the network namespace",
            Errno.EROFS => "/proc/sys is mounted read-only here",
            Errno.EXDEV => "Something is mounted over it",
            _ => null,
        });
    }
}
