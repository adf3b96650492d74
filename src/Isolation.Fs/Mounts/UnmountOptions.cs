namespace Isolation.Fs;

/// <summary>How a mount is removed (umount2(2)).</summary>
[Flags]
public enum UnmountOptions
{
    /// <summary>At once, or not at all when it is in use (EBUSY).</summary>
    None = 0,

    /// <summary>Requests that are under way are aborted, by the few file systems that can, such as NFS. Data may be lost.</summary>
    Force = 1,

    /// <summary>It is taken out of the tree at once with all below it, and freed when nobody uses it any more.</summary>
    Detach = 2,

    /// <summary>Marks it as unused (EAGAIN); removes it when nobody has used it since it was marked. Goes with no other flag.</summary>
    Expire = 4,

    /// <summary>A symbolic link at the path's end is not followed (EINVAL). Always so beneath a <see cref="RootDirectory"/>.</summary>
    NoFollow = 8,
}
