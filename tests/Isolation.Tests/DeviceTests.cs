using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Devices of the host in a container.</summary>
public class DeviceTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.X64;

    [LinuxFact(Everything)]
    public void A_device_of_the_host_is_shown_under_its_name_or_another()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNsOfRoot()])
        {
            ContainerBuilder devices = container.WithPidNs().WithRootFs(root.Path).WithDevice("/dev/zero", "/dev/nothing").WithDevice("/dev/full", "/etc/deep/full");
            Assert.Equal("1:5 4 1:7", devices.Shell("echo $(stat -c %t:%T /dev/nothing) $(head -c 4 /dev/nothing | wc -c) $(stat -c %t:%T /etc/deep/full)"));
        }
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_user_shows_the_devices_that_he_may_use()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("4\n", FreshProcess.RunAsUser(ShowZero, root.Path).EnsureSuccess().Output);
    }

    private static void ShowZero(string root)
        => Console.WriteLine(new ContainerBuilder().WithUserNs().WithPidNs().WithRootFs(root).WithDevice("/dev/zero", "/zero").Shell("head -c 4 /zero | wc -c"));

    [LinuxFact(Everything)]
    public void What_is_no_device_is_refused_before_anything_starts()
    {
        using var root = new BusyboxRoot();
        LinuxException e = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithRootFs(root.Path).WithDevice("/etc/passwd").WithCommand("/bin/true").Run(); });
        Assert.Equal("show the device /etc/passwd failed: No such device (ENODEV from statx). It is no device; WithBindMount shows files and directories", e.Message);
    }
}
