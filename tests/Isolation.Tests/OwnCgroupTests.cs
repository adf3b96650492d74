using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Isolation.Cgroups;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Containers with a cgroup that is made for them: <see cref="ContainerBuilder.WithCgroup()"/>. What needs no controller runs wherever cgroup v2 is mounted.</summary>
public sealed class OwnCgroupTests
{
    private static readonly string s_mount = CgroupHierarchy.Find().MountPoint;

    private static string NewName() => "isolation-" + Guid.NewGuid().ToString("N")[..12];

    [LinuxFact(Needs.Root)]
    public void A_container_is_born_in_a_cgroup_that_goes_with_it()
    {
        using var nothingLeft = new ResidueCheck();
        string name = NewName();
        Assert.Equal($"0::/{name}", new ContainerBuilder().WithCgroup(name).Shell("tail -n 1 /proc/self/cgroup"));
        Assert.False(Directory.Exists($"{s_mount}/{name}"));
        Assert.StartsWith("0::/isolation-container-", new ContainerBuilder().WithCgroup().Shell("tail -n 1 /proc/self/cgroup"), StringComparison.Ordinal);
        Assert.Equal("0::/", new ContainerBuilder().WithCgroup().WithCgroupNs().Shell("tail -n 1 /proc/self/cgroup"));
    }

