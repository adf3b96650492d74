using System.Collections.Immutable;
using Isolation.Syscalls;

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
    public void Check()
    {
        FileStatus status = FileStatus.Of(Path, "show the host's", followLink: false);
        if (!status.IsCharacterDevice || status.DeviceMajor != Major || status.DeviceMinor != Minor)
            throw new LinuxException("show the host's", Path, Errno.ENODEV, "statx", $"It is not the character device {Major}:{Minor}");
    }
}
