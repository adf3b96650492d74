namespace Isolation.Fs;

/// <summary>What becomes of mounts that are made or removed below a mount (mount_namespaces(7), shared subtrees).</summary>
public enum MountPropagation
{
    /// <summary>They are seen here only.</summary>
    Private,

    /// <summary>They appear at all mounts of the same peer group, and theirs appear here.</summary>
    Shared,

    /// <summary>Those of the former peer group, its master, appear here; none of here appears there.</summary>
    Slave,

    /// <summary>Private, and the mount cannot be bound elsewhere.</summary>
    Unbindable,
}
