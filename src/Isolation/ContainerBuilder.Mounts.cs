using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// A new file system of any type, made in the container's namespaces (fsopen(2)): <see cref="ProcOptions"/>, <see cref="TmpfsOptions"/>,
    /// <see cref="OverlayOptions"/> and others. Ids in its options are those inside. On /proc, /sys or /dev it is instead of the default one
    /// (<see cref="WithDefaultMounts"/>). Directories of an overlay are the host's, opened as the caller, with the owners that they have there.
    /// </summary>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="options">Its type and options.</param>
    /// <param name="attributes">
    /// Of the mount. Null: nosuid and nodev; also noexec for proc, sysfs, mqueue and cgroup2; nosuid and noexec for devpts.
    /// </param>
    /// <param name="accessTimes">When the mount keeps times of last access.</param>
    /// <exception cref="ArgumentException">
    /// A relative path, <c>/</c>, where nobody would see a mount, or an option that is none. A start throws <see cref="Isolation.Syscalls.LinuxException"/> for what the kernel
    /// refuses; it names the option.
    /// </exception>
    public ContainerBuilder WithMount(string target, FileSystemOptions options, MountAttributes? attributes = null, AccessTimes accessTimes = AccessTimes.Relative)
    {
        ArgumentNullException.ThrowIfNull(options);
        MountAttributes wanted = attributes ?? options.UsualAttributes;
        MountChange.Check(wanted, accessTimes);
        if (options is OverlayOptions overlay)
        {
            WithShortNames(overlay).Resolve(opensDirectories: false).Dispose();
            options = WithFullPaths(overlay);
        }
        else
        {
            options.Resolve(opensDirectories: false).Dispose();
        }

        return With(new FileSystemMountSpec(options, BelowRoot(target, "The target", nameof(target)), wanted, accessTimes));
    }

    /// <summary>Shows a directory or file of the host in the container, with what is mounted below it. The container can write to it as file permissions say.</summary>
    /// <param name="source">An absolute path on the host.</param>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    public ContainerBuilder WithBindMount(string source, string target) => WithBindMount(source, target, MountAccess.ReadWrite);

    /// <summary>Shows a directory or file of the host in the container, with what is mounted below it.</summary>
    /// <param name="source">An absolute path on the host.</param>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="access">Whether the container can write to it; of what is mounted below, too.</param>
    public ContainerBuilder WithBindMount(string source, string target, MountAccess access)
        => Enum.IsDefined(access)
            ? WithBindMount(source, target, new MountChange { Set = access == MountAccess.ReadOnly ? MountAttributes.ReadOnly : MountAttributes.None })
            : throw new ArgumentOutOfRangeException(nameof(access), access, "Unknown access.");

    /// <summary>
    /// Shows a directory or file of the host in the container, with other attributes than there (mount_setattr(2)). They are set before
    /// anybody sees it, for all of it or not at all.
    /// </summary>
    /// <param name="source">An absolute path on the host.</param>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="change">
    /// What its attributes are unlike those of the source. With <see cref="MountPropagation.Slave"/> it goes on receiving what the host
    /// mounts below the source, with <see cref="MountPropagation.Shared"/> as well, and shares that with mount namespaces made inside;
    /// nothing of the container reaches the host. <see cref="MountChange.UserNamespace"/> shows the files with other owners; it is for
    /// callers with CAP_SYS_ADMIN over the file system, is open at each start, and then nothing is received.
    /// </param>
    /// <param name="recursive">With the mounts below it, which change as well; without, what is below them shows. A user namespace of the container's own takes them all.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c> as the target; or a change that is none.</exception>
    public ContainerBuilder WithBindMount(string source, string target, MountChange change, bool recursive = true)
    {
        ArgumentNullException.ThrowIfNull(change);
        change.Check();
        if (change is { UserNamespace: not null, Propagation: MountPropagation.Slave or MountPropagation.Shared })
            throw new ArgumentException("A bind with other owners is a private copy, which receives nothing that the host mounts later.", nameof(change));
        return With(new BindMountSpec(Absolute(source, "The source", nameof(source)), BelowRoot(target, "The target", nameof(target))) { Change = change, Recursive = recursive });
    }

    private ContainerBuilder With(MountSpec mount)
        => New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Mount, Mounts = _spec.Mounts.Add(mount) });

    // As the steps name the layers: what is too long for an option is no limit here.
    private static OverlayOptions WithShortNames(OverlayOptions overlay)
        => overlay.LowerDirectories.IsDefault ? overlay : overlay with { LowerDirectories = [.. overlay.LowerDirectories.Select((_, i) => $"l{i}")] };

    private static OverlayOptions WithFullPaths(OverlayOptions overlay)
    {
        return overlay with
        {
            LowerDirectories = [.. overlay.LowerDirectories.Select(l => Full(l, "A lower directory"))],
            UpperDirectory = overlay.UpperDirectory is { } upper ? Full(upper, "The upper directory") : null,
            WorkDirectory = overlay.WorkDirectory is { } work ? Full(work, "The work directory") : null,
        };

        static string Full(string path, string what) => Path.GetFullPath(Absolute(path, what, "options")) is var full && full != "/"
            ? full
            : throw new ArgumentException($"{what} is the host's root directory, of which no layer is made.", nameof(path));
    }
}
