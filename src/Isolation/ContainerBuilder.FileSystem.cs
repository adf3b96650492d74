using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// A root file system of the container's own, in a mount namespace: no path leads to the host's files besides what is bound
    /// (pivot_root(2)). Against hostile programs add <see cref="WithUserNs()"/>: root without it keeps its capabilities, with
    /// which it could mount the host's disks. <c>/</c> with <see cref="RootFsMode.Overlay"/> is the host's own, with changes thrown away.
    /// </summary>
    /// <param name="path">A directory of the host, as an absolute path.</param>
    /// <param name="mode">What becomes of changes.</param>
    /// <exception cref="ArgumentException">A relative path; or <c>/</c> without <see cref="RootFsMode.Overlay"/>.</exception>
    public ContainerBuilder WithRootFs(string path, RootFsMode mode = RootFsMode.Overlay)
    {
        string root = Path.GetFullPath(Absolute(path, "The root file system", nameof(path)));
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown mode.");
        if (root == "/" && mode != RootFsMode.Overlay)
            throw new ArgumentException("The host's own root can be a container's root with RootFsMode.Overlay only.", nameof(path));
        return New(_spec.WithoutRoot() with { Namespaces = _spec.Namespaces | NamespaceKinds.Mount, Root = root, RootMode = mode });
    }

    /// <summary>
    /// Changes the root directory (chroot(2)). A convenience for trusted programs, not a boundary; <see cref="WithRootFs"/> is one.
    /// Mounts, files and paths that are asked for are in the new root directory, where their mount points must exist; so is the /proc of
    /// <see cref="WithPidNs()"/> with <see cref="WithMountNs()"/>.
    /// </summary>
    public ContainerBuilder WithChroot(string path) => New(_spec with { Chroot = Absolute(path, "The root directory", nameof(path)) });

    /// <summary>Which of /proc, /dev and /sys a root file system gets. Default: all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such mounts.</exception>
    public ContainerBuilder WithDefaultMounts(DefaultMounts mounts)
        => (mounts & ~DefaultMounts.All) == 0
            ? New(_spec with { DefaultMounts = mounts })
            : throw new ArgumentOutOfRangeException(nameof(mounts), mounts, "Unknown mounts.");

    /// <summary>An empty file system in memory, which goes with the container. For more options there is <see cref="WithMount"/> with <see cref="TmpfsOptions"/>.</summary>
    /// <param name="target">An absolute path in the container.</param>
    /// <param name="size">Bytes at the most. Default: half of the memory (tmpfs(5)).</param>
    /// <param name="mode">The permissions of its root directory. Default: 1777, as /tmp has.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c>: nobody would see a mount there.</exception>
    public ContainerBuilder WithTmpfsMount(string target, long? size = null, UnixFileMode? mode = null)
    {
        if (size is { } bytes)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes, nameof(size));
        const UnixFileMode Everybody = (UnixFileMode)0x3ff;
        return WithMount(target, new TmpfsOptions { Size = size, Mode = mode ?? Everybody });
    }
}
