namespace Isolation.Fs;

/// <summary>What a mount refuses to everybody who uses it (mount_setattr(2), MOUNT_ATTR_*).</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No writes (EROFS). The file system itself stays writable by its other mounts.</summary>
    ReadOnly = 1,

    /// <summary>Set-user-ID and set-group-ID bits and file capabilities have no effect.</summary>
    NoSuid = 2,

    /// <summary>Devices cannot be opened (EACCES).</summary>
    NoDev = 4,

    /// <summary>Programs cannot be executed (EACCES).</summary>
    NoExec = 8,

    /// <summary>The times of last access of directories are not kept.</summary>
    NoDirectoryAccessTimes = 0x80,

    /// <summary>Symbolic links are read but not followed (ELOOP).</summary>
    NoSymbolicLinks = 0x200000,
}
