using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>
/// A directory that is taken as the root of all paths resolved in it: absolute symbolic links begin at it and <c>..</c>
/// stops at it, so that a hostile tree cannot lead outside (openat2(2), RESOLVE_IN_ROOT).
/// </summary>
public sealed unsafe class RootDirectory : IDisposable
{
    private const int MaxAttempts = 100;

    private readonly SafeFileHandle _directory;

    private RootDirectory(string path, SafeFileHandle directory)
    {
        Path = path;
        _directory = directory;
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    /// <summary>Opens a directory of the host.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES.</exception>
    public static RootDirectory Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new RootDirectory(path, Open(AtFdCwd, path, OpenPath | OpenDirectory | CloseOnExec, 0, "open the directory", path));
    }

    /// <summary>Opens a file below the root for reading. A FIFO or a device does not make it wait.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <exception cref="LinuxException">ENOENT, EACCES, ELOOP.</exception>
    public SafeFileHandle OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        const int NonBlocking = 0x800, NoTerminal = 0x100;
        bool added = false;
        _directory.DangerousAddRef(ref added);
        try
        {
            return Open((int)_directory.DangerousGetHandle(), path, NonBlocking | NoTerminal | CloseOnExec, ResolveInRoot | ResolveNoMagicLinks, "open", $"{path} in {Path}");
        }
        finally
        {
            _directory.DangerousRelease();
        }
    }

    /// <summary>Reads a text file below the root, if it is a regular file of a bounded size.</summary>
    /// <param name="path">A path as a program inside the root would write it.</param>
    /// <param name="maxBytes">The largest size that is read, in bytes.</param>
    /// <returns>The text, or <see langword="null"/> when there is no such file.</returns>
    /// <exception cref="LinuxException">EFBIG: larger. EINVAL: no regular file.</exception>
    public string? TryReadText(string path, int maxBytes)
    {
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
            if (!FileStatus.Of(file, path).IsRegularFile)
                throw new LinuxException("read", $"{path} in {Path}", Errno.EINVAL, "read", "It is no regular file");
            byte[] bytes = new byte[checked(maxBytes + 1)];
            int length = 0, read;
            while (length < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0)
                length += read;
            if (length > maxBytes)
                throw new LinuxException("read", $"{path} in {Path}", Errno.EFBIG, "read", $"It has more than {maxBytes} bytes");
            return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        }
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => _directory.Dispose();

    private static SafeFileHandle Open(int directory, string path, int flags, ulong resolve, string operation, string target)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A path holds no NUL character.", nameof(path));
        var how = new OpenHow((ulong)flags, 0, resolve);
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return new SafeFileHandle((nint)Sys.Check(operation, target, SyscallNumber.OpenAt2, directory, (nint)name, (nint)(&how), sizeof(OpenHow)), ownsHandle: true);
                }
                catch (LinuxException e) when (e.Errno == Errno.EAGAIN && attempt < MaxAttempts)
                {
                    // openat2(2): a rename anywhere made it impossible to be sure where ".." leads.
                }
            }
        }
    }
}
