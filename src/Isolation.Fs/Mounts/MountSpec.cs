namespace Isolation.Fs;

/// <summary>A mount that a container asks for.</summary>
/// <param name="Target">An absolute path in the container.</param>
internal abstract record MountSpec(string Target);

/// <summary>A directory or file of the host, with what is mounted below it.</summary>
internal sealed record BindMountSpec(string Source, string Target, MountAccess Access) : MountSpec(Target)
{
    /// <summary>Whether the source has to be a device.</summary>
    public bool IsDevice { get; init; }
}

/// <summary>A file system in memory.</summary>
/// <param name="Target">An absolute path in the container.</param>
/// <param name="Size">Bytes at the most; null for half of the memory.</param>
/// <param name="Mode">The permissions of its root directory.</param>
internal sealed record TmpfsMountSpec(string Target, long? Size, UnixFileMode Mode) : MountSpec(Target);
