namespace Isolation.Fs;

/// <summary>Whether a mount can be written to.</summary>
public enum MountAccess
{
    /// <summary>As the file permissions say.</summary>
    ReadWrite,

    /// <summary>
    /// By nobody (EROFS), mounts below it included. A program with CAP_SYS_ADMIN in the container, as root has in a user namespace too, can make it
    /// writable again (mount(2), MS_REMOUNT); then owners and permissions are what protects files. An ordinary user in the container cannot.
    /// </summary>
    ReadOnly,
}
