using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>Where something is mounted, or what is bound: a path of the host, a path beneath a root, or an open descriptor.</summary>
public readonly record struct MountPlace
{
    private readonly RootDirectory? _root;
    private readonly string? _path;
    private readonly SafeFileHandle? _descriptor;

    /// <summary>A path as this thread sees it. Symbolic links are followed.</summary>
    public MountPlace(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
    }

    /// <summary>A path beneath a root that may be hostile: no link leads out of it.</summary>
    public MountPlace(RootDirectory root, string path)
        : this(path)
    {
        ArgumentNullException.ThrowIfNull(root);
        _root = root;
    }

    /// <summary>What an open descriptor shows. The descriptor stays the caller's.</summary>
    public MountPlace(SafeFileHandle descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _descriptor = descriptor;
    }

    /// <summary>A path as this thread sees it.</summary>
    public static implicit operator MountPlace(string path) => new(path);

    /// <summary>A path as this thread sees it.</summary>
    public static MountPlace FromString(string path) => new(path);

    /// <summary>As messages show it.</summary>
    public override string ToString() => _root is not null ? _root.Show(_path!) : _path ?? "a descriptor";

    /// <summary>Opens it: from here on no renaming changes what is meant.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP.</exception>
    internal unsafe OpenedPlace Open(string operation)
    {
        if (_descriptor is not null)
            return new OpenedPlace(_descriptor, isOwned: false, ToString());
        Verify();
        if (_root is not null)
            return new OpenedPlace(_root.OpenIn(operation, _path!, OpenPath), isOwned: true, ToString());
        fixed (byte* name = PathText.Encode(_path!))
            return new OpenedPlace(new SafeFileHandle((nint)Sys.Check(operation, _path, SyscallNumber.OpenAt, AtFdCwd, (nint)name, OpenPath | CloseOnExec), ownsHandle: true), isOwned: true, _path!);
    }

    /// <summary>Removes the mount that is there. An own descriptor of it would keep it busy, so this goes by its directory.</summary>
    internal unsafe void Unmount(string operation, UnmountOptions flags)
    {
        if (_root is not null)
        {
            using EntryPlace entry = _root.OpenParent(operation, _path!);
            if (DescriptorPath.Of(entry.Directory) is not { } directory)
                throw new LinuxException(operation, ToString(), Errno.ENOSYS, SyscallNumber.Umount2.Name, "Beneath a root it takes a /proc");
            fixed (byte* name = (byte[])[.. directory[..^1], (byte)'/', .. entry.Name])
                Sys.Check(operation, ToString(), SyscallNumber.Umount2, (nint)name, (nint)(flags | UnmountOptions.NoFollow));
            return;
        }

        if (_descriptor is not null)
        {
            using var use = new DescriptorUse(_descriptor);
            if (DescriptorPath.Of(use.Descriptor) is not { } self)
                throw new LinuxException(operation, ToString(), Errno.ENOSYS, SyscallNumber.Umount2.Name, "By descriptor it takes a /proc");
            fixed (byte* name = self)
                Sys.Check(operation, ToString(), SyscallNumber.Umount2, (nint)name, (nint)(flags & ~UnmountOptions.NoFollow));
            return;
        }

        Verify();
        fixed (byte* name = PathText.Encode(_path!))
            Sys.Check(operation, _path, SyscallNumber.Umount2, (nint)name, (nint)flags);
    }

    private void Verify()
    {
        if (_path is null)
            throw new InvalidOperationException("This MountPlace is the default one, and no place.");
    }
}
