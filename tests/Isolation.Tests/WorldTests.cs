using System.Diagnostics;
using Isolation.Fs;

namespace Isolation.Tests;

/// <summary>R13: what a program finds is clean, and the same each time.</summary>
public class WorldTests
{
    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void No_signal_is_blocked_or_ignored()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000", Containers.Full(root).WithCommand("/bin/grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status").RunAndCaptureText().StandardOutput.TrimEnd());
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Only_the_standard_streams_are_open()
    {
        using var root = new BusyboxRoot();
        using FileStream open = File.OpenRead("/etc/passwd");
        Assert.Equal("0\n1\n2\n3", Containers.Full(root).WithCommand("/bin/ls", "/proc/self/fd").RunAndCaptureText().StandardOutput.TrimEnd());
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void A_descriptor_that_is_handed_over_arrives_under_its_number()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "handed over");
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file);
        Assert.Equal("handed over", new ContainerBuilder().WithInheritedHandle(handle, 7).Shell("cat <&7"));
        File.Delete(file);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void Limits_are_those_that_programs_expect()
        => Assert.Equal("1024", new ContainerBuilder().Shell("ulimit -n"));

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void Core_dumps_are_limited_as_before()
        => Assert.Equal(Command.Run("sh", "-c", "ulimit -c; ulimit -Hc").Output.Trim(), new ContainerBuilder().Shell("ulimit -c; ulimit -Hc"));

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void A_session_of_its_own_has_no_terminal()
    {
        string[] fields = new ContainerBuilder().Shell("cat /proc/self/stat").Split(' ');
        Assert.NotEqual(Command.Run("cat", "/proc/self/stat").Output.Split(' ')[5], fields[5]);
        Assert.Equal("0", fields[6]);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void No_capability_passes_through_exec_by_inheritance()
        => Assert.Equal("CapInh:\t0000000000000000\nCapAmb:\t0000000000000000", new ContainerBuilder().Shell("grep -E 'CapInh|CapAmb' /proc/self/status"));

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void Inheritable_capabilities_of_the_caller_are_emptied()
    {
        CommandResult result = FreshProcess.Run(["setpriv", "--inh-caps=+net_raw,+net_admin"], ShowInheritable, []);
        Assert.Equal("CapInh:\t0000000000000000", result.EnsureSuccess().Output.Trim());
    }

    private static void ShowInheritable() => Console.WriteLine(new ContainerBuilder().Shell("grep CapInh /proc/self/status"));

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void A_root_of_its_own_means_a_clean_environment()
    {
        using var root = new BusyboxRoot();
        Environment.SetEnvironmentVariable("ISOLATION_SECRET", "secret");
        string environment = Containers.Full(root).WithEnvironment("A", "b=c d").WithCommand("/bin/env").RunAndCaptureText().StandardOutput;
        Assert.DoesNotContain("SECRET", environment, StringComparison.Ordinal);
        Assert.Contains("A=b=c d\n", environment, StringComparison.Ordinal);
        Assert.Contains("PATH=/usr/local/sbin:", environment, StringComparison.Ordinal);
        Assert.Equal("secret", new ContainerBuilder().Shell("echo $ISOLATION_SECRET"));
        Environment.SetEnvironmentVariable("ISOLATION_SECRET", null);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Users_are_those_of_the_containers_files()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("uid=1000(alice) gid=1001(alice) groups=50(staff)", Containers.Full(root).WithUser("alice").Shell("id"));
        Assert.Equal("uid=1000(alice) gid=50(staff)", Containers.Full(root).WithUser("alice:staff").Shell("id"));
        Assert.Equal("uid=7 gid=8", Containers.Isolated(root).WithUser("7:8").Shell("id"));
        Assert.Equal("/home/alice", Containers.Full(root).WithUser("alice").Shell("echo $HOME"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Devices_are_there_and_work()
    {
        using var root = new BusyboxRoot();
        string devices = Containers.Full(root).Shell("ls /dev; echo x > /dev/null; head -c 4 /dev/zero | wc -c; readlink /dev/stdout; test -c /dev/ptmx && echo ptmx; echo s > /dev/shm/s && cat /dev/shm/s");
        Assert.Equal("fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n4\n/proc/self/fd/1\nptmx\ns", devices);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Nothing_of_the_host_is_mounted_in_a_root_of_its_own()
    {
        using var root = new BusyboxRoot();
        string mounts = Containers.Full(root).Shell("cat /proc/self/mountinfo");
        string points = string.Join(' ', mounts.Split('\n').Select(l => MountTable.Parse(l).MountPoint).Order(StringComparer.Ordinal));
        Assert.Equal("/ /dev /dev/full /dev/mqueue /dev/null /dev/pts /dev/random /dev/shm /dev/tty /dev/urandom /dev/zero /etc/host-name /proc /scratch /sys", points);
        Assert.DoesNotContain("shared:", mounts, StringComparison.Ordinal);
    }

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    [InlineData(RootFsMode.ReadWrite)]
    [InlineData(RootFsMode.ReadOnly)]
    [InlineData(RootFsMode.Overlay)]
    public void No_mode_of_a_root_leaves_the_old_root_behind(RootFsMode mode)
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path, mode).WithPidNs().WithDefaultMounts(DefaultMounts.Proc);
        Assert.Equal(2, container.Shell("cat /proc/self/mountinfo").Split('\n').Length);
        Assert.Equal(2, container.WithUserNs().Shell("cat /proc/self/mountinfo").Split('\n').Length);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void The_hosts_root_is_not_left_behind_its_overlay()
    {
        string[] points = [.. new ContainerBuilder().WithRootFs("/").WithUserNs().WithPidNs().Shell("cat /proc/self/mountinfo").Split('\n').Select(l => MountTable.Parse(l).MountPoint)];
        Assert.Single(points, "/");
        Assert.Equal(points.Distinct(), points);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void A_working_directory_cannot_be_a_leaked_descriptor()
    {
        using var root = new BusyboxRoot();
        for (int n = 3; n <= 64; n++)
        {
            ContainerBuilder container = Containers.Full(root).WithWorkingDirectory($"/proc/self/fd/{n}").WithCommand("/bin/true");
            Assert.Equal("chdir", Assert.Throws<Isolation.Syscalls.LinuxException>(() => { container.Run(); }).Call);
        }
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void No_descriptor_between_those_handed_over_stays_open()
    {
        using var root = new BusyboxRoot();
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle("/etc/passwd"), host = DirectoryHandle.Open("/");
        File.CreateSymbolicLink(root.At("work"), $"/proc/self/fd/{host.DangerousGetHandle()}");
        ContainerBuilder container = Containers.Isolated(root).WithInheritedHandle(handle, 900);
        Assert.Equal("0\n1\n2\n3\n900", container.WithCommand("/bin/ls", "/proc/self/fd").RunAndCaptureText().StandardOutput.TrimEnd());
        Assert.Equal("chdir", Assert.Throws<Isolation.Syscalls.LinuxException>(() => { container.WithWorkingDirectory("/work").WithCommand("/bin/true").Run(); }).Call);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void No_mount_point_is_made_through_a_magic_link()
    {
        using var root = new BusyboxRoot();
        string folder = Directory.CreateTempSubdirectory("isolation-canary-").FullName;
        using (Microsoft.Win32.SafeHandles.SafeFileHandle host = DirectoryHandle.Open(folder))
        {
            File.CreateSymbolicLink(root.At("d"), $"/proc/self/fd/{host.DangerousGetHandle()}");
            Assert.Throws<Isolation.Syscalls.LinuxException>(() => { Containers.Isolated(root).WithBindMount("/usr", "/d/x").WithCommand("/bin/true").Run(); });
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void A_container_does_not_get_the_namespaces_of_another_thread()
    {
        using var thread = new NetworkNamespaceThread();
        Assert.Equal(0, thread.Run(() => new ContainerBuilder().WithCommand("true").Run().ExitCode));
        string? mine = new FileInfo("/proc/self/ns/net").LinkTarget;
        for (int i = 0; i < 3; i++)
            Assert.Equal(mine, new ContainerBuilder().Shell("readlink /proc/self/ns/net"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void The_same_directory_can_be_bound_twice()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("", Containers.Isolated(root).WithBindMount("/usr", "/u").WithBindMount("/usr", "/u").Shell("true"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Modes_of_a_root_do_what_they_say()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder plain = new ContainerBuilder().WithPidNs();
        Assert.Equal("x", plain.WithRootFs(root.Path, RootFsMode.Overlay).Shell("echo x > /new; cat /new"));
        Assert.False(File.Exists(root.At("new")));
        Assert.Contains("Read-only file system", plain.WithRootFs(root.Path, RootFsMode.ReadOnly).WithCommand("/bin/touch", "/new").RunAndCaptureText().StandardError, StringComparison.Ordinal);
        Assert.Equal("", plain.WithRootFs(root.Path, RootFsMode.ReadWrite).Shell("echo x > /new"));
        Assert.Equal("x\n", File.ReadAllText(root.At("new")));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void With_a_user_namespace_root_inside_owns_the_files_that_root_owns_outside()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("0:0 0", new ContainerBuilder().WithUserNs().WithPidNs().WithRootFs(root.Path, RootFsMode.ReadWrite).Shell("touch /etc/made; echo $(stat -c %u:%g /etc/passwd) $(stat -c %u /etc/made)"));
        Assert.Equal("0", Command.Run("stat", "-c", "%u", root.At("etc/made")).Output.Trim());
    }

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox | Needs.Root | Needs.FullSpeed)]
    public void Overlay_works_for_an_ordinary_user()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.RunAsUser(RunOverlay, root.Path);
        Assert.Equal("made 1", result.EnsureSuccess().Output.Trim());
        Assert.False(File.Exists(root.At("made")));
    }

    private static void RunOverlay(string root)
        => Console.WriteLine(new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().Shell("echo made > /made; echo $(cat /made) $$"));

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Chroot_changes_the_root_directory_only()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("bin\ndev\netc\nproc\nroot\nsys\ntmp", new ContainerBuilder().WithChroot(root.Path).Shell("ls /"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Bind_mounts_show_files_and_directories_and_can_be_read_only()
    {
        using var root = new BusyboxRoot();
        string folder = Directory.CreateTempSubdirectory("isolation-bind-").FullName;
        File.WriteAllText(folder + "/a", "a");
        string shown = Containers.Isolated(root).WithBindMount(folder, "/made/for/it").WithBindMount(folder + "/a", "/one-file", MountAccess.ReadOnly)
            .Shell("cat /made/for/it/a /one-file; (echo b > /one-file) 2>/dev/null || echo read-only");
        Assert.Equal("aaread-only", shown);
        Directory.Delete(folder, recursive: true);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void System_Diagnostics_Process_and_containers_do_not_steal_each_others_children()
    {
        int rounds = Machine.Lab is null ? 500 : 20;
        ContainerTemplate template = new ContainerBuilder().WithCommand("sh", "-c", "exit 7").Build();
        using var warm = Process.Start(new ProcessStartInfo("sh", ["-c", "exit 3"]))!;
        warm.WaitForExit();
        template.Run();
        using var residue = new ResidueCheck();
        var processes = new Thread(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "exit 3"]))!;
                process.WaitForExit();
                Assert.Equal(3, process.ExitCode);
            }
        });
        processes.Start();
        for (int i = 0; i < rounds; i++)
            Assert.Equal(7, template.Run().ExitCode);
        processes.Join();
    }
}
