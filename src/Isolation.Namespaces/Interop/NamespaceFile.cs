using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Isolation.Namespaces.Interop;

/// <summary>The files of nsfs: opening them without harm, and what the kernel tells of them (ioctl_ns(2)).</summary>
internal static unsafe class NamespaceFile
{
    // linux/magic.h and linux/nsfs.h.
    private const long NsFsMagic = 0x6e736673;
    public const uint NS_GET_USERNS = 0xb701, NS_GET_PARENT = 0xb702, NS_GET_NSTYPE = 0xb703, NS_GET_OWNER_UID = 0xb704;

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

    /// <summary>Opens a path for reading. O_NONBLOCK: whoever waits for a FIFO's writer waits for ever.</summary>
    public static SafeFileHandle Open(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A path holds no NUL character.", nameof(path));
        const int NonBlocking = 0x800, CloseOnExec = 0x80000, NoTerminal = 0x100, CurrentDirectory = -100;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return new SafeFileHandle((nint)Sys.Check("open the namespace", path, SyscallNumber.OpenAt, CurrentDirectory, (nint)name, NonBlocking | CloseOnExec | NoTerminal, 0), ownsHandle: true);
    }

    /// <summary>Makes sure that a descriptor is of a namespace, and says of which.</summary>
    public static NamespaceId Check(SafeFileHandle handle, string shown)
    {
        // struct statfs of 64-bit kernels begins with f_type; 120 bytes in all.
        long* fileSystem = stackalloc long[15];
        Sys.Check("look at", shown, SyscallNumber.Fstatfs, handle.DangerousGetHandle(), (nint)fileSystem);
        if (*fileSystem != NsFsMagic)
            throw new LinuxException("open the namespace", shown, Errno.EINVAL, "fstatfs", "It is no namespace: those are below /proc/PID/ns, or mounted on a file");
        const int EmptyPath = 0x1000, BasicStats = 0x7ff;
        byte empty = 0;
        statx status;
        Sys.Check("look at", shown, SyscallNumber.Statx, handle.DangerousGetHandle(), (nint)(&empty), EmptyPath, BasicStats, (nint)(&status));
        return new NamespaceId(DeviceNumber(status.stx_dev_major, status.stx_dev_minor), status.stx_ino);
    }

    /// <summary>The kind (NS_GET_NSTYPE). EINVAL where the file system's file is of something else, such as a pidfd.</summary>
    public static NamespaceKinds KindOf(SafeFileHandle handle, string shown)
    {
        var flag = (CloneFlags)Sys.Check("find the kind of", shown, SyscallNumber.Ioctl, handle.DangerousGetHandle(), unchecked((nint)NS_GET_NSTYPE));
        foreach ((NamespaceKinds kind, CloneFlags known, _) in s_kinds)
        {
            if (known == flag)
                return kind;
        }

        return NamespaceKinds.None;
    }

    // makedev(3), as stat(2) gives st_dev.
    private static ulong DeviceNumber(ulong major, ulong minor)
        => ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);
}
