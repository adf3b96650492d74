namespace Isolation.Fs;

/// <summary>The permissions that things have when nobody asks for others.</summary>
internal static class UsualModes
{
    /// <summary>0644: written by the owner, read by all.</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755: written by the owner, read and entered by all.</summary>
    public const UnixFileMode Directory = File | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>01777: written and entered by all, who delete only their own, as /tmp.</summary>
    public const UnixFileMode Shared = Directory | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
}
