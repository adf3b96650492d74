using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Tests;

/// <summary>What a file is, and the host's devices that a container may have.</summary>
public sealed class FileStatusTests
{
    [LinuxFact]
    public void The_harmless_devices_of_the_host_are_what_they_should_be()
        => Assert.All(HostDevice.Harmless, d => d.Check());

    [LinuxTheory]
    [InlineData("null", 1u, 5u)]
    [InlineData("null", 5u, 3u)]
    [InlineData("fd", 1u, 3u)]
    [InlineData("pts", 1u, 3u)]
    public void Something_else_under_the_name_of_a_device_is_refused(string name, uint major, uint minor)
        => Assert.Equal(Errno.ENODEV, Assert.Throws<LinuxException>(new HostDevice(name, major, minor).Check).Errno);

    [LinuxFact]
    public void A_missing_device_is_told() => Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(new HostDevice("no-such-device", 1, 3).Check).Errno);

    [LinuxFact]
    public void Directories_files_and_devices_are_told_apart()
    {
        FileStatus directory = FileStatus.Of("/etc", "look at"), file = FileStatus.Of("/etc/passwd", "look at"), device = FileStatus.Of("/dev/zero", "look at");
        Assert.Equal((true, false, false), (directory.IsDirectory, directory.IsRegularFile, directory.IsCharacterDevice));
        Assert.Equal((false, true, false), (file.IsDirectory, file.IsRegularFile, file.IsCharacterDevice));
        Assert.Equal((false, false, true), (device.IsDirectory, device.IsRegularFile, device.IsCharacterDevice));
        Assert.Equal((1u, 5u), (device.DeviceMajor, device.DeviceMinor));
    }

    [LinuxFact]
    public void A_link_is_followed_only_when_asked()
    {
        Assert.True(FileStatus.Of("/proc/self", "look at").IsDirectory);
        Assert.False(FileStatus.Of("/proc/self", "look at", followLink: false).IsDirectory);
    }

    [LinuxFact]
    public void A_descriptor_shows_what_it_was_opened_on()
    {
        using SafeFileHandle etc = DirectoryHandle.Open("/etc");
        Assert.True(FileStatus.Of(etc, "/etc").IsDirectory);
    }
}
