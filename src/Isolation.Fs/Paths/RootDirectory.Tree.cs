using Isolation.Syscalls;

namespace Isolation.Fs;

/// <content>Whole trees.</content>
public sealed partial class RootDirectory
{
    /// <summary>Deletes a file, or a directory with all that is in it. No link is followed and no mount is entered.</summary>
    /// <param name="path">Its path; a link at its end is deleted itself.</param>
    /// <exception cref="LinuxException">
    /// EXDEV: something is mounted in the tree; unmount it first. EACCES, EPERM, EROFS. A part of the tree may be deleted then.
    /// </exception>
    /// <returns>Whether there was such an entry.</returns>
    public bool DeleteTree(string path)
    {
        const string Operation = "delete the tree";
        long result;
        try
        {
            using EntryPlace place = OpenParent(Operation, path);
            result = new TreeRemoval(_resolver).Remove(place.Directory, place.Name);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }

        if (result == -(long)Errno.ENOENT)
            return false;
        Check(Operation, path, SyscallNumber.UnlinkAt, result, result == -(long)Errno.EXDEV ? "Something is mounted in it: unmount that first" : null);
        return true;
    }

    private void Check(string operation, string path, SyscallNumber call, long result, string? hint)
    {
        if (result < 0)
            throw Failure(operation, path, result, call.Name, hint);
    }
}
