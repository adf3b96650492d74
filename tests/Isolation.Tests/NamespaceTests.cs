using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation.Tests;

/// <summary>Each kind of namespace does what its manual page says.</summary>
public class NamespaceTests
{
    [LinuxFact(Needs.Root)]
    public void One_line_starts_a_program_in_a_network_namespace_of_its_own()
    {
        ContainerOutput output = new ContainerBuilder().WithNetNs().WithCommand("readlink", "/proc/self/ns/net").RunAndCaptureText();
        Assert.Equal(0, output.ExitCode);
        Assert.StartsWith("net:[", output.StandardOutput, StringComparison.Ordinal);
        Assert.NotEqual(new FileInfo("/proc/self/ns/net").LinkTarget, output.StandardOutput.Trim());
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.TimeOffsets)]
    public void All_eight_kinds_are_new()
    {
        using var root = new BusyboxRoot();
        string[] kinds = ["user", "mnt", "pid", "net", "uts", "ipc", "cgroup", "time"];
        string[] inside = Containers.Full(root).WithTimeNs(bootTime: TimeSpan.FromDays(2)).Shell($"cd /proc/self/ns; for k in {string.Join(' ', kinds)}; do readlink $k; done").Split('\n');
        string?[] outside = [.. kinds.Select(k => new FileInfo("/proc/self/ns/" + k).LinkTarget)];
        for (int i = 0; i < kinds.Length; i++)
            Assert.NotEqual(outside[i], inside[i]);
    }

    [LinuxFact(Needs.Root)]
    public void Namespaces_that_are_not_asked_for_are_the_callers()
    {
        string? mine = new FileInfo("/proc/self/ns/net").LinkTarget;
        Assert.Equal(mine, new ContainerBuilder().WithUtsNs().WithCommand("readlink", "/proc/self/ns/net").RunAndCaptureText().StandardOutput.Trim());
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Loopback_is_up_and_alone()
    {
        using var root = new BusyboxRoot();
        string links = Containers.Isolated(root).Shell("ip -o link; ip -o addr");
        Assert.Contains("lo: <LOOPBACK,UP,LOWER_UP>", links, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1/8", links, StringComparison.Ordinal);
        Assert.DoesNotContain("2:", links, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void The_host_name_is_the_containers_own()
    {
        string before = Environment.MachineName;
        Assert.Equal("böx", new ContainerBuilder().WithUtsNs("böx").Shell("cat /proc/sys/kernel/hostname"));
        Assert.Equal(before, Environment.MachineName);
    }

    [LinuxFact(Needs.Root)]
    public void The_domain_name_is_the_containers_own()
    {
        string before = File.ReadAllText("/proc/sys/kernel/domainname");
        Assert.Equal("lab", new ContainerBuilder().WithDomainName("lab").Shell("cat /proc/sys/kernel/domainname"));
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/domainname"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_program_is_process_1_and_sees_only_its_own()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("1 1", Containers.Full(root).Shell("echo $$ $(cd /proc; ls -d [0-9]* | head -n 1)"));
        Assert.Equal("no", Containers.Full(root).Shell("test -e /proc/" + Environment.ProcessId + " && echo yes || echo no"));
    }

    [LinuxFact(Needs.Root)]
    public void A_pid_and_a_mount_namespace_have_their_own_proc_on_the_hosts_files()
        => Assert.Equal("1 1", new ContainerBuilder().WithPidNs().WithMountNs().Shell("echo $$ $(ls -d /proc/[0-9]* | head -n 1 | tr -dc 0-9)"));

    [LinuxFact(Needs.Root)]
    public void Root_maps_64k_ids_that_are_nobody_outside()
    {
        string map = new ContainerBuilder().WithUserNs().Shell("id -u; cat /proc/self/uid_map");
        Assert.Matches("^0\n +0 +[1-9][0-9]+ +65536$", map);
    }

    [LinuxFact(Needs.Root)]
    public void Given_maps_are_what_the_kernel_shows()
    {
        var maps = new UserNamespaceMaps([new IdRange(0, 200_000, 10), new IdRange(10, 300_000, 5)], [new IdRange(0, 400_000, 7)]);
        string[] lines = [.. new ContainerBuilder().WithUserNs(maps).Shell("cat /proc/self/uid_map /proc/self/gid_map").Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(["0 200000 10", "10 300000 5", "0 400000 7"], lines);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void What_is_mounted_below_a_root_is_there_when_its_ids_are_mapped()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.Run(["unshare", "--mount", "--propagation=private"], MountBelowAndLook, [root.Path]);
        Assert.Equal("0 data\n0 proc\n", result.EnsureSuccess().Output);
    }

    private static void MountBelowAndLook(string root)
    {
        Directory.CreateDirectory(root + "/data");
        Command.Run("mount", "-t", "tmpfs", "tmpfs", root + "/data").EnsureSuccess();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root, Fs.RootFsMode.ReadWrite).WithUserNs().WithDefaultMounts(Fs.DefaultMounts.None);
        File.WriteAllText(root + "/data/file", "data");
        Console.WriteLine(container.Shell("stat -c %u /data/file; cat /data/file").Replace('\n', ' '));

        // proc cannot map ids: it is there, and the root's own files are mapped all the same.
        Command.Run("mount", "-t", "proc", "proc", root + "/data").EnsureSuccess();
        Console.WriteLine(container.Shell("stat -c %u /bin/busybox; test -e /data/version && echo proc").Replace('\n', ' '));
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void An_ordinary_user_is_root_inside_and_may_make_all_other_kinds()
    {
        CommandResult result = FreshProcess.RunAsUser(RunRootless);
        Assert.Equal("0 0\n0 4242 1\ndeny\nrootless\n1\n", result.EnsureSuccess().Output);
    }

    private static void RunRootless()
        => Console.WriteLine(new ContainerBuilder().WithUserNs().WithMountNs().WithPidNs().WithNetNs().WithUtsNs("rootless").WithIpcNs().WithCgroupNs()
            .Shell("echo $(id -u) $(id -g); tr -s ' ' < /proc/self/uid_map | sed 's/^ //'; cat /proc/self/setgroups /proc/sys/kernel/hostname; echo $$"));

    [LinuxFact(Needs.Root | Needs.NewUidMap | Needs.FullSpeed)]
    public void An_ordinary_user_maps_subordinate_ids_through_newuidmap()
    {
        CommandResult result = FreshProcess.Run(["unshare", "--mount", "--propagation=private"], PrepareSubordinateIds, []);
        Assert.Equal("0 4242 1\n1 700000 1000\n0 4242 1\n1 800000 1000\n5 6", result.EnsureSuccess().Output.Trim());
    }

    private static int PrepareSubordinateIds() => WithSubordinateIds(() => FreshProcess.RunAsUser(RunSubordinate));

    /// <summary>In a mount namespace of its own: files that give the user ids are put over the machine's.</summary>
    internal static int WithSubordinateIds(Func<CommandResult> run)
    {
        string folder = Directory.CreateTempSubdirectory("isolation-subids-").FullName;
        foreach ((string file, string line) in ((string, string)[])[("subuid", "4242:700000:1000\n"), ("subgid", "4242:800000:1000\n"), ("passwd", "root:x:0:0::/root:/bin/sh\nisotest:x:4242:4242::/tmp:/bin/sh\n")])
        {
            File.WriteAllText($"{folder}/{file}", line);
            File.AppendAllText($"/etc/{file}", "");
            Command.Run("mount", "--bind", $"{folder}/{file}", $"/etc/{file}").EnsureSuccess();
        }

        try
        {
            CommandResult result = run();
            Console.Write(result.Output + result.Error);
            return result.ExitCode;
        }
        finally
        {
            foreach (string file in (string[])["subuid", "subgid", "passwd"])
                Command.Run("umount", $"/etc/{file}").EnsureSuccess();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RunSubordinate()
    {
        ContainerBuilder container = new ContainerBuilder().WithUserNs(UserNamespaceMaps.Subordinate).WithPidNs().WithMountNs();
        Console.WriteLine(container.Shell("tr -s ' ' < /proc/self/uid_map | sed 's/^ //'; tr -s ' ' < /proc/self/gid_map | sed 's/^ //'"));
        Console.WriteLine(container.WithUser("5:6").Shell("echo $(id -u) $(id -g)"));
    }

    [LinuxFact(Needs.Root | Needs.TimeOffsets)]
    public void Clocks_are_ahead_by_the_offsets()
    {
        string uptime = new ContainerBuilder().WithTimeNs(monotonic: TimeSpan.FromDays(1), bootTime: TimeSpan.FromDays(10.5)).Shell("cat /proc/uptime");
        double seconds = double.Parse(uptime.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(seconds - (Environment.TickCount64 / 1000.0), (10.5 * 86400) - 100, (10.5 * 86400) + 100);
    }

    [LinuxFact(Needs.Root)]
    public void A_cgroup_namespace_shows_its_cgroup_as_the_root()
        => Assert.EndsWith("0::/", new ContainerBuilder().WithCgroupNs().Shell("cat /proc/self/cgroup"), StringComparison.Ordinal);

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_host_root_with_an_overlay_is_thrown_away()
    {
        string file = "/isolation-thrown-away-" + Guid.NewGuid().ToString("N");
        string etc = "/etc/isolation-thrown-away-" + Guid.NewGuid().ToString("N");
        Assert.Equal("a\nb", new ContainerBuilder().WithRootFs("/", RootFsMode.Overlay).WithUserNs().WithPidNs().Shell($"echo a > {file}; cat {file}; echo b > {etc} 2>/dev/null && cat {etc} || echo b"));
        Assert.False(File.Exists(file));
        Assert.False(File.Exists(etc));
    }
}
