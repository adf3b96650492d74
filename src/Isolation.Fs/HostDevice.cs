using System.Collections.Immutable;
using Isolation.Syscalls;
using Tmds.Linux;

namespace Isolation.Fs;

/// <summary>A character device of the host that a container may use (null(4), full(4), random(4), tty(4)).</summary>
internal sealed record HostDevice(string Name, uint Major, uint Minor)
{
    /// <summary>Those that give no access to anything of the host.</summary>
    public static ImmutableArray<HostDevice> Harmless { get; } =
    [
        new("null", 1, 3),
        new("zero", 1, 5),
        new("full", 1, 7),
        new("random", 1, 8),
        new("urandom", 1, 9),
        new("tty", 5, 0),
    ];

    public string Path => $"/dev/{Name}";

    /// <summary>Makes sure that the path is the device: nothing else may come into a container under its name.</summary>
    /// <exception cref="LinuxException">It is missing, or something else.</exception>
    public unsafe void Check()
    {
        statx status;
        fixed (byte* path = System.Text.Encoding.UTF8.GetBytes(Path + '\0'))
            Isolation.Syscalls.Interop.Sys.Check("look at", Path, SyscallNumber.Statx, Interop.MountConstants.AtFdCwd, (nint)path, Interop.MountConstants.AtSymlinkNoFollow, 0x7ff, (nint)(&status));
        const int TypeMask = 0xf000, CharacterDevice = 0x2000;
        if (((int)status.stx_mode & TypeMask) != CharacterDevice || status.stx_rdev_major != Major || status.stx_rdev_minor != Minor)
            throw new LinuxException("use", Path, Errno.ENODEV, "statx", $"It is not the character device {Major}:{Minor}");
    }
}
