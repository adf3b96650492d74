namespace Isolation.Fs;

/// <summary>A mount that a container asks for.</summary>
/// <param name="Target">An absolute path in the container.</param>
internal abstract record MountSpec(string Target)
{
    /// <summary>Whether it covers all that was at a place before.</summary>
    public virtual bool Covers(string place) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Target)) == place;
}

/// <summary>A directory or file of the host.</summary>
/// <param name="Source">Its path on the host.</param>
/// <param name="Target">An absolute path in the container.</param>
internal sealed record BindMountSpec(string Source, string Target) : MountSpec(Target)
{
    /// <summary>What its attributes are unlike those of the source, and its propagation.</summary>
    public MountChange Change { get; init; } = new();

    /// <summary>Whether what is mounted below comes with it, with the same change.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>Whether the source has to be a device.</summary>
    public bool IsDevice { get; init; }

    /// <summary>Whether it goes on receiving what the host mounts below the source.</summary>
    public bool Receives => Change.Propagation is MountPropagation.Slave or MountPropagation.Shared;
}

/// <summary>A new file system.</summary>
/// <param name="Options">Its type and options.</param>
/// <param name="Target">An absolute path in the container.</param>
/// <param name="Attributes">Of the mount.</param>
/// <param name="AccessTimes">When the mount keeps times of last access.</param>
internal sealed record FileSystemMountSpec(FileSystemOptions Options, string Target, MountAttributes Attributes, AccessTimes AccessTimes = AccessTimes.Relative) : MountSpec(Target);
