using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs;

/// <summary>
/// A mount, or a tree of them, that is held by a descriptor: not attached anywhere at first, so that nobody sees it until it
/// is as it should be. Disposing of it before it is attached frees it.
/// </summary>
/// <remarks>After <see cref="Attach"/> it still means the same mount, and can change or move it on.</remarks>
public sealed class DetachedMount : IDisposable
{
    private readonly string _shown;

    internal DetachedMount(SafeFileHandle handle, string shown)
    {
        Handle = handle;
        _shown = shown;
    }

    /// <summary>The descriptor (fsmount(2), open_tree(2)).</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Whether <see cref="Attach"/> has attached it.</summary>
    public bool IsAttached { get; private set; }

    /// <summary>Changes its attributes, all at once or not at all (mount_setattr(2)).</summary>
    /// <param name="change">What changes.</param>
    /// <param name="recursive">Also of the mounts below it.</param>
    /// <remarks>
    /// A propagation is set after <see cref="Attach"/>: what is attached to a shared mount becomes shared, and what is unbindable
    /// cannot be attached to one (EINVAL).
    /// </remarks>
    /// <exception cref="LinuxException">EINVAL: the file system cannot map ids; EPERM: the mount belongs to a more privileged user namespace.</exception>
    public void Change(MountChange change, bool recursive = true)
    {
        ArgumentNullException.ThrowIfNull(change);
        change.Check();
        using var place = new OpenedPlace(Handle, isOwned: false, _shown);
        MountCalls.SetAttributes("change the mount of", place, change, recursive);
    }

    /// <summary>Attaches it on what a place shows, or moves it there (move_mount(2)).</summary>
    /// <remarks>On a shared mount it becomes shared itself, with all below it; <see cref="Change"/> can change that again.</remarks>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, ELOOP: the place; EINVAL: it is unbindable, and the place shared; a directory goes on a directory only, a file on a file.</exception>
    public void Attach(MountPlace place)
    {
        string operation = $"attach {_shown} to";
        using OpenedPlace target = place.Open(operation);
        AttachTo(target, operation);
    }

    /// <summary>Its root directory, to fill it before anybody sees it.</summary>
    /// <exception cref="LinuxException">ENOTDIR: it shows a file.</exception>
    public RootDirectory OpenRoot() => RootDirectory.OpenOn(Handle, _shown);

    /// <summary>Closes it. One that is attached stays where it is.</summary>
    public void Dispose() => Handle.Dispose();

    internal void AttachTo(OpenedPlace target, string operation)
    {
        using var mount = new OpenedPlace(Handle, isOwned: false, _shown);
        MountCalls.Move(operation, mount, target);
        IsAttached = true;
    }
}
