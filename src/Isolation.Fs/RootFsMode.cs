namespace Isolation.Fs;

/// <summary>What becomes of changes that a container makes to its root file system.</summary>
public enum RootFsMode
{
    /// <summary>They are written to the directory itself.</summary>
    ReadWrite,

    /// <summary>
    /// They are refused (EROFS). Directories for mounts must exist already. A program with CAP_SYS_ADMIN in the container, as root has in
    /// a user namespace too, can make it writable again: see <see cref="MountAccess.ReadOnly"/>.
    /// </summary>
    ReadOnly,

    /// <summary>
    /// They go to memory and are thrown away with the container (overlayfs over a tmpfs). With the host's own <c>/</c> as
    /// the root, each of its top-level directories is a layer of its own; /proc, /sys, /dev, /run and /tmp are not shown. An overlay shows
    /// nothing that is mounted below its layers, such as a file system at /var/log: it takes a bind (<c>WithBindMount</c>). Of the host's own
    /// root with a user namespace, top-level directories with mounts below them are shown whole instead, and read-only.
    /// </summary>
    Overlay,

    /// <summary>
    /// They go to a copy of the directory, which is made at each start in the folder for temporary files, takes as long as that takes, and is
    /// deleted with the container. For where there is no overlayfs. What is mounted below the directory is not copied; nor, for an ordinary
    /// user, are owners, devices, and what he cannot read.
    /// </summary>
    Copy,

    /// <summary><see cref="Overlay"/> where the kernel makes one of the directory, and <see cref="Copy"/> where it does not.</summary>
    OverlayOrCopy,
}
