using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs.Layers;

/// <content>Owners, permissions, attributes and times.</content>
internal sealed unsafe partial class LayerFiles
{
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

    /// <summary>
    /// Owner, permissions and attributes of a directory; its time comes in the end. What layers below have given it, and this one
    /// does not mean, is removed; there is none of it in one that is new.
    /// </summary>
    public void FinishDirectory(int directory, byte[] name, TarEntry entry, string path, bool isNew = false)
    {
        long opened = root.Resolver.Open(directory, name, OpenPath | OpenDirectory | NoFollow);
        Check("open the directory", path, SyscallNumber.OpenAt2, opened);
        try
        {
            FinishByPath((int)opened, entry, path, isNew);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, (nint)opened);
        }
    }

    private void FinishByPath(int opened, TarEntry entry, string path, bool isNew)
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

        // Before the permissions: without an access ACL, those of the group are what its mask was (acl(5)).
        if (!isNew)
            RemoveOtherAttributes(opened, entry, path);
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
        foreach ((string name, byte[] value) in entry.Attributes!)
        {
            if (!MaySet(name))
            {
                omissions.AddAttribute(name, path);
                continue;
            }

            byte[]? mapped = AttributeIds.ToOutside(name, value, options);
            if (mapped is null && _isPrivileged)
                throw new LayerException(LayerFault.Unsupported, path, $"An id in its attribute {name} is none, or not in the id map");
            long result = mapped is null ? -(long)Errno.EOPNOTSUPP : DescriptorAttributes.Set(opened, name, mapped);
            if (result == -(long)Errno.EOPNOTSUPP)
                omissions.AddAttribute(name, path);
            else
                CheckAttribute($"set the attribute {name} of", path, FileCalls.Setxattr, result);
        }
    }

    private void RemoveOtherAttributes(int opened, TarEntry entry, string path)
    {
        var names = new List<string>();
        long result = DescriptorAttributes.List(opened, names);
        if (result != -(long)Errno.EOPNOTSUPP)
            CheckAttribute("list the attributes of", path, FileCalls.Listxattr, result);
        foreach (string name in names)
        {
            if (!MaySet(name) || entry.Attributes?.Exists(a => a.Name == name) == true)
                continue;
            result = DescriptorAttributes.Remove(opened, name);
            if (result is not (-(long)Errno.ENODATA or -(long)Errno.EOPNOTSUPP))
                CheckAttribute($"remove the attribute {name} of", path, FileCalls.Removexattr, result);
        }
    }

    private bool MaySet(string name) => AttributeRules.IsApplied(name) && (_isPrivileged || !AttributeRules.NeedsPrivilege(name));

    private void CheckAttribute(string operation, string path, SyscallNumber call, long result)
    {
        if (result < 0)
            throw root.Failure(operation, path, result, call.Name, result == -(long)Errno.ENOSYS ? "It needs procfs at /proc" : null);
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
}
