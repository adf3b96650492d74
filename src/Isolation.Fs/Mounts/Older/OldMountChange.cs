using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountCallConstants;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>A mount and, if asked for, all below it, for changes one by one (mount(2), MS_REMOUNT with MS_BIND).</summary>
internal sealed class OldMountChange : IDisposable
{
    private readonly string _operation;
    private readonly List<(OpenedPlace Place, MountAttributes Attributes, AccessTimes AccessTimes)> _mounts = [];
    private int _changed;

    private OldMountChange(string operation) => _operation = operation;

    /// <summary>Opens them all, so that none can be missed.</summary>
    /// <exception cref="LinuxException">ENOSYS: one is hidden below another, where no path leads.</exception>
    public static OldMountChange Open(string operation, OpenedPlace place, bool recursive)
    {
        var mounts = new OldMountChange(operation);
        try
        {
            MountTree tree = MountTree.Read();
            int id = IdOf(place.Descriptor);
            MountTableEntry top = tree.Mounts.FirstOrDefault(m => m.Id == id) ?? throw new LinuxException(operation, place.Shown, Errno.EINVAL, SyscallNumber.Mount.Name, "It is not mounted in this mount namespace");
            foreach (MountTableEntry mount in recursive ? [top, .. tree.GetDescendants(top)] : (IEnumerable<MountTableEntry>)[top])
            {
                (MountAttributes attributes, AccessTimes times) = OldMountFlags.Read(mount.Options);
                mounts._mounts.Add((OpenBelow(operation, place, top, mount), attributes, times));
            }

            return mounts;
        }
        catch
        {
            mounts.Dispose();
            throw;
        }
    }

    /// <summary>Changes all, or none.</summary>
    public void Apply(MountChange change)
    {
        try
        {
            for (; _changed < _mounts.Count; _changed++)
            {
                (OpenedPlace place, MountAttributes attributes, AccessTimes times) = _mounts[_changed];
                Remount(place, (attributes | change.Set) & ~change.Clear, change.AccessTimes ?? times);
            }
        }
        catch
        {
            Revert();
            throw;
        }
    }

    /// <summary>Gives those that were changed what they had, the last first.</summary>
    public void Revert()
    {
        while (_changed > 0)
        {
            (OpenedPlace place, MountAttributes attributes, AccessTimes times) = _mounts[--_changed];
            Remount(place, attributes, times);
        }
    }

    public void Dispose()
    {
        foreach ((OpenedPlace place, _, _) in _mounts)
            place.Dispose();
    }

    private void Remount(OpenedPlace place, MountAttributes attributes, AccessTimes times)
        => OldMountCalls.Mount(_operation, place.Shown, null, OldMountCalls.Path(_operation, place), null, OldRemount | OldBind | OldMountFlags.Of(attributes, times), null);

    private static unsafe OpenedPlace OpenBelow(string operation, OpenedPlace top, MountTableEntry topEntry, MountTableEntry mount)
    {
        string path = mount.Id == topEntry.Id ? "." : mount.MountPoint[(topEntry.MountPoint == "/" ? 0 : topEntry.MountPoint.Length)..].TrimStart('/');
        string shown = mount.Id == topEntry.Id ? top.Shown : mount.MountPoint;
        long result = -(long)Errno.ENOENT;
        if (path.Length > 0)
        {
            fixed (byte* name = PathText.Encode(path))
                result = Sys.Call(SyscallNumber.OpenAt, top.Descriptor, (nint)name, OpenPath | NoFollow | CloseOnExec);
        }

        if (path == "." && result == -(long)Errno.ENOTDIR)
            return Duplicate(top);
        if (result >= 0)
        {
            var place = new OpenedPlace(new SafeFileHandle((nint)result, ownsHandle: true), isOwned: true, shown);
            if (IdOf(place.Descriptor) == mount.Id)
                return place;
            place.Dispose();
        }

        // To leave it as it is would be weaker than what was asked for.
        throw new LinuxException(operation, shown, Errno.ENOSYS, SyscallNumber.MountSetattr.Name, "Without mount_setattr(2) no mount can be changed that lies hidden below another one");
    }

    // A file, which has no "." in it.
    private static OpenedPlace Duplicate(OpenedPlace place)
        => new(new SafeFileHandle((nint)Sys.Check("keep open", place.Shown, SyscallNumber.Fcntl, place.Descriptor, DuplicateCloseOnExec), ownsHandle: true), isOwned: true, place.Shown);

    private static int IdOf(int descriptor)
        => FileStatus.TryRead(descriptor, "\0"u8, out FileStatus status) < 0 ? -1 : (int)status.MountId;
}
