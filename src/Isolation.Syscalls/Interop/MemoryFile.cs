using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Interop;

/// <summary>Files that exist in memory only (memfd_create(2)).</summary>
internal static unsafe class MemoryFile
{
    // linux/memfd.h and fcntl(2). F_SEAL_FUTURE_WRITE is older than Linux 5.14, which is the oldest that is supported.
    private const int CloseOnExec = 1, AllowSealing = 2, Executable = 0x10;
    private const int AddSeals = 1033, SealSeal = 1, SealShrink = 2, SealGrow = 4, SealWrite = 8, SealFutureWrite = 0x10;

    /// <summary>A file that nobody can change any more, neither its content nor its size.</summary>
    public static SafeFileHandle CreateSealed(string name, ReadOnlySpan<byte> content, bool executable = false)
        => Create(name, content, content.Length, executable, SealSeal | SealShrink | SealGrow | SealWrite | SealFutureWrite);

    /// <summary>A file of a fixed size, zero after its content, that whoever maps it writes to.</summary>
    public static SafeFileHandle CreateShared(string name, ReadOnlySpan<byte> content, int size)
        => Create(name, content, size, executable: false, SealSeal | SealShrink | SealGrow);

    private static SafeFileHandle Create(string name, ReadOnlySpan<byte> content, int size, bool executable, int seals)
    {
        SafeFileHandle file = Open(name, executable);
        try
        {
            if (size > content.Length)
                Sys.Check("size", name, SyscallNumber.Ftruncate, file.DangerousGetHandle(), size);
            fixed (byte* bytes = content)
            {
                if (Sys.Check("write", name, SyscallNumber.Write, file.DangerousGetHandle(), (nint)bytes, content.Length) != content.Length)
                    throw new LinuxException("write", name, Errno.EIO, "write");
            }

            Sys.Check("seal", name, SyscallNumber.Fcntl, file.DangerousGetHandle(), AddSeals, seals);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Open(string name, bool executable)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + '\0'))
        {
            // MFD_EXEC is of Linux 6.3; before, all of these files could be executed.
            long file = Sys.Call(SyscallNumber.MemfdCreate, (nint)text, CloseOnExec | AllowSealing | (executable ? Executable : 0));
            if (file == -(long)Errno.EINVAL && executable)
                file = Sys.Call(SyscallNumber.MemfdCreate, (nint)text, CloseOnExec | AllowSealing);
            return file >= 0
                ? new SafeFileHandle((nint)file, ownsHandle: true)
                : throw new LinuxException(
                    "create the memory file",
                    name,
                    (Errno)(-file),
                    "memfd_create",
                    file == -(long)Errno.EACCES ? "The system forbids executable memory files: /proc/sys/vm/memfd_noexec is 2" : null);
        }
    }
}
