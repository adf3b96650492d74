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
}
