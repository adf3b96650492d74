using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <content>Files: opening, reading, writing.</content>
public sealed partial class RootDirectory
{
    /// <summary>Opens a file below the root for reading. A FIFO or a device does not make it wait.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <exception cref="LinuxException">ENOENT, EACCES, ELOOP.</exception>
    public SafeFileHandle OpenRead(string path) => OpenIn("open", path, NonBlocking | NoTerminal);

    /// <summary>Opens a file below the root, or makes it (open(2)). A FIFO or a device does not make it wait.</summary>
    /// <param name="path">A path as a program inside the root would write it. A link at its end is followed within the root.</param>
    /// <param name="mode">What is opened or made.</param>
    /// <param name="access">For what.</param>
    /// <param name="permissions">Of a file that is made, less the process's umask.</param>
    /// <exception cref="LinuxException">ENOENT, EEXIST, EACCES, ELOOP, EISDIR; ENXIO: a FIFO that nobody reads.</exception>
    public SafeFileHandle OpenFile(string path, FileMode mode, FileAccess access, UnixFileMode permissions = UsualModes.File)
    {
        int flags = access switch
        {
            FileAccess.Read => 0,
            FileAccess.Write => WriteOnly,
            FileAccess.ReadWrite => ReadWrite,
            _ => throw new ArgumentOutOfRangeException(nameof(access), access, null),
        };
        flags |= mode switch
        {
            FileMode.Open => 0,
            FileMode.OpenOrCreate => Create,
            FileMode.Create => Create | Truncate,
            FileMode.CreateNew => Create | Exclusive,
            FileMode.Truncate => Truncate,
            FileMode.Append => Create | Append,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
        return OpenIn("open", path, flags | NonBlocking | NoTerminal, (flags & Create) != 0 ? Bits(permissions) : 0);
    }

    /// <summary>Reads a text file below the root, if it is a regular file of a bounded size.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="maxBytes">The largest size that is read, in bytes.</param>
    /// <returns>The text, or <see langword="null"/> when there is no such file.</returns>
    /// <exception cref="LinuxException">EFBIG: larger. EINVAL: no regular file.</exception>
    public string? TryReadText(string path, int maxBytes) => TryReadBytes(path, maxBytes) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Reads a file below the root, if it is a regular file of a bounded size.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="maxBytes">The largest size that is read, in bytes.</param>
    /// <returns>Its content, or <see langword="null"/> when there is no such file.</returns>
    /// <exception cref="LinuxException">EFBIG: larger. EINVAL: no regular file.</exception>
    public byte[]? TryReadBytes(string path, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        SafeFileHandle file;
        try
        {
            file = OpenRead(path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }

        using (file)
        {
            FileStatus status = FileStatus.Of(file, path);
            if (!status.IsRegularFile)
                throw new LinuxException("read", Show(path), Errno.EINVAL, "read", "It is no regular file");

            // The size is a proposal only: files of procfs say 0, and others can grow meanwhile.
            byte[] bytes = new byte[(int)Math.Min(Math.Max(status.Size, 4095), maxBytes) + 1];
            int length = 0, read;
            while ((read = ReadAt(file, bytes.AsSpan(length), length, Show(path))) > 0)
            {
                length += read;
                if (length > maxBytes)
                    throw new LinuxException("read", Show(path), Errno.EFBIG, "read", $"It has more than {maxBytes} bytes");
                if (length == bytes.Length)
                    Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, maxBytes + 1L));
            }

            return bytes[..length];
        }
    }

    /// <summary>Writes a whole file below the root; one that is there is emptied first.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="content">What it holds then.</param>
    /// <param name="permissions">Of a file that is made, less the process's umask.</param>
    /// <exception cref="LinuxException">EINVAL: no regular file. EACCES, EISDIR, ELOOP, ENOENT. A failed write itself is an <see cref="IOException"/>.</exception>
    public void WriteFile(string path, ReadOnlySpan<byte> content, UnixFileMode permissions = UsualModes.File)
    {
        using SafeFileHandle file = OpenFile(path, FileMode.OpenOrCreate, FileAccess.Write, permissions);
        if (!FileStatus.Of(file, path).IsRegularFile)
            throw new LinuxException("write", Show(path), Errno.EINVAL, "write", "It is no regular file");
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, content, 0);
    }

    /// <summary>Reads from a place of an open file (pread(2)).</summary>
    /// <returns>How many bytes; 0 at its end.</returns>
    /// <exception cref="LinuxException">EIO and what else the file system says.</exception>
    internal static unsafe int ReadAt(SafeFileHandle file, Span<byte> buffer, long at, string shown)
    {
        using var use = new DescriptorUse(file);
        fixed (byte* bytes = buffer)
        {
            long read;
            do
            {
                read = Sys.Call(SyscallNumber.Pread64, use.Descriptor, (nint)bytes, buffer.Length, (nint)at);
            }
            while (read == -(long)Errno.EINTR);
            return read >= 0 ? (int)read : throw new LinuxException("read", shown, (Errno)(-read), SyscallNumber.Pread64.Name);
        }
    }

    private static int Bits(UnixFileMode permissions)
        => ((int)permissions & ~0xfff) == 0 ? (int)permissions : throw new ArgumentOutOfRangeException(nameof(permissions), permissions, "Permissions are at most 07777.");
}
