using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>Makes file systems and mounts of them (fsopen(2), fsmount(2)), in this thread's mount namespace.</summary>
public static class FileSystemMount
{
    /// <summary>A new file system as a mount that is not attached anywhere yet.</summary>
    /// <param name="options">Its type and options.</param>
    /// <param name="attributes">Of the mount.</param>
    /// <param name="accessTimes">When the mount keeps times of last access.</param>
    /// <exception cref="MountException">EPERM; ENODEV: no such type; EINVAL: an option that the kernel refuses, with its own words.</exception>
    public static DetachedMount Create(FileSystemOptions options, MountAttributes attributes = MountAttributes.None, AccessTimes accessTimes = AccessTimes.Relative)
    {
        ArgumentNullException.ThrowIfNull(options);
        MountChange.Check(attributes, accessTimes);
        using FileSystemParameters parameters = options.Resolve();
        return new DetachedMount(FileSystemContext.Mount("make a file system of the type", options.Type, parameters, attributes, accessTimes), options.Type);
    }

    /// <summary>
    /// Mounts a new file system. Where the kernel or a seccomp profile refuses the newer calls, by mount(2), with which
    /// <see cref="MountAttributes.ReadOnly"/> makes the whole file system read-only.
    /// </summary>
    /// <param name="options">Its type and options.</param>
    /// <param name="place">On what.</param>
    /// <param name="attributes">Of the mount.</param>
    /// <param name="accessTimes">When the mount keeps times of last access.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, ELOOP: the place. A <see cref="MountException"/> for what the file system refuses.</exception>
    public static void Mount(FileSystemOptions options, MountPlace place, MountAttributes attributes = MountAttributes.None, AccessTimes accessTimes = AccessTimes.Relative)
    {
        ArgumentNullException.ThrowIfNull(options);
        MountChange.Check(attributes, accessTimes);
        string operation = $"mount {options.Type} on";
        using FileSystemParameters parameters = options.Resolve();
        using OpenedPlace target = place.Open(operation);
        MountCalls.OrOlder(
            () =>
            {
                using var mount = new DetachedMount(FileSystemContext.Mount(operation, target.Shown, parameters, attributes, accessTimes), options.Type);
                mount.AttachTo(target, operation);
            },
            () => OldMountCalls.NewFileSystem(operation, parameters, target, attributes, accessTimes));
    }
}
