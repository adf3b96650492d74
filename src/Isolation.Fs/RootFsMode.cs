namespace Isolation.Fs;

/// <summary>What becomes of changes that a container makes to its root file system.</summary>
public enum RootFsMode
{
    /// <summary>They are written to the directory itself.</summary>
    ReadWrite,

    /// <summary>They are refused (EROFS). Directories for mounts must exist already.</summary>
    ReadOnly,

    /// <summary>
    /// They go to memory and are thrown away with the container (overlayfs over a tmpfs). With the host's own <c>/</c> as
    /// the root, each of its top-level directories is a layer of its own; /proc, /sys, /dev, /run and /tmp are not shown.
    /// </summary>
    Overlay,
}
