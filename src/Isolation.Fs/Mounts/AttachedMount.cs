using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>Changes, moves and removes what is mounted in this thread's mount namespace.</summary>
public static class AttachedMount
{
    /// <summary>
    /// Changes attributes, all at once or not at all (mount_setattr(2)). Where the kernel or a seccomp profile refuses that, mount by
    /// mount (mount(2), MS_REMOUNT), and back again when one fails.
    /// </summary>
    /// <param name="place">Where it is mounted.</param>
    /// <param name="change">What changes. Ids cannot be mapped any more (EPERM, EINVAL).</param>
    /// <param name="recursive">Also of the mounts below it.</param>
    /// <exception cref="LinuxException">EINVAL: no mount point. EPERM: what a more privileged user namespace has locked.</exception>
    public static void Change(MountPlace place, MountChange change, bool recursive = false)
    {
        ArgumentNullException.ThrowIfNull(change);
        change.Check();
        const string Operation = "change the mount at";
        using OpenedPlace opened = place.Open(Operation);
        MountCalls.OrOlder(
            () => MountCalls.SetAttributes(Operation, opened, change, recursive),
            change.UserNamespace is null ? () => OldMountCalls.Change(Operation, opened, change, recursive) : null);
    }

    /// <summary>Changes the propagation.</summary>
    /// <param name="place">Where it is mounted.</param>
    /// <param name="propagation">The new one.</param>
    /// <param name="recursive">Also of the mounts below it.</param>
    /// <exception cref="LinuxException">EINVAL: no mount point.</exception>
    public static void SetPropagation(MountPlace place, MountPropagation propagation, bool recursive = false)
        => Change(place, new MountChange { Propagation = propagation }, recursive);

    /// <summary>Moves a mount with all below it (move_mount(2), or mount(2) MS_MOVE).</summary>
    /// <param name="from">Where it is mounted.</param>
    /// <param name="to">On what it goes.</param>
    /// <exception cref="LinuxException">EINVAL: no mount point, or one on a shared mount; ELOOP: a place below itself.</exception>
    public static void Move(MountPlace from, MountPlace to)
    {
        string operation = $"move the mount at {from} to";
        using OpenedPlace source = from.Open(operation), target = to.Open(operation);
        MountCalls.OrOlder(() => MountCalls.Move(operation, source, target), () => OldMountCalls.Move(operation, source, target));
    }

    /// <summary>Removes a mount (umount2(2)): the topmost one at the place.</summary>
    /// <param name="place">Where it is mounted. A descriptor of it keeps it busy, and takes <see cref="UnmountOptions.Detach"/>.</param>
    /// <param name="flags">How.</param>
    /// <exception cref="LinuxException">EINVAL: no mount point, or a locked one. EBUSY: in use. EAGAIN: marked by <see cref="UnmountOptions.Expire"/>.</exception>
    public static void Unmount(MountPlace place, UnmountOptions flags = UnmountOptions.None)
    {
        const UnmountOptions All = UnmountOptions.Force | UnmountOptions.Detach | UnmountOptions.Expire | UnmountOptions.NoFollow;
        if ((flags & ~All) != 0)
            throw new ArgumentOutOfRangeException(nameof(flags), flags, null);
        place.Unmount("unmount", flags);
    }
}
