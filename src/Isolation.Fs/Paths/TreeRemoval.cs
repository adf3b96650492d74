using System.Globalization;
using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <summary>
/// Deletes a tree by descriptors: no link is followed, no mount entered. Of what is deeper than some levels, the deep part is
/// moved up first, so that depth costs neither stack nor descriptors.
/// </summary>
internal sealed unsafe class TreeRemoval(PathResolver resolver)
{
    private const int MaxDepth = 64, MaxPasses = 100_000, RemovedByOthers = (int)Errno.ENOENT, OwnerOnly = 0x1c0 /* 0700 */;

    private int _moved;

    /// <summary>Deletes an entry and all that is in it.</summary>
    /// <returns>0, or a negative errno: EXDEV for a mount point in the tree.</returns>
    public long Remove(int parent, byte[] name) => Remove(parent, name, -1, 0);

    private long Remove(int parent, byte[] name, int top, int depth)
    {
        long result = Unlink(parent, name, 0, depth);

        // unlink(2): EISDIR for a directory; POSIX says EPERM, and some file systems too.
        if (result is not (-(long)Errno.EISDIR or -(long)Errno.EPERM))
            return result;
        long notUnlinked = result;
        if (depth == MaxDepth)
            return MoveUp(parent, name, top);

        long directory = OpenBelow(parent, name);
        if (directory < 0)
            return directory is -(long)Errno.ENOTDIR or -(long)Errno.ELOOP ? notUnlinked : directory;
        try
        {
            for (int pass = 0; pass < MaxPasses; pass++)
            {
                result = Empty((int)directory, top < 0 ? (int)directory : top, depth);
                if (result < 0)
                    return result;
                result = Unlink(parent, name, AtRemoveDir, depth);
                if (result != -(long)Errno.ENOTEMPTY || (depth > 0 && pass > 0))
                    return result;

                // What was moved up, or what somebody added meanwhile.
                Sys.Call(SyscallNumber.Close, (nint)directory);
                directory = OpenBelow(parent, name);
                if (directory < 0)
                    return directory;
            }

            return result;
        }
        finally
        {
            if (directory >= 0)
                Sys.Call(SyscallNumber.Close, (nint)directory);
        }
    }

    private long Empty(int directory, int top, int depth)
    {
        var entries = new List<(byte[] Name, FileKind Kind)>();
        long result = DirectoryListing.Read(directory, entries);
        foreach ((byte[] name, _) in entries)
        {
            if (result < 0)
                return result;
            result = Remove(directory, name, top, depth + 1);
            if (result == -RemovedByOthers)
                result = 0;
        }

        return result;
    }

    private static long Unlink(int parent, byte[] name, int flags, int depth)
    {
        fixed (byte* bytes = name)
        {
            long result = Sys.Call(SyscallNumber.UnlinkAt, parent, (nint)bytes, flags);

            // The directory's owner need not have left himself the permission to write to it. That is asked of this call alone: an
            // error from further below, tried again at each level, would take twice as long with each. What the tree is in stays as it is.
            if (result == -(long)Errno.EACCES && depth > 0 && Sys.Call(SyscallNumber.Fchmod, parent, OwnerOnly) == 0)
                result = Sys.Call(SyscallNumber.UnlinkAt, parent, (nint)bytes, flags);
            return result == -(long)Errno.EBUSY ? -(long)Errno.EXDEV : result;
        }
    }

    private long MoveUp(int parent, byte[] name, int top)
    {
        long result = Move(parent, name, top);

        // rename(2): a directory that gets another parent has to be writable itself, since its ".." changes.
        if (result == -(long)Errno.EACCES)
        {
            Sys.Call(SyscallNumber.Fchmod, top, OwnerOnly);
            result = Permit(parent, name);
            if (result == 0)
                result = Move(parent, name, top);
        }

        return result == -(long)Errno.EBUSY ? -(long)Errno.EXDEV : result;
    }

    private long Move(int parent, byte[] name, int top)
    {
        long result;
        do
        {
            fixed (byte* old = name, moved = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".isolation-deleted-{_moved++}\0")))
                result = Sys.Call(SyscallNumber.RenameAt2, parent, (nint)old, top, (nint)moved, RenameNoReplace);
        }
        while (result == -(long)Errno.EEXIST);
        return result;
    }

    private long OpenBelow(int parent, byte[] name)
    {
        const int Flags = NoTerminal;
        long result = resolver.Open(parent, name, Flags | OpenDirectory | NoFollow, sameMount: true);
        if (result != -(long)Errno.EACCES)
            return result;
        result = Permit(parent, name);
        return result < 0 ? result : resolver.Open(parent, name, Flags | OpenDirectory | NoFollow, sameMount: true);
    }

    /// <summary>Gives its owner the permissions to empty and to move a directory, which he need not have left himself.</summary>
    /// <returns>0, or a negative errno: EACCES when it is not his.</returns>
    private long Permit(int parent, byte[] name)
    {
        long path = resolver.Open(parent, name, OpenPath | OpenDirectory | NoFollow, sameMount: true);
        if (path < 0)
            return path;
        long changed = DescriptorPath.SetPermissions((int)path, OwnerOnly);
        Sys.Call(SyscallNumber.Close, (nint)path);
        return changed < 0 ? -(long)Errno.EACCES : 0;
    }
}
