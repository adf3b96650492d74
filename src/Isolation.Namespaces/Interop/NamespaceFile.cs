using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Isolation.Namespaces.Interop;

/// <summary>The files of nsfs: opening them without harm, and what the kernel tells of them (ioctl_ns(2)).</summary>
internal static unsafe class NamespaceFile
{
    // linux/magic.h and linux/nsfs.h.
    public const long NSFS_MAGIC = 0x6e736673;
    public const uint NS_GET_USERNS = 0xb701, NS_GET_PARENT = 0xb702, NS_GET_NSTYPE = 0xb703, NS_GET_OWNER_UID = 0xb704;
    public const uint NS_GET_PID_FROM_PIDNS = 0x8004b706, NS_GET_TGID_FROM_PIDNS = 0x8004b707, NS_GET_PID_IN_PIDNS = 0x8004b708, NS_GET_TGID_IN_PIDNS = 0x8004b709;

    private static readonly (NamespaceKinds Kind, CloneFlags Flag, string Name)[] s_kinds =
    [
        (NamespaceKinds.User, CloneFlags.NewUser, "user"),
        (NamespaceKinds.Mount, CloneFlags.NewNs, "mnt"),
        (NamespaceKinds.Pid, CloneFlags.NewPid, "pid"),
        (NamespaceKinds.Network, CloneFlags.NewNet, "net"),
        (NamespaceKinds.Uts, CloneFlags.NewUts, "uts"),
        (NamespaceKinds.Ipc, CloneFlags.NewIpc, "ipc"),
        (NamespaceKinds.Cgroup, CloneFlags.NewCgroup, "cgroup"),
        (NamespaceKinds.Time, CloneFlags.NewTime, "time"),
    ];

    /// <summary>The name of one kind in /proc/PID/ns.</summary>
    public static string Name(NamespaceKinds kind)
    {
        foreach ((NamespaceKinds known, _, string name) in s_kinds)
        {
            if (known == kind)
                return name;
        }

        throw new ArgumentException($"'{kind}' is not one kind of namespace.", nameof(kind));
    }

    /// <summary>The kind with a name, or None.</summary>
    public static NamespaceKinds KindNamed(ReadOnlySpan<char> name)
    {
        foreach ((NamespaceKinds kind, _, string known) in s_kinds)
        {
            if (name.SequenceEqual(known))
                return kind;
        }

        return NamespaceKinds.None;
    }

    /// <summary>Opens a namespace's file, and nothing else.</summary>
    public static SafeFileHandle Open(string path)
    {
        // First a look without opening (O_PATH): opening a FIFO waits for its writer or wakes it, and opening a device may do anything.
        using SafeFileHandle found = OpenAt(path, path, LibC.O_PATH);
        if (!IsNamespace(found))
            throw NotANamespace(path);
        return OpenAt($"/proc/thread-self/fd/{found.DangerousGetHandle()}", path, flags: 0);
    }

    /// <summary>Whether a path is a namespace's file; a symbolic link to one is not.</summary>
    public static bool IsNamespace(string path)
    {
        using SafeFileHandle found = OpenAt(path, path, LibC.O_PATH | LibC.O_NOFOLLOW);
        return IsNamespace(found);
    }

    /// <summary>Which namespace a path leads to, without opening it; null when it cannot be looked at, as when its process has just ended.</summary>
    public static NamespaceId? TryIdentify(string path)
    {
        statx status;
        fixed (byte* name = ToKernel(path))
            return Statx(LibC.AT_FDCWD, name, 0, &status) == 0 ? IdOf(status) : null;
    }

    /// <summary>Makes sure that a descriptor is of a namespace, and says of which.</summary>
    public static NamespaceId Check(SafeFileHandle handle, string shown)
    {
        if (!IsNamespace(handle))
            throw NotANamespace(shown);
        byte empty = 0;
        statx status;
        long result = Statx((int)handle.DangerousGetHandle(), &empty, LibC.AT_EMPTY_PATH, &status);
        return result == 0 ? IdOf(status) : throw new LinuxException("look at", shown, (Errno)(-result), SyscallNumber.Statx.Name);
    }

    /// <summary>The kind (NS_GET_NSTYPE).</summary>
    public static NamespaceKinds KindOf(SafeFileHandle handle, string shown)
    {
        using var use = new DescriptorUse(handle);
        var flag = (CloneFlags)Sys.Check("find the kind of", shown, SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)NS_GET_NSTYPE));
        foreach ((NamespaceKinds kind, CloneFlags known, _) in s_kinds)
        {
            if (known == flag)
                return kind;
        }

        return NamespaceKinds.None;
    }

    /// <summary>The owner or parent; null when there is none, or it lies outside the caller's own namespace, which the kernel does not tell apart.</summary>
    public static SafeFileHandle? OpenRelated(SafeFileHandle handle, uint request, string operation, string shown)
    {
        using var use = new DescriptorUse(handle);
        long result = Sys.Call(SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)request));
        if (result == -(long)Errno.EPERM)
            return null;
        return result >= 0
            ? new SafeFileHandle((nint)result, ownsHandle: true)
            : throw new LinuxException(operation, shown, (Errno)(-result), SyscallNumber.Ioctl.Name);
    }

    // makedev(3), as stat(2) gives st_dev.
    public static ulong DeviceNumber(ulong major, ulong minor)
        => ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);

    /// <summary>A path as the kernel takes it.</summary>
    public static byte[] ToKernel(string path)
        => !path.Contains('\0', StringComparison.Ordinal)
            ? System.Text.Encoding.UTF8.GetBytes(path + '\0')
            : throw new ArgumentException("A path holds no NUL character.", nameof(path));

    private static bool IsNamespace(SafeFileHandle handle)
    {
        // struct statfs of 64-bit kernels begins with f_type; 120 bytes in all.
        long* fileSystem = stackalloc long[15];
        using var use = new DescriptorUse(handle);
        Sys.Check("look at", "the descriptor", SyscallNumber.Fstatfs, use.Descriptor, (nint)fileSystem);
        return *fileSystem == NSFS_MAGIC;
    }

    private static SafeFileHandle OpenAt(string path, string shown, int flags)
    {
        fixed (byte* name = ToKernel(path))
            return new SafeFileHandle((nint)Sys.Check("open the namespace", shown, SyscallNumber.OpenAt, LibC.AT_FDCWD, (nint)name, flags | LibC.O_CLOEXEC, 0), ownsHandle: true);
    }

    private static long Statx(int folder, byte* name, int flags, statx* status)
        => Sys.Call(SyscallNumber.Statx, folder, (nint)name, flags, unchecked((nint)LibC.STATX_INO), (nint)status);

    private static NamespaceId IdOf(in statx status) => new(DeviceNumber(status.stx_dev_major, status.stx_dev_minor), status.stx_ino);

    private static LinuxException NotANamespace(string shown)
        => new("open the namespace", shown, Errno.EINVAL, "fstatfs", "It is no namespace: those are below /proc/PID/ns, or mounted on a file");
}
