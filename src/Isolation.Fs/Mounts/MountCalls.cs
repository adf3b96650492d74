using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>The newer mount calls, on descriptors only (open_tree(2), move_mount(2), mount_setattr(2)).</summary>
internal static unsafe class MountCalls
{
    /// <summary>Does a thing in the newer way, and in the older one where the newer calls are refused as a whole.</summary>
    /// <param name="newer">The newer way, which leaves nothing when it fails.</param>
    /// <param name="older">The older way, or null when there is none.</param>
    public static void OrOlder(Action newer, Action? older)
    {
        try
        {
            newer();
        }
        catch (LinuxException e) when (older is not null && IsRefusal(e))
        {
            try
            {
                older();
            }
            catch (LinuxException o) when (e.Errno == Errno.EPERM && o.Errno == Errno.EPERM)
            {
                // Not the calls were refused, but this: the newer ones say more about it.
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
            }
        }
    }

    public static SafeFileHandle CloneTree(string operation, OpenedPlace source, bool recursive)
    {
        byte empty = 0;
        return new((nint)Sys.Check(operation, source.Shown, SyscallNumber.OpenTree, source.Descriptor, (nint)(&empty), OpenTreeClone | CloseOnExec | AtEmptyPath | (recursive ? AtRecursive : 0)), ownsHandle: true);
    }

    public static void Move(string operation, OpenedPlace mount, OpenedPlace target)
    {
        byte empty = 0;
        long result = Sys.Call(SyscallNumber.MoveMount, mount.Descriptor, (nint)(&empty), target.Descriptor, (nint)(&empty), MoveFromEmptyPath | MoveToEmptyPath);
        CheckMove(operation, mount, target, SyscallNumber.MoveMount, result);
    }

    /// <summary>Throws what kept a mount from being moved. For a directory on a file the kernel's word is EINVAL, as for much else.</summary>
    public static void CheckMove(string operation, OpenedPlace mount, OpenedPlace target, SyscallNumber call, long result)
    {
        if (result >= 0)
            return;
        bool isMismatch = result == -(long)Errno.EINVAL
            && FileStatus.TryRead(mount.Descriptor, "\0"u8, out FileStatus what) == 0
            && FileStatus.TryRead(target.Descriptor, "\0"u8, out FileStatus place) == 0
            && what.IsDirectory != place.IsDirectory;
        throw isMismatch
            ? new LinuxException(operation, target.Shown, Errno.ENOTDIR, call.Name, "A directory goes on a directory only, a file on a file")
            : new LinuxException(operation, target.Shown, (Errno)(-result), call.Name);
    }

    public static void SetAttributes(string operation, OpenedPlace mount, MountChange change, bool recursive)
    {
        byte empty = 0;
        bool added = false;
        change.UserNamespace?.DangerousAddRef(ref added);
        try
        {
            MountAttr attributes = change.ToKernel((int?)change.UserNamespace?.DangerousGetHandle() ?? -1);
            Sys.Check(operation, mount.Shown, SyscallNumber.MountSetattr, mount.Descriptor, (nint)(&empty), AtEmptyPath | (recursive ? AtRecursive : 0), (nint)(&attributes), sizeof(MountAttr));
        }
        finally
        {
            if (added)
                change.UserNamespace!.DangerousRelease();
        }
    }

    // seccomp profiles answer EPERM to what they do not know, or ENOSYS.
    private static bool IsRefusal(LinuxException e)
        => e.Errno is Errno.ENOSYS or Errno.EPERM && e.Call is "fsopen" or "fsconfig" or "fsmount" or "open_tree" or "move_mount" or "mount_setattr";
}
