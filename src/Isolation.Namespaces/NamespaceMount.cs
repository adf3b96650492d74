using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Tmds.Linux;

namespace Isolation.Namespaces;

/// <summary>Files on which namespaces are mounted, so that they live on without a process (namespaces(7)).</summary>
internal static unsafe class NamespaceMount
{
    private const int Bind = 0x1000, Recursive = 0x4000, Shared = 0x100000;
    private const int Detach = 2, NoFollow = 8;
    private const string NeedsPrivilege = "It needs root, or CAP_SYS_ADMIN over the mount namespace; a handle keeps a namespace without";

    /// <summary>Makes an empty file, of the mode that ip-netns(8) gives it: none.</summary>
    /// <returns>False when there is one already.</returns>
    public static bool TryCreateFile(string path)
    {
        long result;
        fixed (byte* name = NamespaceFile.ToKernel(path))
            result = Sys.Call(SyscallNumber.OpenAt, LibC.AT_FDCWD, (nint)name, LibC.O_RDONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC, 0);
        if (result == -(long)Errno.EEXIST)
            return false;
        if (result < 0)
            throw new LinuxException("make the file", path, (Errno)(-result), SyscallNumber.OpenAt.Name, (Errno)(-result) == Errno.EACCES ? NeedsPrivilege : null);
        Sys.Call(SyscallNumber.Close, (nint)result);
        return true;
    }

    public static void DeleteFile(string path)
    {
        fixed (byte* name = NamespaceFile.ToKernel(path))
            Sys.Check("delete the file", path, SyscallNumber.UnlinkAt, LibC.AT_FDCWD, (nint)name, 0);
    }

    /// <summary>Mounts a namespace on a file that exists.</summary>
    public static void Mount(Namespace held, string path)
    {
        using var use = new DescriptorUse(held.Handle);
        long result;
        fixed (byte* source = NamespaceFile.ToKernel($"/proc/thread-self/fd/{use.Descriptor}"), target = NamespaceFile.ToKernel(path))
            result = Sys.Call(SyscallNumber.Mount, (nint)source, (nint)target, 0, Bind, 0);
        if (result < 0)
            throw new LinuxException($"mount {held} on", path, (Errno)(-result), SyscallNumber.Mount.Name, MountHint(held, (Errno)(-result)));
    }

    /// <summary>Takes the mount from a file at once; who still uses it keeps it.</summary>
    public static void Unmount(string path)
    {
        long result = TryUnmount(path);
        if (result < 0)
            throw new LinuxException("unmount", path, (Errno)(-result), SyscallNumber.Umount2.Name, (Errno)(-result) == Errno.EPERM ? NeedsPrivilege : null);
    }

    /// <summary>As <see cref="Unmount"/>; returns a negative errno on failure.</summary>
    public static long TryUnmount(string path)
    {
        fixed (byte* target = NamespaceFile.ToKernel(path))
            return Sys.Call(SyscallNumber.Umount2, (nint)target, Detach | NoFollow);
    }

    /// <summary>
    /// Makes a directory as ip-netns(8) does: a shared mount of itself, so that what is mounted below it appears in mount
    /// namespaces that were copied from this one, and a namespace does not live on there after it was deleted here.
    /// </summary>
    public static void ShareDirectory(string path)
    {
        const int Mode = 0x1ed /* 0755 */, Exclusive = 2;
        fixed (byte* name = NamespaceFile.ToKernel(path), none = "none\0"u8)
        {
            long made = Sys.Call(SyscallNumber.MkdirAt, LibC.AT_FDCWD, (nint)name, Mode);
            if (made < 0 && made != -(long)Errno.EEXIST)
                throw new LinuxException("make the directory", path, (Errno)(-made), SyscallNumber.MkdirAt.Name, NeedsPrivilege);

            // flock(2), as ip does: two at once would mount it on itself twice. Closing the descriptor gives the lock back.
            using var locked = new Microsoft.Win32.SafeHandles.SafeFileHandle(
                (nint)Sys.Check("open the directory", path, SyscallNumber.OpenAt, LibC.AT_FDCWD, (nint)name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0),
                ownsHandle: true);
            Sys.Check("lock the directory", path, SyscallNumber.Flock, locked.DangerousGetHandle(), Exclusive);

            long shared = Sys.Call(SyscallNumber.Mount, 0, (nint)name, (nint)none, Shared | Recursive, 0);
            if (shared == -(long)Errno.EINVAL)
            {
                // mount(2): only a mount point can be made shared.
                Sys.Check("mount on itself", path, SyscallNumber.Mount, (nint)name, (nint)name, (nint)none, Bind | Recursive, 0);
                shared = Sys.Call(SyscallNumber.Mount, 0, (nint)name, (nint)none, Shared | Recursive, 0);
            }

            if (shared < 0)
                throw new LinuxException("share the mount", path, (Errno)(-shared), SyscallNumber.Mount.Name, NeedsPrivilege);
        }
    }

    private static string? MountHint(Namespace held, Errno errno) => errno switch
    {
        Errno.EPERM => NeedsPrivilege,
        Errno.EINVAL when held is MountNamespace => "A mount namespace is kept in one that is older than itself, below a private mount (mount_namespaces(7))",
        _ => null,
    };
}
