using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs.Layers;

/// <summary>Makes the files of a layer in directories that are held by descriptors. No name is followed if it is a link.</summary>
internal sealed unsafe class LayerFiles(RootDirectory root, LayerOptions options, OmissionList omissions)
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

    /// <summary>Owner, permissions, attributes and times of an open file, in the order in which the kernel takes none of them back.</summary>
    public void Finish(int file, TarEntry entry, string path, bool inheritsGroup)
    {
        if (_isPrivileged)
        {
            (uint user, uint group) = Owner(entry, path);
            if (user != _user || group != _group || inheritsGroup)
                Check("change the owner of", path, FileCalls.Fchown, Sys.Call(FileCalls.Fchown, file, (nint)user, (nint)group));
        }
        else
        {
            TellOwner(entry, path);
        }

        Check("change the permissions of", path, SyscallNumber.Fchmod, Sys.Call(SyscallNumber.Fchmod, file, entry.Mode));
        if (entry.Attributes is not null)
            SetAttributes(file, entry, path);
        FileTimestamp time = options.Clamp(entry.Time);
        long* times = stackalloc long[] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        Check("set the times of", path, FileCalls.UtimensAt, Sys.Call(FileCalls.UtimensAt, file, 0, (nint)times));
    }

    /// <summary>Makes a directory, or takes the one that is there. Anything else of that name is deleted.</summary>
    public void MakeDirectory(int directory, byte[] name, string path)
    {
        if (FileStatus.TryRead(directory, name, out FileStatus status) == 0 && status.IsDirectory)
            return;
        Replacing("make the directory", path, directory, name, SyscallNumber.MkdirAt, bytes => Sys.Call(SyscallNumber.MkdirAt, directory, bytes, 0x1c0 /* 0700 */));
    }

    /// <summary>Owner, permissions and attributes of a directory; its time comes in the end.</summary>
    public void FinishDirectory(int directory, byte[] name, TarEntry entry, string path)
    {
        long opened = root.Resolver.Open(directory, name, OpenPath | OpenDirectory | NoFollow);
        Check("open the directory", path, SyscallNumber.OpenAt2, opened);
        try
        {
            FinishByPath((int)opened, entry, path);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, (nint)opened);
        }
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
        SetAttributes((int)opened, entry, path);
        Sys.Call(SyscallNumber.Close, (nint)opened);
    }

    public void MakeNode(int directory, byte[] name, TarEntry entry, string path)
    {
        int type = entry.Type switch { TarEntry.Character => TypeCharacter, TarEntry.Block => TypeBlock, _ => TypeFifo };
        if (type != TypeFifo && !_isPrivileged)
        {
            omissions.Add("device", path);
            return;
        }

        nint device = RootDirectory.DeviceNumber((uint)entry.DeviceMajor, (uint)entry.DeviceMinor);
        Replacing("make the node", path, directory, name, SyscallNumber.MknodAt, bytes => Sys.Call(SyscallNumber.MknodAt, directory, bytes, type | 0x180 /* 0600 */, device));
        long opened = root.Resolver.Open(directory, name, OpenPath | NoFollow);
        Check("open", path, SyscallNumber.OpenAt2, opened);
        try
        {
            FinishByPath((int)opened, entry, path);
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

    private void FinishByPath(int opened, TarEntry entry, string path)
    {
        byte none = 0;
        if (_isPrivileged)
        {
            (uint user, uint group) = Owner(entry, path);
            Check("change the owner of", path, SyscallNumber.FchownAt, Sys.Call(SyscallNumber.FchownAt, opened, (nint)(&none), (nint)user, (nint)group, AtEmptyPath));
        }
        else
        {
            TellOwner(entry, path);
        }

        Check("change the permissions of", path, SyscallNumber.FchmodAt, DescriptorPath.SetPermissions(opened, entry.Mode));
        if (entry.Attributes is not null)
            SetAttributes(opened, entry, path);
    }

    private void FinishUnopened(int directory, byte[] name, TarEntry entry, string path)
    {
        if (_isPrivileged)
        {
            (uint user, uint group) = Owner(entry, path);
            fixed (byte* bytes = name)
                Check("change the owner of", path, SyscallNumber.FchownAt, Sys.Call(SyscallNumber.FchownAt, directory, (nint)bytes, (nint)user, (nint)group, AtSymlinkNoFollow));
        }
        else
        {
            TellOwner(entry, path);
        }

        SetTime(directory, name, entry, path);
    }

    private void SetTime(int directory, byte[] name, TarEntry entry, string path)
    {
        FileTimestamp time = options.Clamp(entry.Time);
        long* times = stackalloc long[] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        fixed (byte* bytes = name)
            Check("set the times of", path, FileCalls.UtimensAt, Sys.Call(FileCalls.UtimensAt, directory, (nint)bytes, (nint)times, AtSymlinkNoFollow));
    }

    private void SetAttributes(int opened, TarEntry entry, string path)
    {
        byte[] place = DescriptorPath.Of(opened) ?? throw new LinuxException("set an attribute of", root.Show(path), Errno.ENOSYS, hint: "It needs procfs at /proc");
        foreach ((string name, byte[] value) in entry.Attributes!)
        {
            if (!AttributeRules.IsApplied(name) || (!_isPrivileged && AttributeRules.NeedsPrivilege(name)))
            {
                omissions.Add(name, path);
                continue;
            }

            long result;
            fixed (byte* at = place, attribute = PathText.Encode(name), bytes = value)
                result = Sys.Call(FileCalls.Setxattr, (nint)at, (nint)attribute, (nint)bytes, value.Length);
            if (result == -(long)Errno.EOPNOTSUPP)
                omissions.Add(name, path);
            else
                Check($"set the attribute {name} of", path, FileCalls.Setxattr, result);
        }
    }

    private (uint User, uint Group) Owner(TarEntry entry, string path)
        => (LayerOptions.ToOutside(options.UserMap, entry.User) ?? throw NoId("user", entry.User, path),
            LayerOptions.ToOutside(options.GroupMap, entry.Group) ?? throw NoId("group", entry.Group, path));

    private void TellOwner(TarEntry entry, string path)
    {
        if (LayerOptions.ToOutside(options.UserMap, entry.User) != _user || LayerOptions.ToOutside(options.GroupMap, entry.Group) != _group)
            omissions.Add("owner", path);
    }

    private static LayerException NoId(string what, long id, string path)
        => new(LayerFault.Unsupported, path, $"Its {what} id {id} is none, or not in the id map");

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
