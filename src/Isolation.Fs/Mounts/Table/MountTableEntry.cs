namespace Isolation.Fs;

/// <summary>A line of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The mount's id, which another mount can get when it is gone.</param>
/// <param name="ParentId">The id of the mount that it is mounted on.</param>
/// <param name="Root">The directory of the file system that is shown.</param>
/// <param name="MountPoint">Where, relative to the process's root directory.</param>
/// <param name="Options">The mount's own options.</param>
/// <param name="FileSystem">The type of the file system.</param>
/// <param name="Source">What is mounted, as the file system tells it.</param>
/// <remarks>A byte that is not UTF-8 is a lone surrogate, U+DC80 to U+DCFF, in the strings here.</remarks>
public sealed record MountTableEntry(int Id, int ParentId, string Root, string MountPoint, string Options, string FileSystem, string Source)
{
    // fs/d_path.c, dentry_path().
    private const string Deleted = "//deleted";

    /// <summary>The major number of the device of its files.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>The minor number of the device of its files.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>The peer group that it shares mounts with (shared); null when it is in none.</summary>
    public int? PeerGroup { get; init; }

    /// <summary>The peer group that it is a slave of (master); null when it is none's.</summary>
    public int? MasterGroup { get; init; }

    /// <summary>The nearest peer group seen from this root that mounts come from (propagate_from); null when that is <see cref="MasterGroup"/>.</summary>
    public int? PropagatesFrom { get; init; }

    /// <summary>Whether it cannot be bound elsewhere.</summary>
    public bool IsUnbindable { get; init; }

    /// <summary>The options of the file system itself.</summary>
    public string SuperOptions { get; init; } = "";

    /// <summary>Whether the directory or file that is shown was deleted meanwhile: <see cref="Root"/> ends in //deleted then, which no name does.</summary>
    public bool IsRootDeleted => Root.EndsWith(Deleted, StringComparison.Ordinal);

    /// <summary>Its propagation. A slave can be shared as well: see <see cref="PeerGroup"/> and <see cref="MasterGroup"/>.</summary>
    public MountPropagation Propagation
        => MasterGroup is not null ? MountPropagation.Slave
            : PeerGroup is not null ? MountPropagation.Shared
            : IsUnbindable ? MountPropagation.Unbindable
            : MountPropagation.Private;

    /// <summary>The attributes among its <see cref="Options"/>.</summary>
    public MountAttributes Attributes => OldMountFlags.Read(Options).Attributes;

    /// <summary>When it keeps times of last access.</summary>
    public AccessTimes AccessTimes => OldMountFlags.Read(Options).AccessTimes;

    /// <summary>The root without what a deletion adds.</summary>
    internal string RootBeforeDeletion => IsRootDeleted ? Root[..^Deleted.Length] : Root;
}
