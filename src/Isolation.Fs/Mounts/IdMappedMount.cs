using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>Detached copies of mounts whose files have other owners (mount_setattr(2), MOUNT_ATTR_IDMAP).</summary>
internal static unsafe class IdMappedMount
{
    /// <summary>What a bind shows: a detached, private copy of all of it, changed as it asks for.</summary>
    /// <exception cref="LinuxException">EPERM: no privilege over the file system. EINVAL: one of them cannot map ids.</exception>
    public static SafeFileHandle Create(BindMountSpec bind)
    {
        DetachedMount mount = BindMount.Create(bind.Source, bind.Recursive);
        try
        {
            // What is mounted in it is seen here else (mount_namespaces(7)): a copy is of the peer group of what it shows.
            mount.Change(new MountChange { Propagation = MountPropagation.Private });
            mount.Change(bind.Change with { Propagation = null });
            return mount.Handle;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A detached, private copy of the mount at a path and of those below it, with the ids of a user namespace. Where a mount
    /// below cannot map ids, only the topmost does.
    /// </summary>
    /// <exception cref="LinuxException">EINVAL: the file system cannot map ids.</exception>
    public static SafeFileHandle Create(string path, SafeFileHandle userNamespace)
    {
        SafeFileHandle mount;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            mount = new SafeFileHandle((nint)Sys.Check("open", path, SyscallNumber.OpenTree, AtFdCwd, (nint)name, OpenTreeClone | CloseOnExec | AtRecursive), ownsHandle: true);
        try
        {
            var attributes = new MountAttr(MountCallConstants.IdMap, 0, PropagationPrivate, (ulong)userNamespace.DangerousGetHandle());
            byte empty = 0;
            if (Sys.Call(SyscallNumber.MountSetattr, mount.DangerousGetHandle(), (nint)(&empty), AtEmptyPath | AtRecursive, (nint)(&attributes), sizeof(MountAttr)) < 0)
                Sys.Check("map the ids of", path, SyscallNumber.MountSetattr, mount.DangerousGetHandle(), (nint)(&empty), AtEmptyPath, (nint)(&attributes), sizeof(MountAttr));
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }
}
