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
    private const int MaxDepth = 64, MaxPasses = 100_000, RemovedByOthers = (int)Errno.ENOENT;

    private int _moved;

    /// <summary>Deletes an entry and all that is in it.</summary>
    /// <returns>0, or a negative errno: EXDEV for a mount point in the tree.</returns>
    public long Remove(int parent, byte[] name) => Remove(parent, name, -1, 0);

    private long Remove(int parent, byte[] name, int top, int depth)
    {
        fixed (byte* bytes = name)
        {
            long result = Sys.Call(SyscallNumber.UnlinkAt, parent, (nint)bytes);

            // unlink(2): EISDIR for a directory; POSIX says EPERM, and some file systems too.
            if (result is not (-(long)Errno.EISDIR or -(long)Errno.EPERM))
                return result == -(long)Errno.EBUSY ? -(long)Errno.EXDEV : result;
            long notUnlinked = result;
            if (depth == MaxDepth)
                return MoveUp(parent, bytes, top);

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
                    result = Sys.Call(SyscallNumber.UnlinkAt, parent, (nint)bytes, AtRemoveDir);
                    if (result != -(long)Errno.ENOTEMPTY || (depth > 0 && pass > 0))
                        return result == -(long)Errno.EBUSY ? -(long)Errno.EXDEV : result;

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

            // Its owner need not have left himself the permission to write to it.
            if (result == -(long)Errno.EACCES && Sys.Call(SyscallNumber.Fchmod, directory, 0x1c0 /* 0700 */) == 0)
                result = Remove(directory, name, top, depth + 1);
            if (result == -RemovedByOthers)
                result = 0;
        }

        return result;
    }

    private long MoveUp(int parent, byte* name, int top)
    {
        long result;
        do
        {
            fixed (byte* moved = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".isolation-deleted-{_moved++}\0")))
                result = Sys.Call(SyscallNumber.RenameAt2, parent, (nint)name, top, (nint)moved, RenameNoReplace);
        }
        while (result == -(long)Errno.EEXIST);
        return result == -(long)Errno.EBUSY ? -(long)Errno.EXDEV : result;
    }

    private long OpenBelow(int parent, byte[] name)
    {
        const int Flags = NoTerminal;
        long directory = resolver.Open(parent, name, Flags | OpenDirectory | NoFollow, sameMount: true);
        if (directory != -(long)Errno.EACCES)
            return directory;

        // Its owner need not have left himself the permission to empty it.
        long path = resolver.Open(parent, name, OpenPath | OpenDirectory | NoFollow, sameMount: true);
        if (path < 0)
            return path;
        long changed = DescriptorPath.SetPermissions((int)path, 0x1c0 /* 0700 */);
        Sys.Call(SyscallNumber.Close, (nint)path);
        return changed < 0 ? directory : resolver.Open(parent, name, Flags | OpenDirectory | NoFollow, sameMount: true);
    }
}
