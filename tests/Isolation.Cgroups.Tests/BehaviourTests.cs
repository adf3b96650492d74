using System.Diagnostics;
using System.Globalization;

namespace Isolation.Cgroups.Tests;

/// <summary>That limits do what they say. Where all controllers are there: in the lab.</summary>
public sealed class BehaviourTests
{
    [ControllerFact(CgroupControllers.Memory)]
    public void A_memory_hog_is_killed_and_that_is_told()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Memory);
        test.Cgroup.Apply(CgroupLimits.None.WithMemoryMax(32 << 20).WithSwapMax(0));
        Process hog = test.Start("exec tail /dev/zero");
        Assert.True(hog.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(128 + 9, hog.ExitCode);
        MemoryEvents events = test.Cgroup.ReadMemoryEvents();
        Assert.Equal(1, events.OomKills);
        Assert.True(events.Max > 0);
    }

    [ControllerFact(CgroupControllers.Memory)]
    public async Task An_oom_kill_is_an_event()
    {
        using var nothingLeft = await FreezeAndKillTests.WarmEvents();
        using var test = new TestCgroup(CgroupControllers.Memory);
        test.Cgroup.Apply(CgroupLimits.None.WithMemoryMax(32 << 20).WithSwapMax(0));
        using var watcher = new CgroupWatcher();
        watcher.Add(test.Cgroup);
        test.Start("exec tail /dev/zero");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (CgroupEvent e in watcher.ReadAllAsync(end.Token))
        {
            if (e.Kind != CgroupEventKind.OomKill)
                continue;
            Assert.Equal((test.Cgroup.Path, 1L), (e.Cgroup, e.Count));
            break;
        }
    }

    [ControllerFact(CgroupControllers.Cpu)]
    public void A_spinner_under_a_fifth_of_a_processor_gets_a_fifth()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Cpu);
        test.Cgroup.Cpu.Max = CpuBandwidth.OfProcessors(0.2);
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        test.Start("while :; do :; done");
        var watch = Stopwatch.StartNew();
        CpuStatistics before = statistics.ReadCpu();
        Thread.Sleep(TimeSpan.FromSeconds(10));
        CpuStatistics after = statistics.ReadCpu();
        Assert.InRange(after.ProcessorsSince(before, watch.Elapsed), 0.17, 0.23);
        Assert.True(after.ThrottledPeriods > before.ThrottledPeriods);
    }

    [ControllerFact(CgroupControllers.Cpu | CgroupControllers.Cpuset)]
    public void Weights_of_one_to_three_share_a_processor_one_to_three()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Cpu | CgroupControllers.Cpuset);
        test.Cgroup.Cpuset.Processors = new ProcessorSet(1);
        test.Cgroup.EnableControllers(CgroupControllers.Cpu);
        using Cgroup light = test.Cgroup.CreateChild("light"), heavy = test.Cgroup.CreateChild("heavy");
        (light.Cpu.Weight, heavy.Cpu.Weight) = (100, 300);
        test.Start("while :; do :; done", light);
        test.Start("while :; do :; done", heavy);
        using CgroupStatistics lights = light.OpenStatistics(), heavies = heavy.OpenStatistics();
        Thread.Sleep(500);
        (CpuStatistics l, CpuStatistics h) = (lights.ReadCpu(), heavies.ReadCpu());
        Thread.Sleep(TimeSpan.FromSeconds(8));
        double ratio = (heavies.ReadCpu().Usage - h.Usage) / (lights.ReadCpu().Usage - l.Usage);
        Assert.InRange(ratio, 2.7, 3.3);
    }

    [ControllerFact(CgroupControllers.Cpuset)]
    public void A_cpuset_pins()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Cpuset);
        test.Cgroup.Cpuset.Processors = new ProcessorSet(1);
        Process process = test.Start("sleep 1000");
        Assert.Equal("1", File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)).Split('\t')[1]);
        Assert.Equal(new ProcessorSet(1), test.Cgroup.Cpuset.EffectiveProcessors);
    }

    [ControllerFact(CgroupControllers.Pids)]
    public void A_fork_bomb_stops_at_the_limit_and_is_gone_within_two_seconds()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Pids);
        test.Cgroup.Pids.Max = 50;
        test.Start("exec 2>/dev/null; f() { f & f & wait; }; f");
        Assert.True(SpinWait.SpinUntil(() => test.Cgroup.Pids.MaxEvents > 0, TimeSpan.FromSeconds(30)));
        Assert.True(test.Cgroup.Pids.Current <= 50);
        var watch = Stopwatch.StartNew();
        test.Cgroup.Kill();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
        Assert.Equal(0, test.Cgroup.Pids.Current);
    }

    [ControllerFact(CgroupControllers.IO)]
    public void A_writer_is_slowed_down()
    {
        using var nothingLeft = TreeTests.Warm();
        string image = Path.Combine(Path.GetTempPath(), "isolation-disk-" + Guid.NewGuid().ToString("N")[..8]);
        File.WriteAllBytes(image, new byte[16 << 20]);
        string device = Command.Run("losetup", "--find", "--show", image).EnsureSuccess().Output.Trim();
        try
        {
            using var test = new TestCgroup(CgroupControllers.IO);
            test.Cgroup.IO.SetMax(BlockDevice.Of(device), IOLimits.Max with { WriteBytes = 1 << 20 });
            Assert.Equal(1 << 20, test.Cgroup.IO.Max[BlockDevice.Of(device)].WriteBytes);
            var watch = Stopwatch.StartNew();
            Assert.True(test.Start($"exec dd if=/dev/zero of={device} bs=64k count=64 oflag=direct 2>/dev/null").WaitForExit(TimeSpan.FromSeconds(60)));
            Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12));
            using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
            long written = 0;
            foreach (IOStatistics io in statistics.ReadIO())
                written += io.WrittenBytes;
            Assert.True(written >= 4 << 20, $"{written}");
            test.Cgroup.IO.SetMax(BlockDevice.Of(device), IOLimits.Max);
            Assert.Empty(test.Cgroup.IO.Max);
        }
        finally
        {
            Command.Run("losetup", "--detach", device).EnsureSuccess();
            File.Delete(image);
        }
    }

    [ControllerFact(CgroupControllers.Memory)]
    public async Task A_trigger_fires_under_memory_pressure()
    {
        using var nothingLeft = await FreezeAndKillTests.WarmEvents();
        using var test = new TestCgroup(CgroupControllers.Memory);
        test.Cgroup.Apply(CgroupLimits.None.WithMemoryHigh(8 << 20).WithMemoryMax(64 << 20));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IAsyncEnumerator<Pressure> pressure = test.Cgroup.WatchPressureAsync(PressureResource.Memory, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), cancellationToken: end.Token).GetAsyncEnumerator(end.Token);
        ValueTask<bool> fired = pressure.MoveNextAsync();
        test.Start("exec tail /dev/zero");
        Assert.True(await fired);
        Assert.True(pressure.Current.Some.Total > TimeSpan.Zero);
        await pressure.DisposeAsync();
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces)]
    public void A_subtree_that_was_given_away_is_managed_by_an_ordinary_user()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup();
        test.Cgroup.DelegateTo(FreshProcess.UserId, FreshProcess.UserId);
        CommandResult result = FreshProcess.RunAsUser(Manage, test.Cgroup.Path);
        Assert.Equal("made, killed, removed\nEACCES at cgroup.max.depth\n", result.EnsureSuccess().Output);
    }

    private static void Manage(string path)
    {
        using Cgroup given = Cgroup.Open(path), one = given.CreateChild("one"), two = given.CreateChild("two");
        using Process process = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;
        try
        {
            // Into the subtree only root can move it: the nearest cgroup above both is not ours.
            one.AddProcess(process.Id);
        }
        catch (CgroupException e) when (e.Errno == Isolation.Syscalls.Errno.EACCES)
        {
        }

        process.Kill();
        process.WaitForExit();
        one.Kill();
        one.Delete();
        two.Delete();
        Console.WriteLine("made, killed, removed");
        try
        {
            given.MaximumDepth = 3;
        }
        catch (CgroupException e)
        {
            Console.WriteLine($"{e.Errno} at {e.File}");
        }
    }

    [ControllerFact(CgroupControllers.Memory)]
    public void The_most_that_is_used_is_known()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup(CgroupControllers.Memory);
        if (!test.Cgroup.HasFile("memory.peak"))
            Assert.Skip("needs memory.peak of Linux 5.19");
        test.Start("head -c 8000000 /dev/zero | tail | wc -c").WaitForExit();
        Assert.True(test.Cgroup.Memory.Peak > 4 << 20, test.Cgroup.Memory.Peak.ToString(CultureInfo.InvariantCulture));
    }
}
