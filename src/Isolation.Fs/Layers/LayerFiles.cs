using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs.Layers;

/// <summary>Makes the files of a layer in directories that are held by descriptors. No name is followed if it is a link.</summary>
internal sealed unsafe partial class LayerFiles(RootDirectory root, LayerOptions options, OmissionList omissions)
{
    private readonly bool _isPrivileged = options.Privilege == LayerPrivilege.Full;
    private readonly TreeRemoval _removal = new(root.Resolver);
    private readonly uint _user = (uint)Sys.Call(SyscallNumber.GetEuid), _group = (uint)Sys.Call(SyscallNumber.GetEgid);

    /// <summary>Makes an empty file that nobody else can open yet.</summary>
    /// <returns>Its descriptor, for writing.</returns>
    public int Create(int directory, byte[] name, string path)
        => (int)Replacing("make", path, directory, name, SyscallNumber.OpenAt, bytes => Sys.Call(SyscallNumber.OpenAt, directory, bytes, WriteOnly | PathConstants.Create | Exclusive | NoFollow | CloseOnExec, 0x180 /* 0600 */));

    public void Write(int file, ReadOnlySpan<byte> content, string path)
    {
        fixed (byte* start = content)
        {
            for (int at = 0; at < content.Length;)
            {
                long written = Sys.Call(SyscallNumber.Write, file, (nint)(start + at), content.Length - at);
                if (written < 0 && written != -(long)Errno.EINTR)
                    throw root.Failure("write", path, written, SyscallNumber.Write.Name);
                at += (int)Math.Max(written, 0);
            }
        }
    }

    public void SetSize(int file, long size, string path) => Check("set the size of", path, SyscallNumber.Ftruncate, Sys.Call(SyscallNumber.Ftruncate, file, (nint)size));

    public void Seek(int file, long offset, string path) => Check("write", path, FileCalls.Lseek, Sys.Call(FileCalls.Lseek, file, (nint)offset, 0 /* SEEK_SET */));

    /// <summary>Makes a directory, or takes the one that is there. Anything else of that name is deleted.</summary>
    /// <returns>Whether it was made.</returns>
    public bool MakeDirectory(int directory, byte[] name, string path)
    {
        bool isThere = false;
        Replacing("make the directory", path, directory, name, SyscallNumber.MkdirAt, bytes =>
        {
            long result = Sys.Call(SyscallNumber.MkdirAt, directory, bytes, 0x1c0 /* 0700 */);
            isThere = result == -(long)Errno.EEXIST && FileStatus.TryRead(directory, name, out FileStatus status) == 0 && status.IsDirectory;
            return isThere ? 0 : result;
        });
        return !isThere;
    }

    public void MakeLink(int directory, byte[] name, TarEntry entry, string path)
    {
        byte[] target = PathText.Encode(entry.LinkName);
        fixed (byte* text = target)
        {
            nint at = (nint)text;
            Replacing("make the symbolic link", path, directory, name, SyscallNumber.SymlinkAt, bytes => Sys.Call(SyscallNumber.SymlinkAt, at, directory, bytes));
        }

        FinishUnopened(directory, name, entry, path);
        if (entry.Attributes is null)
            return;
        long opened = root.Resolver.Open(directory, name, OpenPath | NoFollow);
        Check("open", path, SyscallNumber.OpenAt2, opened);
        try
        {
            SetAttributes((int)opened, entry, path);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, (nint)opened);
        }
    }

    public void MakeNode(int directory, byte[] name, TarEntry entry, string path)
    {
        int type = entry.Type switch { TarEntry.Character => TypeCharacter, TarEntry.Block => TypeBlock, _ => TypeFifo };
        if (type != TypeFifo && !_isPrivileged)
        {
            // What the layers below have there is not what this one means.
            Remove(directory, name, path);
            omissions.Add("device", path);
            return;
        }

        nint device = RootDirectory.DeviceNumber((uint)entry.DeviceMajor, (uint)entry.DeviceMinor);
        Replacing("make the node", path, directory, name, SyscallNumber.MknodAt, bytes => Sys.Call(SyscallNumber.MknodAt, directory, bytes, type | 0x180 /* 0600 */, device));
        long opened = root.Resolver.Open(directory, name, OpenPath | NoFollow);
        Check("open", path, SyscallNumber.OpenAt2, opened);
        try
        {
            FinishByPath((int)opened, entry, path, isNew: true);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, (nint)opened);
        }

        SetTime(directory, name, entry, path);
    }

    public void MakeHardLink(int from, byte[] existing, int directory, byte[] name, string path)
    {
        Check("find what it is another name of:", path, SyscallNumber.Statx, FileStatus.TryRead(from, existing, out FileStatus status));
        if (status.IsDirectory)
            throw new LayerException(LayerFault.Unsafe, path, "It is a hard link to a directory");
        if (FileStatus.TryRead(directory, name, out FileStatus there) == 0 && (there.Inode, there.FileSystem) == (status.Inode, status.FileSystem))
            return;
        fixed (byte* old = existing)
        {
            nint at = (nint)old;
            Replacing("make the hard link", path, directory, name, SyscallNumber.LinkAt, bytes => Sys.Call(SyscallNumber.LinkAt, from, at, directory, bytes));
        }
    }

    /// <summary>Removes an entry with all that is in it, if it is there.</summary>
    public void Remove(int directory, byte[] name, string path)
    {
        long result = _removal.Remove(directory, name);
        if (result != -(long)Errno.ENOENT)
            Check("delete", path, SyscallNumber.UnlinkAt, result);
    }

    /// <summary>Makes an entry; what has its name already is deleted first.</summary>
    private long Replacing(string operation, string path, int directory, byte[] name, SyscallNumber call, Func<nint, long> make)
    {
        fixed (byte* bytes = name)
        {
            long result = make((nint)bytes);
            if (result == -(long)Errno.EEXIST)
            {
                Remove(directory, name, path);
                result = make((nint)bytes);
            }

            Check(operation, path, call, result);
            return result;
        }
    }

    private void Check(string operation, string path, SyscallNumber call, long result)
    {
        if (result < 0)
            throw root.Failure(operation, path, result, call.Name);
    }
}