    [LinuxFact(Needs.Root)]
    public void Each_of_many_starts_of_a_template_has_its_own()
    {
        using var nothingLeft = new ResidueCheck();
        ContainerTemplate template = new ContainerBuilder().WithCgroup().WithCommand("sleep", "1000").Build();
        var containers = new ConcurrentBag<Container>();
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => containers.Add(template.Start()));
        Assert.Equal(24, containers.Select(c => c.Cgroup!.Path).Distinct().Count());
        Assert.All(containers, c => Assert.Equal([c.ProcessId], c.Cgroup!.ListProcesses()));
        Parallel.ForEach(containers, c => c.Dispose());
        Assert.All(containers, c => Assert.False(Directory.Exists(c.Cgroup!.Path)));
    }

    [LinuxFact(Needs.Root)]
    public void A_name_that_is_taken_is_an_error_and_the_other_stays()
    {
        using var nothingLeft = new ResidueCheck();
        ContainerTemplate template = new ContainerBuilder().WithCgroup(NewName()).WithCommand("sleep", "1000").Build();
        using (Container first = template.Start())
        {
            LinuxException error = Assert.ThrowsAny<LinuxException>(() => { template.Start(); });
            Assert.Equal(Errno.EEXIST, error.Errno);
            Assert.Equal([first.ProcessId], first.Cgroup!.ListProcesses());
        }

        template.Start().Dispose();
    }

    [LinuxFact(Needs.Root)]
    public void What_nobody_waits_for_is_removed_all_the_same()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup().WithCommand("sleep", "0.2").Start();
        string path = container.Cgroup!.Path;
        Assert.True(Directory.Exists(path));
        Eventually.Equal(false, () => Directory.Exists(path));
    }

    [LinuxFact(Needs.Root)]
    public void Processes_and_cgroups_that_a_program_leaves_behind_end_with_it()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup().WithStandardOutput(StandardStream.Pipe)
            .WithCommand("sh", "-c", $"mkdir {s_mount}$(tail -n 1 /proc/self/cgroup | cut -c 4-)/below; setsid sleep 1000 >/dev/null 2>&1 & echo $!").Start();
        using var reader = new StreamReader(container.StandardOutput!.AsStream());
        int left = int.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture);
        Assert.Equal(0, container.WaitForExit().ExitCode);
        Assert.False(Directory.Exists(container.Cgroup!.Path));
        Eventually.Equal(false, () => Directory.Exists($"/proc/{left}") && !File.ReadAllText($"/proc/{left}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    [LinuxFact(Needs.Root)]
    public void A_start_that_fails_leaves_no_cgroup()
    {
        using var nothingLeft = new ResidueCheck();
        string name = NewName();
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithCgroup(name).WithCommand("/no/such/program").Start(); }).Errno);
        Assert.False(Directory.Exists($"{s_mount}/{name}"));
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void What_a_killed_manager_leaves_is_removed_by_the_next_and_what_a_living_one_has_is_not()
    {
        using var nothingLeft = new ResidueCheck();
        using Container ours = new ContainerBuilder().WithCgroup().WithCommand("sleep", "1000").Start();
        string[] line = FreshProcess.CommandLine(LeaveProcesses);
        using Process manager = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        string path = manager.StandardOutput.ReadLine()!;
        Eventually.Equal(2, () => File.ReadLines(path + "/cgroup.procs").Count());
        manager.Kill();
        manager.WaitForExit();
        manager.StandardOutput.Dispose();
        Eventually.Equal(1, () => File.ReadLines(path + "/cgroup.procs").Count());
        Assert.StartsWith("0::/isolation-container-", FreshProcess.Run(StartInCgroup).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
        Assert.Equal([ours.ProcessId], ours.Cgroup!.ListProcesses());
    }

    private static void LeaveProcesses()
    {
        Container container = new ContainerBuilder().WithCgroup().WithCommand("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & wait").Start();
        Console.WriteLine(container.Cgroup!.Path);
        Thread.Sleep(Timeout.Infinite);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void A_start_without_descriptors_left_leaves_no_cgroup()
    {
        using var nothingLeft = new ResidueCheck();
        int failed = int.Parse(FreshProcess.Run(StartWithFewDescriptors).EnsureSuccess().Output, CultureInfo.InvariantCulture);
        Assert.InRange(failed, 5, 290);
    }

    private static void StartWithFewDescriptors()
    {
        ContainerBuilder container = new ContainerBuilder().WithCgroup();
        Assert.Throws<LinuxException>(() => { container.WithCommand("/no/such/program").Start(); });
        ContainerTemplate template = container.WithCommand("true").Build();

        // What the runtime and the engine make once, threads above all, they cannot make without descriptors.
        Task.WaitAll(Enumerable.Range(0, 20).Select(_ => template.RunAsync()));
        RunningProcess own = RunningProcess.Current;
        long? hard = own.GetLimit(LimitedResource.OpenFiles).Hard;
        int failed = 0;
        for (int limit = 10; limit < 300; limit++)
        {
            own.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(limit, hard));
            try
            {
                template.Run();
            }
            catch (LinuxException e) when (e.Errno == Errno.EMFILE)
            {
                failed++;
            }
        }

        own.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(hard, hard));
        Console.WriteLine(failed);
    }

    [LinuxFact(Needs.Root)]
    public void A_frozen_container_stands_still_and_can_be_disposed()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup().WithCommand("sh", "-c", "while :; do :; done").Start();
        Cgroup cgroup = container.Cgroup!;
        using CgroupStatistics statistics = cgroup.OpenStatistics();
        cgroup.Freeze();
        TimeSpan before = statistics.ReadCpu().Usage;
        Thread.Sleep(300);
        Assert.Equal(before, statistics.ReadCpu().Usage);
        cgroup.Thaw();
        Eventually.Equal(true, () => statistics.ReadCpu().Usage > before + TimeSpan.FromMilliseconds(50));
        cgroup.Freeze();
    }

    [LinuxFact(Needs.Root)]
    public void What_is_started_inside_is_in_the_cgroup_too_and_ends_with_it()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup().WithPidNs().WithCommand("sleep", "1000").Start();
        using (Container exec = container.Exec("sleep", "1000"))
        {
            Assert.Equal([container.ProcessId, exec.ProcessId], container.Cgroup!.ListProcesses().Order());
            container.Dispose();
            Assert.Equal(137, exec.WaitForExit().ExitCode);
        }

        Assert.False(Directory.Exists(container.Cgroup!.Path));
    }

    [LinuxFact(Needs.Root)]
    public void A_container_that_joins_another_can_have_a_cgroup_of_its_own()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup().WithPidNs().WithCommand("sleep", "1000").Start();
        foreach (ContainerBuilder joining in (ContainerBuilder[])[new ContainerBuilder().WithCgroup().WithContainer(container), new ContainerBuilder().WithContainer(container).WithCgroup()])
        {
            using Container other = joining.WithCommand("sleep", "1000").Start();
            Assert.NotEqual(container.Cgroup!.Path, other.Cgroup!.Path);
            Assert.Equal([other.ProcessId], other.Cgroup.ListProcesses());
        }
    }

    [LinuxFact(Needs.Root)]
    public void Devices_are_those_of_the_rules()
    {
        using var nothingLeft = new ResidueCheck();
        ContainerBuilder container = new ContainerBuilder().WithCgroupDevices(DeviceRules.ContainerDefault);
        Assert.Equal("null no", container.Shell("echo x > /dev/null && printf 'null '; (head -c 1 /dev/kmsg) 2>/dev/null && echo kmsg || echo no"));
        using Container running = container.WithCommand("sleep", "1000").Start();
        Assert.Single(running.Cgroup!.ListDeviceFilters());
    }

    [LinuxFact(Needs.Root)]
    public void A_controller_that_the_machine_lacks_is_told_before_anything_starts()
    {
        using var nothingLeft = new ResidueCheck();
        using Cgroup root = Cgroup.Open(s_mount);
        string lacking = Cgroups.Files.ControllerNames.Of(Cgroups.Files.ControllerNames.All & ~root.Controllers & ~CgroupControllers.PerfEvent).First();
        LinuxException error = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithCgroup(cg => cg.WithFile(lacking + ".max", "max")).WithCommand("true").Run(); });
        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.StartsWith($"limit the container by the controller {lacking} of {s_mount} failed", error.Message, StringComparison.Ordinal);
        Assert.Contains(CgroupHierarchy.Find().Version1Controllers.Contains(lacking) ? $"On this machine cgroup version 1 has {lacking}" : "this kernel was built without", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void A_value_that_the_kernel_refuses_leaves_no_cgroup()
    {
        using var nothingLeft = new ResidueCheck();
        CgroupException error = Assert.Throws<CgroupException>(() => { new ContainerBuilder().WithCgroup(cg => cg.WithFile("cgroup.max.depth", "deep")).WithCommand("true").Run(); });
        Assert.Equal(("cgroup.max.depth", "deep", Errno.EINVAL), (error.File, error.Value, error.Errno));
    }

    [LinuxFact(Needs.Root)]
    public void The_plan_shows_what_is_made()
    {
        string name = NewName();
        string plan = new ContainerBuilder().WithCgroup(name, cg => cg.WithMemoryMax(64 << 20)).WithCgroupDevices(DeviceRules.DenyAll.Allow("c 1:3 rwm")).WithCommand("true").Explain();
        string[] lines = plan.Split('\n');
        Assert.Equal(
            [
                $"# the manager: see to it that {s_mount}/cgroup.subtree_control has memory",
                $"# the manager: mkdir {s_mount}/{name}; at the container's end it is killed and removed",
                "# the manager: write '67108864' to memory.max",
                "# the manager: attach a program of 1 device rules",
            ],
            lines[..4]);
        Assert.Contains($"CLONE_INTO_CGROUP, exit_signal=0, cgroup={s_mount}/{name}}}", lines[5], StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{s_mount}/{name}"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("memory.max")]
    [InlineData("")]
    public void A_name_that_cannot_be_one_is_refused(string name) => Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithCgroup(name); });

    [Fact]
    public void Contradictions_are_refused_before_anything_starts()
    {
        Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithCgroup().WithCgroupDirectory("/sys/fs/cgroup/x").Build(); });
        Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithCgroup().WithDetached().Build(); });
        Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithCgroupParent("relative"); });
        Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithCgroup(_ => null!); });
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void An_ordinary_user_without_a_subtree_of_its_own_is_told_how_to_get_one()
    {
        using var nothingLeft = new ResidueCheck();
        string message = FreshProcess.RunAsUser(StartInCgroup).EnsureSuccess().Output;
        Assert.Contains("find a cgroup to manage at or above", message, StringComparison.Ordinal);
        Assert.Contains("EACCES", message, StringComparison.Ordinal);
        Assert.Contains("Delegate=yes", message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void An_ordinary_user_has_cgroups_in_the_subtree_that_was_given_to_it()
    {
        using var nothingLeft = new ResidueCheck();
        using Cgroup root = Cgroup.Open(s_mount);
        using Cgroup subtree = root.CreateChild(NewName());
        try
        {
            subtree.DelegateTo(FreshProcess.UserId, FreshProcess.UserId);
            string[] user = ["setpriv", $"--reuid={FreshProcess.UserId}", $"--regid={FreshProcess.UserId}", "--clear-groups", "--inh-caps=-all"];
            string told = FreshProcess.Run(["sh", "-c", $"echo $$ > {subtree.Path}/cgroup.procs; exec \"$@\"", "sh", .. user], StartInCgroup, []).EnsureSuccess().Output.Trim();
            Assert.StartsWith($"0::/{subtree.Name}/isolation-container-", told, StringComparison.Ordinal);
            Assert.Empty(subtree.ListChildren());
        }
        finally
        {
            subtree.Delete(recursive: true);
        }
    }

    private static void StartInCgroup()
    {
        try
        {
            Console.WriteLine(new ContainerBuilder().WithCgroup().Shell("tail -n 1 /proc/self/cgroup"));
        }
        catch (LinuxException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void Limits_hold_before_the_program_runs()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder()
            .WithCgroup(cg => cg.WithMemoryMax(64 << 20).WithPidsMax(20))
            .WithCgroup(cg => cg.WithCpuMax(0.5).WithCpuWeight(50))
            .WithCommand("sleep", "1000").Start();
        CgroupLimits limits = container.Cgroup!.ReadLimits();
        Assert.Equal((new CgroupLimit(64 << 20), new CgroupLimit(20), CpuBandwidth.OfProcessors(0.5), 50), (limits.MemoryMax!.Value, limits.PidsMax!.Value, limits.CpuMax!.Value, limits.CpuWeight!.Value));
        using CgroupStatistics statistics = container.Cgroup.OpenStatistics();
        Assert.Equal(1, statistics.ReadPidsCurrent());
        Assert.InRange(statistics.ReadMemoryCurrent(), 1, 64 << 20);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void Running_out_of_memory_is_told_after_the_cgroup_is_gone()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithCgroup(cg => cg.WithMemoryMax(16 << 20)).WithCommand("sh", "-c", "head -c 100000000 /dev/zero | tail").Start();
        Assert.True(container.WaitForExit().OomKilled);
        Assert.False(Directory.Exists(container.Cgroup!.Path));
        Assert.True(container.WaitForExit().OomKilled);
        ContainerExit exit = new ContainerBuilder().WithCgroup(cg => cg.WithMemoryMax(16 << 20)).WithCommand("sh", "-c", "kill -9 $$").Run();
        Assert.Equal((137, false), (exit.ExitCode, exit.OomKilled));
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_fork_bomb_stops_at_the_limit_and_ends_with_the_container()
    {
        using var nothingLeft = new ResidueCheck();
        using Container bomb = new ContainerBuilder().WithCgroup(cg => cg.WithPidsMax(20))
            .WithStandardError(StandardStream.Null).WithStandardOutput(StandardStream.Null).WithCommand("sh", "-c", "(while :; do sleep 1000 & done); while :; do :; done").Start();
        Cgroup cgroup = bomb.Cgroup!;
        Eventually.Equal(true, () => cgroup.Pids.MaxEvents > 0);
        Assert.InRange(cgroup.Pids.Current, 1, 20);
        long begun = Stopwatch.GetTimestamp();
        bomb.Dispose();
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5));
        Assert.False(Directory.Exists(cgroup.Path));
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_spinner_gets_the_share_of_a_processor_that_it_is_given()
    {
        using var nothingLeft = new ResidueCheck();
        using Container spinner = new ContainerBuilder().WithCgroup(cg => cg.WithCpuMax(0.2)).WithCommand("sh", "-c", "while :; do :; done").Start();
        using CgroupStatistics statistics = spinner.Cgroup!.OpenStatistics();
        CpuStatistics before = statistics.ReadCpu();
        long begun = Stopwatch.GetTimestamp();
        Thread.Sleep(4000);
        Assert.InRange(statistics.ReadCpu().ProcessorsSince(before, Stopwatch.GetElapsedTime(begun)), 0.12, 0.25);
        Assert.True(statistics.ReadCpu().ThrottledPeriods > 10);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void Controllers_are_switched_on_down_the_path_to_a_named_parent()
    {
        using var nothingLeft = new ResidueCheck();
        using Cgroup root = Cgroup.Open(s_mount);
        using Cgroup jobs = root.CreateChild(NewName());
        try
        {
            using Cgroup nightly = jobs.CreateChild("nightly");
            Assert.Equal(CgroupControllers.None, jobs.ChildControllers);
            using (Container container = new ContainerBuilder().WithCgroupParent(nightly.Path).WithCgroup("one", cg => cg.WithPidsMax(7)).WithCommand("sleep", "1000").Start())
            {
                Assert.Equal(nightly.Path + "/one", container.Cgroup!.Path);
                Assert.Equal(7, container.Cgroup.Pids.Max.Value);
                Assert.True(jobs.ChildControllers.HasFlag(CgroupControllers.Pids));
            }

            Assert.Empty(nightly.ListChildren());
        }
        finally
        {
            jobs.Delete(recursive: true);
        }
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_parent_with_processes_of_its_own_cannot_give_limits_and_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        using Container parent = new ContainerBuilder().WithCgroup(cg => cg.WithPidsMax(50)).WithCommand("sleep", "1000").Start();
        CgroupException error = Assert.Throws<CgroupException>(() => { new ContainerBuilder().WithCgroupParent(parent.Cgroup!.Path).WithCgroup(cg => cg.WithPidsMax(5)).WithCommand("true").Run(); });
        Assert.Equal(Errno.EBUSY, error.Errno);
        Assert.Contains("MoveProcessesToChild", error.Message, StringComparison.Ordinal);
        Assert.Empty(parent.Cgroup!.ListChildren());
        Assert.Equal(CgroupControllers.None, parent.Cgroup.ChildControllers);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public async Task Events_of_a_running_container_are_told()
    {
        await using Container container = await new ContainerBuilder().WithCgroup(cg => cg.WithMemoryMax(16 << 20)).WithCommand("sh", "-c", "sleep 1; head -c 100000000 /dev/zero | tail; sleep 1000").StartAsync(TestContext.Current.CancellationToken);
        using var watcher = new CgroupWatcher();
        watcher.Add(container.Cgroup!);
        await foreach (CgroupEvent told in watcher.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (told.Kind == CgroupEventKind.OomKill)
                break;
        }

        Assert.False(container.HasExited);
        container.Kill();
        Assert.True((await container.WaitForExitAsync(TestContext.Current.CancellationToken)).OomKilled);
    }
}
