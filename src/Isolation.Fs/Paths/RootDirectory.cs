using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>
/// A directory that is taken as the root of all paths resolved in it: absolute symbolic links begin at it and <c>..</c>
/// stops at it, so that a hostile tree cannot lead outside (openat2(2), RESOLVE_IN_ROOT; where the kernel has no openat2, the
/// same in user space). Magic links of procfs are refused (ELOOP).
/// </summary>
/// <remarks>
/// <para>
/// A path is one that a program inside the root would write. Every operation works on a descriptor of what the path
/// led to, or of its directory, so that a link which is put in its way meanwhile leads nowhere else.
/// </para>
/// <para>A byte of a name that is not UTF-8 is a lone surrogate, U+DC80 to U+DCFF, in the strings here. All members can be used from many threads.</para>
/// </remarks>
public sealed unsafe partial class RootDirectory : IDisposable
{
    private readonly SafeFileHandle _directory;
    private readonly PathResolver _resolver;

    private RootDirectory(string path, SafeFileHandle directory, PathResolver resolver)
    {
        Path = path;
        _directory = directory;
        _resolver = resolver;
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    internal PathResolver Resolver => _resolver;

    /// <summary>Opens a directory of the host.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES.</exception>
    public static RootDirectory Open(string path) => Open(path, PathResolver.Best);

    internal static RootDirectory Open(string path, PathResolver resolver)
    {
        byte[] name = PathText.Encode(path);
        fixed (byte* bytes = name)
            return new RootDirectory(path, new SafeFileHandle((nint)Sys.Check("open the directory", path, SyscallNumber.OpenAt, AtFdCwd, (nint)bytes, OpenPath | OpenDirectory | CloseOnExec), ownsHandle: true), resolver);
    }

    /// <summary>Takes the directory that a descriptor shows, which stays the caller's, as a root.</summary>
    /// <exception cref="LinuxException">ENOTDIR.</exception>
    internal static RootDirectory OpenOn(SafeFileHandle directory, string shown)
    {
        using var use = new DescriptorUse(directory);
        fixed (byte* self = ".\0"u8)
            return new RootDirectory(shown, new SafeFileHandle((nint)Sys.Check("open", shown, SyscallNumber.OpenAt, use.Descriptor, (nint)self, OpenPath | OpenDirectory | CloseOnExec), ownsHandle: true), PathResolver.Best);
    }

    /// <summary>Opens a directory below the root as a root of its own.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP.</exception>
    public RootDirectory OpenRoot(string path)
        => new($"{Path}/{path.TrimStart('/')}", OpenIn("open the directory", path, OpenPath | OpenDirectory), _resolver);

    /// <summary>Closes the directory.</summary>
    public void Dispose() => _directory.Dispose();

    /// <summary>Uses the root's own descriptor, which stays open meanwhile.</summary>
    internal EntryPlace Self()
    {
        bool added = false;
        _directory.DangerousAddRef(ref added);
        return new EntryPlace(_directory, ".\0"u8.ToArray(), isOwned: false);
    }

    /// <summary>Opens what a path leads to.</summary>
    internal SafeFileHandle OpenIn(string operation, string path, int flags, int mode = 0, bool sameMount = false)
    {
        byte[] name = PathText.Encode(path);
        using EntryPlace root = Self();
        long result = _resolver.Open(root.Directory, name, flags, mode, sameMount);
        return result >= 0 ? new SafeFileHandle((nint)result, ownsHandle: true) : throw Failure(operation, path, result, _resolver == PathResolver.Kernel ? "openat2" : "openat");
    }

    /// <summary>Opens the directory that an entry is in, or is to be in. The entry itself is not looked at.</summary>
    /// <exception cref="LinuxException">EINVAL: the path ends in no name. ENAMETOOLONG.</exception>
    internal EntryPlace OpenParent(string operation, string path)
    {
        byte[] bytes = PathText.Encode(path);

        // The kernel sees two halves, and would take a path that is too long as a whole.
        if (bytes.Length > PathConstants.MaxPath)
            throw Failure(operation, path, -(long)Errno.ENAMETOOLONG, "openat2");
        ReadOnlySpan<byte> trimmed = bytes.AsSpan(..^1).TrimEnd((byte)'/');
        int slash = trimmed.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = trimmed[(slash + 1)..];
        if (name.Length == 0 || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            throw new LinuxException(operation, Show(path), Errno.EINVAL, hint: "The path ends in no name");
        byte[] entry = [.. name, 0];
        bool added = false;
        _directory.DangerousAddRef(ref added);
        if (slash <= 0)
            return new EntryPlace(_directory, entry, isOwned: false);
        try
        {
            long result = _resolver.Open((int)_directory.DangerousGetHandle(), [.. trimmed[..slash], 0], OpenPath | OpenDirectory);
            if (result < 0)
                throw Failure(operation, path, result, "openat2");
            return new EntryPlace(new SafeFileHandle((nint)result, ownsHandle: true), entry, isOwned: true);
        }
        finally
        {
            _directory.DangerousRelease();
        }
    }

    internal string Show(string path) => $"{path} in {Path}";

    /// <summary>What a negative result of a call on a path means.</summary>
    internal LinuxException Failure(string operation, string path, long result, string call, string? hint = null)
        => new(operation, Show(path), (Errno)(-result), call, hint);

    private long Check(string operation, string path, SyscallNumber call, long result)
        => result >= 0 ? result : throw Failure(operation, path, result, call.Name);
}
