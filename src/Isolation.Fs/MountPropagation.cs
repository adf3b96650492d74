namespace Isolation.Fs;

/// <summary>Whether what is mounted on the host later is seen in a mount namespace (mount_namespaces(7), "Shared subtrees").</summary>
public enum MountPropagation
{
    /// <summary>Neither is what the other mounts seen (MS_PRIVATE).</summary>
    Private,

    /// <summary>What the host mounts, or unmounts, below its shared mounts is so inside as well; never the other way round (MS_SLAVE).</summary>
    Slave,
}
