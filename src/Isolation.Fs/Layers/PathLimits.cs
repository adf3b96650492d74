namespace Isolation.Fs.Layers;

/// <summary>What no path or name may exceed, whatever the options say.</summary>
internal static class PathLimits
{
    /// <summary>xattr(7), XATTR_NAME_MAX.</summary>
    public const int MaxAttributeName = 255;

    /// <summary>Attributes of a file: more than its inode and its one block of them hold on most file systems.</summary>
    public const int MaxAttributes = 1024;

    /// <summary>The bytes of an extended header: 64 KiB of attributes are possible, and names.</summary>
    public const int MaxExtendedHeader = 1 << 20;
}
