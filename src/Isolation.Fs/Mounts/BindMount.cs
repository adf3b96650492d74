using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>Shows directories and files at a second place (open_tree(2), mount(2) MS_BIND), in this thread's mount namespace.</summary>
public static class BindMount
{
    /// <summary>A copy of what is mounted at a place, and from it on downwards, that is not attached anywhere yet.</summary>
    /// <param name="source">What is shown: a directory or a file.</param>
    /// <param name="recursive">With the mounts below it; without, what is below them shows.</param>
    /// <exception cref="LinuxException">EPERM; EINVAL: an unbindable mount, or one of another mount namespace.</exception>
    public static DetachedMount Create(MountPlace source, bool recursive = true)
    {
        const string Operation = "bind";
        using OpenedPlace opened = source.Open(Operation);
        return new DetachedMount(MountCalls.CloneTree(Operation, opened, recursive), opened.Shown);
    }

    /// <summary>
    /// Binds a directory or file on another place. Where the kernel or a seccomp profile refuses the newer calls, by mount(2), in
    /// a private place first, so that nobody sees it without its attributes.
    /// </summary>
    /// <param name="source">What is shown.</param>
    /// <param name="target">On what: a directory for a directory, a file for a file.</param>
    /// <param name="change">What its attributes are unlike those of the source; for all mounts that are bound.</param>
    /// <param name="recursive">With the mounts below it.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, ELOOP: one of the places. EPERM, EINVAL as <see cref="Create"/> and <see cref="DetachedMount.Change"/> say.</exception>
    /// <remarks>The propagation comes last, since a shared target shares what is attached to it.</remarks>
    public static void Mount(MountPlace source, MountPlace target, MountChange? change = null, bool recursive = true)
    {
        change?.Check();
        string operation = $"bind {source} on";
        using OpenedPlace from = source.Open(operation), to = target.Open(operation);
        MountCalls.OrOlder(
            () =>
            {
                using var mount = new DetachedMount(MountCalls.CloneTree(operation, from, recursive), from.Shown);
                if (change is not null)
                    mount.Change(change with { Propagation = null });
                mount.AttachTo(to, operation);
                if (change?.Propagation is { } propagation)
                    SetPropagation(mount, propagation, operation);
            },
            change?.UserNamespace is null ? () => OldMountCalls.Bind(operation, from, to, change ?? new MountChange(), recursive) : null);
    }

    // mount_namespaces(7): what is attached to a shared mount becomes shared, and what is unbindable cannot be.
    private static void SetPropagation(DetachedMount attached, MountPropagation propagation, string operation)
    {
        try
        {
            attached.Change(new MountChange { Propagation = propagation });
        }
        catch
        {
            new MountPlace(attached.Handle).Unmount(operation, UnmountOptions.Detach);
            throw;
        }
    }
}
