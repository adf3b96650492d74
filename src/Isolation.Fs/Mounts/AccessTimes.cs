namespace Isolation.Fs;

/// <summary>When a mount keeps the time of last access of a file (mount_setattr(2), MOUNT_ATTR__ATIME).</summary>
public enum AccessTimes
{
    /// <summary>When it is older than the last change, or than a day: relatime, the kernel's default.</summary>
    Relative = 0,

    /// <summary>Not at all: noatime.</summary>
    Never = 0x10,

    /// <summary>At each access: strictatime.</summary>
    Always = 0x20,
}
