using System.Buffers;
using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Cgroups.Interop.FileConstants;

namespace Isolation.Cgroups.Files;

/// <summary>An open directory of cgroupfs, and its files by name. Everything goes through the descriptor: who renames or replaces the path changes nothing.</summary>
internal sealed unsafe class CgroupDirectory : IDisposable
{
    private readonly SafeFileHandle _handle;

    private CgroupDirectory(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>The descriptor. Its number may be another file's once it is closed, so then there is none.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public SafeFileHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, typeof(Cgroup));
            return _handle;
        }
    }

    /// <summary>Opens a directory, which must be of cgroup v2.</summary>
    public static CgroupDirectory Open(string path)
    {
        var directory = new CgroupDirectory(path, OpenDirectory(AtCwd, path, path));
        try
        {
            directory.EnsureCgroup2();
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Opens any directory: for tests of what is read and written, without a kernel behind it.</summary>
    internal static CgroupDirectory OpenUnchecked(string path) => new(path, OpenDirectory(AtCwd, path, path));

    /// <summary>Opens the directory above, if that is one of cgroup v2 too: not above the mount point.</summary>
    public CgroupDirectory? OpenParent()
    {
        string path = System.IO.Path.GetDirectoryName(Path) ?? "/";
        var parent = new CgroupDirectory(path, OpenDirectory(Descriptor, "..", path));
        if (parent.FileSystem() == Cgroup2SuperMagic && Inode(parent.Descriptor, null) != Inode(Descriptor, null))
            return parent;
        parent.Dispose();
        return null;
    }

    /// <summary>Opens a directory below this one. It may have been made since.</summary>
    public CgroupDirectory OpenChild(string name) => new(PathOf(name), OpenDirectory(Descriptor, name, PathOf(name)));

    /// <summary>Another descriptor of the same directory.</summary>
    public CgroupDirectory Reopen() => new(Path, OpenDirectory(Descriptor, ".", Path));

    public void CreateChild(string name)
    {
        fixed (byte* bytes = Terminated(name))
        {
            long result = Sys.Call(SyscallNumber.MkdirAt, Descriptor, (nint)bytes, OwnerAndReaders);
            if (result < 0)
                throw Hints.Failure("create", PathOf(name), null, null, Reason((Errno)(-result)), "mkdirat");
        }
    }

    /// <summary>Removes a directory right below. Returns the errno.</summary>
    public Errno TryRemoveChild(string name)
    {
        fixed (byte* bytes = Terminated(name))
            return ToErrno(Sys.Call(SyscallNumber.UnlinkAt, Descriptor, (nint)bytes, RemoveDirectory));
    }

    /// <summary>What the kernel meant: in a removed cgroup it finds no file, as if this one were lacking.</summary>
    public Errno Reason(Errno errno) => errno == Errno.ENOENT && FileSystem() == Cgroup2SuperMagic && !Has("cgroup.procs") ? Errno.ENODEV : errno;

    /// <summary>Whether there is such a file.</summary>
    public bool Has(string file)
    {
        using SafeFileHandle? handle = TryOpen(file, OpenPath, out Errno errno);
        return handle is not null || (errno is Errno.ENOENT or Errno.ENODEV ? false : throw Hints.Failure("look for", Path, file, null, errno, "openat"));
    }

    /// <summary>Whether the caller may write a file. Opening it asks for who we are, where access(2) would ask for the real user.</summary>
    public bool CanWrite(string file)
    {
        using SafeFileHandle? handle = TryOpen(file, WriteOnly, out _);
        return handle is not null;
    }

    /// <summary>Opens a file to read it, many times if wanted.</summary>
    public SafeFileHandle OpenFile(string file, int flags = ReadOnly)
        => TryOpen(file, flags, out Errno errno) ?? throw Hints.Failure("open", Path, file, null, Reason(errno), "openat");

    /// <summary>Opens a file, if it is there.</summary>
    public SafeFileHandle? OpenFileIfThere(string file)
    {
        SafeFileHandle? handle = TryOpen(file, ReadOnly, out Errno errno);
        return handle is not null || Reason(errno) == Errno.ENOENT ? handle : throw Hints.Failure("open", Path, file, null, Reason(errno), "openat");
    }

    /// <summary>The whole of a file, without the line end at its end.</summary>
    public string Read(string file)
    {
        using SafeFileHandle handle = OpenFile(file);
        return Read(handle, file);
    }

    /// <summary>The whole of a file; null when there is none.</summary>
    public string? ReadIfThere(string file)
    {
        using SafeFileHandle? handle = OpenFileIfThere(file);
        return handle is null ? null : Read(handle, file);
    }

    /// <summary>Writes a file in one call, as the kernel wants it.</summary>
    public void Write(string file, string value)
    {
        Errno errno = TryWrite(file, value, out string call);
        if (errno != Errno.None)
            throw Hints.Failure("write", Path, file, value, errno, call);
    }

    /// <summary>Writes a file, and returns the errno.</summary>
    public Errno TryWrite(string file, string value, out string call)
    {
        call = "openat";
        using SafeFileHandle? handle = TryOpen(file, WriteOnly, out Errno errno);
        if (handle is null)
            return Reason(errno);
        call = "write";
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* start = bytes)
        {
            // An empty write reaches no handler of the kernel, so what empties a list is a line end.
            byte newline = (byte)'\n';
            long result = bytes.Length == 0
                ? Sys.Call(SyscallNumber.Write, handle.DangerousGetHandle(), (nint)(&newline), 1)
                : Sys.Call(SyscallNumber.Write, handle.DangerousGetHandle(), (nint)start, bytes.Length);
            return ToErrno(result);
        }
    }

    /// <summary>Removes this directory, if its name still leads to it. Returns the errno.</summary>
    public Errno TryRemove()
    {
        fixed (byte* name = Terminated("../" + System.IO.Path.GetFileName(Path)))
        {
            if (Inode(Descriptor, name) is not { } there || there != Inode(Descriptor, null))
                return Errno.ENOENT;
            return ToErrno(Sys.Call(SyscallNumber.UnlinkAt, Descriptor, (nint)name, RemoveDirectory));
        }
    }

    /// <summary>Gives a file, or with an empty name the directory itself, to a user. Returns the errno.</summary>
    public Errno TryChown(string file, uint user, uint group)
    {
        fixed (byte* bytes = Terminated(file))
            return ToErrno(Sys.Call(SyscallNumber.FchownAt, Descriptor, (nint)bytes, (nint)user, (nint)group, NoFollow | EmptyPath));
    }

    public string PathOf(string child) => Path == "/" ? "/" + child : $"{Path}/{child}";

    public void Dispose() => _handle.Dispose();

    private nint Descriptor => Handle.DangerousGetHandle();

    private string Read(SafeFileHandle handle, string file)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read = FileReader.Read(handle, buffer.AsSpan(length), length, Path, file);
                if (read == 0)
                    return Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n');
                length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SafeFileHandle? TryOpen(string file, int flags, out Errno errno)
    {
        fixed (byte* bytes = Terminated(file))
        {
            long result = Sys.Call(SyscallNumber.OpenAt, Descriptor, (nint)bytes, flags | CloseOnExec | NoFollowLinks, 0);
            errno = ToErrno(result);
            return errno == Errno.None ? new SafeFileHandle((nint)result, ownsHandle: true) : null;
        }
    }

    private static SafeFileHandle OpenDirectory(nint at, string name, string path)
    {
        fixed (byte* bytes = Terminated(name))
        {
            long result = Sys.Call(SyscallNumber.OpenAt, at, (nint)bytes, ReadOnly | DirectoryOnly | CloseOnExec, 0);
            return result >= 0 ? new SafeFileHandle((nint)result, ownsHandle: true) : throw Hints.Failure("open", path, null, null, (Errno)(-result), "openat");
        }
    }

    private void EnsureCgroup2()
    {
        long type = FileSystem();
        if (type == CgroupSuperMagic)
            throw Hints.Failure("open", Path, null, null, Errno.EINVAL, null, "It is a cgroup of version 1; this needs version 2");
        if (type != Cgroup2SuperMagic)
            throw Hints.Failure("open", Path, null, null, Errno.EINVAL, null, "It is no directory of cgroup2");
    }

    private long FileSystem()
    {
        // struct statfs begins with f_type, a long on the architectures that we know.
        long* status = stackalloc long[32];
        Sys.Check("look at the file system of", Path, SyscallNumber.Fstatfs, Descriptor, (nint)status);
        return status[0];
    }

    // The number of a cgroup's directory is its id, which is never given again while the machine runs.
    private static ulong? Inode(nint at, byte* name)
    {
        byte* status = stackalloc byte[256];
        byte empty = 0;
        long result = Sys.Call(SyscallNumber.Statx, at, (nint)(name is null ? &empty : name), NoFollow | EmptyPath, StatxInode, (nint)status);
        return result < 0 ? null : *(ulong*)(status + StatxInodeOffset);
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');

    private static Errno ToErrno(long result) => result < 0 ? (Errno)(-result) : Errno.None;
}
