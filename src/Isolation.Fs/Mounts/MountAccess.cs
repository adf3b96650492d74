namespace Isolation.Fs;

/// <summary>Whether a mount can be written to.</summary>
public enum MountAccess
{
    /// <summary>As the file permissions say.</summary>
    ReadWrite,

    /// <summary>By nobody (EROFS), mounts below it included.</summary>
    ReadOnly,
}
