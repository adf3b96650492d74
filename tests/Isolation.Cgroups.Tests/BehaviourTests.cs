using System.Diagnostics;
using System.Globalization;

namespace Isolation.Cgroups.Tests;

/// <summary>That limits do what they say. Where all controllers are there: in the lab.</summary>
public sealed class BehaviourTests
{
    [ControllerFact(CgroupControllers.Memory)]
    public void A_memory_hog_is_killed_and_that_is_told()
    {
        using var nothingLeft = new ResidueCheck();
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
        using var nothingLeft = new ResidueCheck();
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
        using var nothingLeft = new ResidueCheck();
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
        using var nothingLeft = new ResidueCheck();
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
        Thread.Sleep(TimeSpan.FromSeconds(6));
        double ratio = (heavies.ReadCpu().Usage - h.Usage) / (lights.ReadCpu().Usage - l.Usage);
        Assert.InRange(ratio, 2.7, 3.3);
    }

    [ControllerFact(CgroupControllers.Cpuset)]
    public void A_cpuset_pins()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Cpuset);
        test.Cgroup.Cpuset.Processors = new ProcessorSet(1);
        Process process = test.Start("exec sleep 1000");
        Assert.Equal("1", File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)).Split('\t')[1]);
        Assert.Equal(new ProcessorSet(1), test.Cgroup.Cpuset.EffectiveProcessors);
    }

    [ControllerFact(CgroupControllers.Pids)]
    public void A_fork_bomb_stops_at_the_limit_and_is_gone_within_two_seconds()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Pids);
        test.Cgroup.Pids.Max = 50;
        test.Start("exec 2>/dev/null; f() { f & f & wait; }; f");
        Assert.True(SpinWait.SpinUntil(() => test.Cgroup.Pids.MaxEvents > 0, TimeSpan.FromSeconds(30)));
        Assert.True(test.Cgroup.Pids.Current <= 50);
        var watch = Stopwatch.StartNew();
        test.Cgroup.Kill();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
        Eventually.Equal(0, () => test.Cgroup.Pids.Current); // Zombies count until their parent, or init, reaps them.
    }

    [ControllerFact(CgroupControllers.IO)]
    public void A_writer_is_slowed_down()
    {
        using var nothingLeft = new ResidueCheck();
        if (RawDisk.Missing is { } reason)
            Assert.Skip(reason);
        string disk = RawDisk.Make();
        try
        {
            BlockDevice device = BlockDevice.Of(disk);
            using var test = new TestCgroup(CgroupControllers.IO);
            TimeSpan free = Write(test, disk);
            test.Cgroup.IO.SetMax(device, IOLimits.Max with { WriteBytes = 1 << 20 });
            Assert.Equal(1 << 20, test.Cgroup.IO.Max[device].WriteBytes);
            using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
            CgroupSample before = statistics.ReadAll();
            TimeSpan limited = Write(test, disk);
            CgroupSample after = statistics.ReadAll();
            Assert.InRange(limited, TimeSpan.FromSeconds(2.8), TimeSpan.FromSeconds(8));
            Assert.True(free < limited / 2, $"{free} without a limit, {limited} with one");

            // By its own count too: 4 MiB, at about 1 MiB a second.
            Assert.InRange(after.Since(before).IO[device].WrittenBytes, 0.4 * (1 << 20), 1.5 * (1 << 20));
            test.Cgroup.IO.SetMax(device, IOLimits.Max);
            Assert.Empty(test.Cgroup.IO.Max);
        }
        finally
        {
            RawDisk.Remove(disk);
        }
    }

    private static TimeSpan Write(TestCgroup test, string disk)
    {
        var watch = Stopwatch.StartNew();
        Process writer = test.Start($"exec dd if=/dev/zero of={disk} bs=64k count=64 oflag=direct 2>/dev/null");
        Assert.True(writer.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, writer.ExitCode);
        return watch.Elapsed;
    }

    [ControllerFact(CgroupControllers.Memory)]
    public async Task A_trigger_fires_under_memory_pressure()
    {
        using var nothingLeft = new ResidueCheck();
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

    [ControllerFact(CgroupControllers.Memory)]
    public void The_most_that_is_used_is_known()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Memory);
        if (!test.Cgroup.HasFile("memory.peak"))
            Assert.Skip("needs memory.peak, of Linux 5.19");
        test.Start("head -c 8000000 /dev/zero | tail | wc -c >/dev/null").WaitForExit();
        Assert.True(test.Cgroup.Memory.Peak > 4 << 20, test.Cgroup.Memory.Peak.ToString(CultureInfo.InvariantCulture));
        try
        {
            using MemoryPeak peak = test.Cgroup.Memory.OpenPeak();
            Assert.True(peak.Bytes < 4 << 20, peak.Bytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (CgroupException e)
        {
            // Before Linux 6.12 the file is read-only, and root writes it for nothing.
            Assert.True(e.Errno is Isolation.Syscalls.Errno.EINVAL or Isolation.Syscalls.Errno.EACCES, e.Message);
            Assert.Contains("6.12", e.Message, StringComparison.Ordinal);
        }
    }

    [ControllerFact(CgroupControllers.Memory)]
    public void Memory_is_reclaimed_on_request()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Memory);
        if (!test.Cgroup.HasFile("memory.reclaim"))
            Assert.Skip("needs memory.reclaim, of Linux 5.19");
        string file = Path.Combine(Path.GetTempPath(), "isolation-cache-" + Guid.NewGuid().ToString("N")[..8]);
        try
        {
            // More than there is cannot be reclaimed, and that is no error. The page cache of a file on tmpfs is not given up without swap.
            Process writer = test.Start($"head -c 4000000 /dev/zero >{file}");
            Assert.True(writer.WaitForExit(TimeSpan.FromSeconds(30)));
            Assert.False(test.Cgroup.Memory.Reclaim(1L << 40));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [ControllerFact(CgroupControllers.Memory)]
    public async Task Slowing_down_at_the_high_mark_is_an_event()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Memory);
        test.Cgroup.Apply(CgroupLimits.None.WithMemoryHigh(4 << 20).WithSwapMax(0));
        using var watcher = new CgroupWatcher();
        watcher.Add(test.Cgroup);
        test.Start("exec tail /dev/zero");
        CgroupEvent high = await EventTests.FirstAsync(watcher, CgroupEventKind.MemoryHigh);
        Assert.Equal(test.Cgroup.Path, high.Cgroup);
        Assert.True(high.Count >= 1);
        Assert.True(test.Cgroup.ReadMemoryEvents().High >= high.Count);
    }

    [ControllerFact(CgroupControllers.Pids)]
    public async Task A_full_cgroup_is_an_event()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Pids);
        test.Cgroup.Pids.Max = 1;
        using var watcher = new CgroupWatcher();
        watcher.Add(test.Cgroup);
        Process shell = test.Start("exec 2>/dev/null; sleep 0; exit 7");
        Assert.Equal(test.Cgroup.Path, (await EventTests.FirstAsync(watcher, CgroupEventKind.PidsMax)).Cgroup);
        Assert.True(shell.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    [ControllerFact(CgroupControllers.Cpuset)]
    public void A_partition_that_cannot_be_says_why()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Cpuset);
        Assert.Equal((CpusetPartition.Member, null), (test.Cgroup.Cpuset.Partition, test.Cgroup.Cpuset.PartitionError));
        test.Cgroup.Cpuset.Processors = new ProcessorSet(0);
        test.Cgroup.Cpuset.Partition = CpusetPartition.Root;
        Assert.Equal((CpusetPartition.Root, null), (test.Cgroup.Cpuset.Partition, test.Cgroup.Cpuset.PartitionError));
        using (var other = new TestCgroup(CgroupControllers.Cpuset))
        {
            // Processors that are a partition's own already, or no partition below a member.
            using Cgroup below = other.Cgroup.CreateChild("below");
            other.Cgroup.EnableControllers(CgroupControllers.Cpuset);
            below.Cpuset.Processors = new ProcessorSet(1);
            below.Cpuset.Partition = CpusetPartition.Root;
            Assert.False(string.IsNullOrEmpty(below.Cpuset.PartitionError), below.ReadFile("cpuset.cpus.partition"));
        }

        test.Cgroup.Cpuset.Partition = CpusetPartition.Member;
        Assert.Equal(CpusetPartition.Member, test.Cgroup.Cpuset.Partition);
    }
}
