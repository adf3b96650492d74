using System.Text;
using FsCheck.Xunit;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Every file as it is written and read, against a temporary directory: also those that few kernels have.</summary>
public sealed class FolderTests
{
    private static readonly BlockDevice s_disk = new(8, 16);

    private static readonly (string File, string Text, Action<Cgroup> Set, Func<Cgroup, object?> Get, object? Value)[] s_files =
    [
        One("cgroup.max.depth", "3", static c => c.MaximumDepth, static (c, v) => c.MaximumDepth = v, 3),
        One("cgroup.max.descendants", "max", static c => c.MaximumDescendants, static (c, v) => c.MaximumDescendants = v, CgroupLimit.Max),
        One("cpu.weight", "250", static c => c.Cpu.Weight, static (c, v) => c.Cpu.Weight = v, 250),
        One("cpu.weight.nice", "-7", static c => c.Cpu.WeightNice, static (c, v) => c.Cpu.WeightNice = v, -7),
        One("cpu.max", "50000 100000", static c => c.Cpu.Max, static (c, v) => c.Cpu.Max = v, CpuBandwidth.OfProcessors(0.5)),
        One("cpu.max.burst", "20000", static c => c.Cpu.MaxBurst, static (c, v) => c.Cpu.MaxBurst = v, TimeSpan.FromMilliseconds(20)),
        One("cpu.idle", "1", static c => c.Cpu.IsIdle, static (c, v) => c.Cpu.IsIdle = v, true),
        One("cpu.uclamp.min", "12.50", static c => c.Cpu.UtilizationMinimum, static (c, v) => c.Cpu.UtilizationMinimum = v, 12.5),
        One("cpu.uclamp.max", "max", static c => c.Cpu.UtilizationMaximum, static (c, v) => c.Cpu.UtilizationMaximum = v, null),
        One("cpuset.cpus", "0-3,8", static c => c.Cpuset.Processors, static (c, v) => c.Cpuset.Processors = v, new ProcessorSet(0, 1, 2, 3, 8)),
        One("cpuset.mems", "0", static c => c.Cpuset.MemoryNodes, static (c, v) => c.Cpuset.MemoryNodes = v, new ProcessorSet(0)),
        One("cpuset.cpus.exclusive", "2", static c => c.Cpuset.ExclusiveProcessors, static (c, v) => c.Cpuset.ExclusiveProcessors = v, new ProcessorSet(2)),
        One("cpuset.cpus.partition", "isolated", static c => c.Cpuset.Partition, static (c, v) => c.Cpuset.Partition = v, CpusetPartition.Isolated),
        One("memory.min", "4096", static c => c.Memory.Min, static (c, v) => c.Memory.Min = v, 4096),
        One("memory.low", "4096", static c => c.Memory.Low, static (c, v) => c.Memory.Low = v, 4096),
        One("memory.high", "max", static c => c.Memory.High, static (c, v) => c.Memory.High = v, CgroupLimit.Max),
        One("memory.max", "268435456", static c => c.Memory.Max, static (c, v) => c.Memory.Max = v, 256 << 20),
        One("memory.swap.high", "0", static c => c.Memory.SwapHigh, static (c, v) => c.Memory.SwapHigh = v, 0),
        One("memory.swap.max", "0", static c => c.Memory.SwapMax, static (c, v) => c.Memory.SwapMax = v, 0),
        One("memory.zswap.max", "1048576", static c => c.Memory.ZswapMax, static (c, v) => c.Memory.ZswapMax = v, 1 << 20),
        One("memory.zswap.writeback", "0", static c => c.Memory.ZswapWriteback, static (c, v) => c.Memory.ZswapWriteback = v, false),
        One("memory.oom.group", "1", static c => c.Memory.OomGroup, static (c, v) => c.Memory.OomGroup = v, true),
        One("pids.max", "100", static c => c.Pids.Max, static (c, v) => c.Pids.Max = v, 100),
        One("io.weight", "default 300", static c => c.IO.Weight, static (c, v) => c.IO.Weight = v, 300),
        One("io.prio.class", "restrict-to-be", static c => c.IO.PriorityClass, static (c, v) => c.IO.PriorityClass = v, IOPriorityClass.RestrictToBestEffort),
        One("hugetlb.2MB.max", "4194304", static c => c.HugeTlb.GetMax("2MB"), static (c, v) => c.HugeTlb.SetMax("2MB", v), 4 << 20),
        One("hugetlb.2MB.rsvd.max", "0", static c => c.HugeTlb.GetReservedMax("2MB"), static (c, v) => c.HugeTlb.SetReservedMax("2MB", v), 0),
        One("io.max", "8:16 rbps=max wbps=1048576 riops=max wiops=120", static c => c.IO.Max[s_disk], static (c, v) => c.IO.SetMax(s_disk, v), IOLimits.Max with { WriteBytes = 1 << 20, WriteOperations = 120 }),
        One("io.latency", "8:16 target=2500", static c => c.IO.Latencies[s_disk], static (c, v) => c.IO.SetLatency(s_disk, v), TimeSpan.FromMicroseconds(2500)),
        One("io.cost.qos", "8:16 enable=1 ctrl=user rpct=95.00 rlat=75000 wpct=95.00 wlat=150000 min=50.00 max=150.00", static c => c.IO.CostQualities[s_disk], static (c, v) => c.IO.SetCostQuality(s_disk, v), new IOCostQuality { IsEnabled = true, IsAutomatic = false, ReadPercentile = 95, ReadLatency = TimeSpan.FromMilliseconds(75), WritePercentile = 95, WriteLatency = TimeSpan.FromMilliseconds(150), Least = 50, Most = 150 }),
        One("io.cost.model", "8:16 ctrl=user model=linear rbps=2706339840 rseqiops=89698 rrandiops=110036 wbps=1063126016 wseqiops=135560 wrandiops=130734", static c => c.IO.CostModels[s_disk], static (c, v) => c.IO.SetCostModel(s_disk, v), new IOCostModel { IsAutomatic = false, ReadBytes = 2706339840, SequentialReads = 89698, RandomReads = 110036, WriteBytes = 1063126016, SequentialWrites = 135560, RandomWrites = 130734 }),
        One("rdma.max", "mlx4_0 hca_handle=2 hca_object=max", static c => (c.Rdma.Max["mlx4_0"]["hca_handle"], c.Rdma.Max["mlx4_0"]["hca_object"]), static (c, v) => c.Rdma.SetMax("mlx4_0", v.Item1, v.Item2), ((CgroupLimit)2, CgroupLimit.Max)),
        One("misc.max", "res_a 3", static c => c.Misc.Max["res_a"], static (c, v) => c.Misc.SetMax("res_a", v), 3),
        One("dmem.max", "drm/0000:03:00.0/vram0 1073741824", static c => c.Dmem.Max["drm/0000:03:00.0/vram0"], static (c, v) => c.Dmem.SetMax("drm/0000:03:00.0/vram0", v), 1 << 30),
        One("dmem.min", "drm/0000:03:00.0/vram0 max", static c => c.Dmem.Min["drm/0000:03:00.0/vram0"], static (c, v) => c.Dmem.SetMin("drm/0000:03:00.0/vram0", v), CgroupLimit.Max),
        One("dmem.low", "drm/0000:03:00.0/vram0 0", static c => c.Dmem.Low["drm/0000:03:00.0/vram0"], static (c, v) => c.Dmem.SetLow("drm/0000:03:00.0/vram0", v), 0),
    ];

    [LinuxFact]
    public void Every_setting_is_written_as_the_kernel_shows_it_and_read_back()
    {
        using var nothingLeft = new ResidueCheck();
        using var folder = new FolderCgroup();
        foreach ((string file, string text, Action<Cgroup> set, Func<Cgroup, object?> get, object? value) in s_files)
        {
            Assert.Equal((file, text), (file, folder.Written(file, () => set(folder.Cgroup))));
            folder[file] = text + "\n";
            Assert.Equal((file, value), (file, get(folder.Cgroup)));
        }
    }

    [LinuxFact]
    public void Every_setting_that_is_not_there_is_named_and_what_is_no_value_is_shown()
    {
        using var folder = new FolderCgroup();
        foreach ((string file, _, Action<Cgroup> set, Func<Cgroup, object?> get, _) in s_files)
        {
            foreach (Action<Cgroup> use in (Action<Cgroup>[])[set, c => get(c)])
            {
                CgroupException missing = Assert.Throws<CgroupException>(() => use(folder.Cgroup));
                Assert.Equal((Errno.ENOENT, file), (missing.Errno, missing.File));
                Assert.Contains(file.StartsWith("cgroup.", StringComparison.Ordinal) ? "The kernel has no " + file : "controller " + file[..file.IndexOf('.', StringComparison.Ordinal)], missing.Message, StringComparison.Ordinal);
            }

            folder[file] = "?! what 1=2=3";
            CgroupException strange = Assert.Throws<CgroupException>(() => get(folder.Cgroup));
            Assert.Equal((Errno.EBADMSG, file), (strange.Errno, strange.File));
            Assert.Contains("'?! what 1=2=3'", strange.Message, StringComparison.Ordinal);
        }
    }

    [Property(MaxTest = 40)]
    public void Whatever_a_file_says_is_a_value_or_a_typed_error(byte[] bytes, byte shape)
    {
        // Half of the texts are close to what the kernel writes.
        string text = (shape % 4) switch
        {
            0 => Encoding.Latin1.GetString(bytes),
            1 => $"8:16 {Encoding.ASCII.GetString(bytes)}={bytes.Length}",
            2 => string.Join(' ', bytes.Select(static b => b < 60 ? "max" : $"{b * 1e17:F0}")),
            _ => string.Join('\n', bytes.Select(static b => $"{(char)('a' + (b % 3))} {b}")),
        };
        using var folder = new FolderCgroup();
        foreach ((string file, _, _, Func<Cgroup, object?> get, _) in s_files)
        {
            folder[file] = text;
            try
            {
                get(folder.Cgroup);
            }
            catch (CgroupException e)
            {
                Assert.Equal(Errno.EBADMSG, e.Errno);
            }
            catch (KeyNotFoundException)
            {
                // Read well, without the device or resource that is asked for.
            }
        }
    }

    [LinuxFact]
    public void What_is_only_read_is_read()
    {
        using var folder = new FolderCgroup();
        Cgroup cgroup = folder.Cgroup;
        folder["cgroup.stat"] = "nr_descendants 3\nnr_subsys_cpu 4\nnr_dying_descendants 2\n";
        Assert.Equal(new CgroupTreeStatistics(3, 2), cgroup.TreeStatistics);
        folder["cgroup.procs"] = "12\n0\n7\n";
        Assert.Equal([12, 7], cgroup.ListProcesses());
        folder["cgroup.controllers"] = "cpuset cpu io memory hugetlb pids rdma misc dmem new_one\n";
        Assert.Equal((CgroupControllers)0x1ff, cgroup.Controllers);
        folder["cpuset.cpus.effective"] = "0-1\n";
        folder["cpuset.mems.effective"] = "0\n";
        folder["cpuset.cpus.exclusive.effective"] = "\n";
        Assert.Equal((new ProcessorSet(0, 1), new ProcessorSet(0), ProcessorSet.Empty), (cgroup.Cpuset.EffectiveProcessors, cgroup.Cpuset.EffectiveMemoryNodes, cgroup.Cpuset.EffectiveExclusiveProcessors));
        folder["cpuset.cpus.partition"] = "root invalid (Cpu list in cpuset.cpus not exclusive)\n";
        Assert.Equal((CpusetPartition.Root, "Cpu list in cpuset.cpus not exclusive"), (cgroup.Cpuset.Partition, cgroup.Cpuset.PartitionError));
        foreach ((string file, Func<long> get) in ((string, Func<long>)[])[
            ("memory.current", () => cgroup.Memory.Current), ("memory.peak", () => cgroup.Memory.Peak), ("memory.swap.current", () => cgroup.Memory.SwapCurrent), ("memory.swap.peak", () => cgroup.Memory.SwapPeak),
            ("memory.zswap.current", () => cgroup.Memory.ZswapCurrent), ("pids.current", () => cgroup.Pids.Current), ("pids.peak", () => cgroup.Pids.Peak),
            ("hugetlb.1GB.current", () => cgroup.HugeTlb.GetCurrent("1GB")), ("hugetlb.1GB.rsvd.current", () => cgroup.HugeTlb.GetReservedCurrent("1GB"))])
        {
            folder[file] = "1234567\n";
            Assert.Equal((file, 1234567), (file, get()));
        }

        folder["pids.events"] = "max 4\n";
        folder["hugetlb.2MB.events"] = "max 5\n";
        Assert.Equal((4, 5), (cgroup.Pids.MaxEvents, cgroup.HugeTlb.GetMaxEvents("2MB")));
        folder["hugetlb.2MB.max"] = "9223372036852678656\n";
        Assert.True(cgroup.HugeTlb.GetMax("2MB").IsMax);
        folder["hugetlb.2MB.numa_stat"] = "total=4194304 N0=2097152 N1=2097152\n";
        Assert.Equal(new Dictionary<int, long> { [0] = 2 << 20, [1] = 2 << 20 }, cgroup.HugeTlb.ReadNodes("2MB"));
        folder["memory.numa_stat"] = "anon N0=4096 N1=0\nfile N0=8192 N1=1\n";
        Assert.Equal((4096, 1), (cgroup.Memory.ReadNodes()["anon"][0], cgroup.Memory.ReadNodes()["file"][1]));
        folder["misc.current"] = "res_a 3\nres_b 0\n";
        folder["misc.events"] = "res_a.max 7\n";
        Assert.Equal((3, 7), (cgroup.Misc.Current["res_a"], cgroup.Misc.MaxEvents["res_a"]));
        folder["io.weight"] = "default 100\n8:16 200\n";
        Assert.Equal((100, 200), (cgroup.IO.Weight, cgroup.IO.DeviceWeights[s_disk]));
        folder["memory.events"] = "low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n";
        MemoryEvents events = cgroup.ReadMemoryEvents();
        Assert.Equal((1, 2, 3, 4, 5, 6), (events.Low, events.High, events.Max, events.Oom, events.OomKills, events.OomGroupKills));
    }

    [LinuxFact]
    public void What_is_only_written_is_written_as_the_kernel_wants_it()
    {
        using var folder = new FolderCgroup();
        Cgroup cgroup = folder.Cgroup;
        Assert.Equal("1048576", folder.Written("memory.reclaim", () => Assert.True(cgroup.Memory.Reclaim(1 << 20))));
        Assert.Equal("1048576 swappiness=60", folder.Written("memory.reclaim", () => Assert.True(cgroup.Memory.Reclaim(1 << 20, swappiness: 60))));
        Assert.Equal("8:16 default", folder.Written("io.weight", () => cgroup.IO.SetWeight(s_disk, null)));
        Assert.Equal("8:16 42", folder.Written("io.weight", () => cgroup.IO.SetWeight(s_disk, 42)));
        Assert.Equal("8:16 enable=1 ctrl=auto", folder.Written("io.cost.qos", () => cgroup.IO.SetCostQuality(s_disk, new IOCostQuality { IsEnabled = true })));
        Assert.Equal("8:16 ctrl=auto model=linear", folder.Written("io.cost.model", () => cgroup.IO.SetCostModel(s_disk, new IOCostModel())));
        Assert.Equal("\n", folder.Written("cpuset.cpus", () => cgroup.Cpuset.Processors = ProcessorSet.Empty));
        Assert.Equal("77", folder.Written("cgroup.threads", () => cgroup.AddThread(77)));
        Assert.Equal("threaded", folder.Written("cgroup.type", cgroup.MakeThreaded));
        folder["cgroup.controllers"] = "cpu io memory\n";
        folder["cgroup.subtree_control"] = "cpu";
        cgroup.EnableControllers(CgroupControllers.Cpu | CgroupControllers.Memory | CgroupControllers.IO);
        Assert.Equal("+memory +io", folder["cgroup.subtree_control"]);
    }

    [LinuxFact]
    public void What_cannot_be_is_refused_before_anything_is_written()
    {
        using var folder = new FolderCgroup();
        Cgroup cgroup = folder.Cgroup;
        Assert.All(
            (Action[])
            [
                () => cgroup.Cpu.Weight = 0,
                () => cgroup.Cpu.WeightNice = 20,
                () => cgroup.Cpu.UtilizationMinimum = 100.1,
                () => cgroup.Cpu.UtilizationMaximum = double.NaN,
                () => cgroup.Cpu.MaxBurst = TimeSpan.FromTicks(-1),
                () => cgroup.Cpu.Max = new CpuBandwidth(TimeSpan.Zero, CpuBandwidth.DefaultPeriod),
                () => cgroup.Cpuset.Partition = (CpusetPartition)9,
                () => cgroup.Memory.Max = -1,
                () => cgroup.Memory.Reclaim(0),
                () => cgroup.Memory.Reclaim(1, swappiness: 201),
                () => cgroup.IO.Weight = 10_001,
                () => cgroup.IO.SetWeight(s_disk, 0),
                () => cgroup.IO.SetLatency(s_disk, TimeSpan.FromTicks(-1)),
                () => cgroup.IO.SetCostQuality(s_disk, new IOCostQuality { IsAutomatic = false, ReadPercentile = 101 }),
                () => cgroup.IO.SetCostQuality(s_disk, new IOCostQuality { IsAutomatic = false, Least = 100, Most = 50 }),
                () => cgroup.IO.SetCostModel(s_disk, new IOCostModel { IsAutomatic = false, ReadBytes = 1 }),
                () => cgroup.IO.PriorityClass = (IOPriorityClass)9,
                () => cgroup.AddProcess(-1),
                () => cgroup.AddThread(-1),
                () => cgroup.ReadPressure((PressureResource)9),
                () => CgroupLimits.None.WithCpuMax(double.PositiveInfinity),
            ],
            a => Assert.Throws<ArgumentOutOfRangeException>(a));
        foreach (string name in (string[])["", "a b", "a\nb", "a=b"])
        {
            Assert.ThrowsAny<ArgumentException>(() => cgroup.Misc.SetMax(name, 1));
            Assert.ThrowsAny<ArgumentException>(() => cgroup.Rdma.SetMax(name, 1, 1));
            Assert.ThrowsAny<ArgumentException>(() => cgroup.Dmem.SetMax(name, 1));
        }

        foreach (string size in (string[])["", "../2MB", "2 MB"])
        {
            Assert.ThrowsAny<ArgumentException>(() => CgroupLimits.None.WithHugeTlbMax(size, 1));
            Assert.ThrowsAny<ArgumentException>(() => cgroup.HugeTlb.GetCurrent(size));
        }
    }

    [LinuxFact]
    public void Limits_are_refused_whole_when_a_file_cannot_be_one()
    {
        using var folder = new FolderCgroup();
        folder["pids.max"] = "max";
        Assert.Throws<ArgumentException>(() => folder.Cgroup.Apply(CgroupLimits.None.WithPidsMax(5).WithFile("../pids.max", "6")));
        Assert.Equal("max", folder["pids.max"]);
    }

    [LinuxFact]
    public void Limits_are_set_back_line_by_line_when_a_later_one_cannot_be_written()
    {
        using var folder = new FolderCgroup();
        folder["pids.max"] = "max";
        folder["memory.max"] = "max";
        CgroupException error = Assert.Throws<CgroupException>(() => folder.Cgroup.Apply(CgroupLimits.None.WithMemoryMax(123).WithPidsMax(456).WithFile("zz.there.is.none", "1")));
        Assert.Equal(("zz.there.is.none", Errno.ENOENT), (error.File, error.Errno));
        Assert.Equal(("max", "max"), (folder["memory.max"], folder["pids.max"]));
    }

    [LinuxTheory]
    [InlineData("memory.max", "max", "5", "max")]
    [InlineData("io.weight", "default 100\n8:16 200", "default 300", "default 100")]
    [InlineData("io.weight", "default 100\n8:16 200", "8:16 300", "8:16 200")]
    [InlineData("io.weight", "default 100", "8:16 300", "8:16 default")]
    [InlineData("io.max", "8:0 rbps=1 wbps=max riops=max wiops=max", "8:16 rbps=5", "8:16 rbps=max wbps=max riops=max wiops=max")]
    [InlineData("io.max", "8:16 rbps=1 wbps=max riops=max wiops=max", "8:16 rbps=5", "8:16 rbps=1 wbps=max riops=max wiops=max")]
    [InlineData("io.latency", "", "8:16 target=10", "8:16 target=0")]
    [InlineData("misc.max", "res_a max\nres_b 3", "res_b 4", "res_b 3")]
    [InlineData("rdma.max", "mlx4_0 hca_handle=max hca_object=7", "mlx4_0 hca_handle=1", "mlx4_0 hca_handle=max hca_object=7")]
    [InlineData("cpu.max", "max 100000", "5000 100000", "max 100000")]
    [InlineData("cpuset.cpus.partition", "root invalid (no reason)", "member", "root")]
    public void What_sets_a_file_back_is_what_it_said_of_that(string file, string text, string value, string back) => Assert.Equal(back, Cgroup.Restoring(text, file, value));

    [Property(MaxTest = 40)]
    public void Whatever_limits_are_written_are_read_back(uint memory, uint swap, bool together, ushort pids, ushort weight, byte share, ushort quota, byte[] processors, byte minor, uint bytes)
    {
        using var folder = new FolderCgroup();
        CgroupLimits limits = CgroupLimits.None
            .WithMemoryMax(memory).WithSwapMax(swap % 3 == 0 ? CgroupLimit.Max : swap).WithOomGroup(together)
            .WithPidsMax(pids).WithCpuWeight(1 + (weight % 10_000)).WithIOWeight(1 + share)
            .WithCpuMax(new CpuBandwidth(quota % 3 == 0 ? null : TimeSpan.FromMilliseconds(1 + quota), CpuBandwidth.DefaultPeriod))
            .WithProcessors(processors.Select(static p => (int)p))
            .WithIOMax(new BlockDevice(8, minor), new IOLimits(bytes, CgroupLimit.Max, minor, bytes % 2 == 0 ? CgroupLimit.Max : 7));
        limits = limits with { MemoryNodes = new ProcessorSet(0) };
        foreach ((string file, _) in limits.ToWrites())
            folder[file] = "";
        folder.Cgroup.Apply(limits);
        folder["cgroup.controllers"] = "cpuset cpu io memory pids\n";
        Assert.Equal(limits, folder.Cgroup.ReadLimits());
        Assert.Equal(CgroupControllers.Cpu | CgroupControllers.Cpuset | CgroupControllers.IO | CgroupControllers.Memory | CgroupControllers.Pids, limits.Controllers);
    }

    [LinuxFact]
    public void A_long_file_is_read_whole()
    {
        using var folder = new FolderCgroup();
        folder["cgroup.procs"] = string.Join('\n', Enumerable.Range(1, 20_000)) + "\n";
        Assert.Equal(Enumerable.Range(1, 20_000), folder.Cgroup.ListProcesses());
        folder["io.stat"] = string.Concat(Enumerable.Range(0, 2000).Select(i => $"8:{i} rbytes={i} wbytes=0 rios=0 wios=0 dbytes=0 dios=0\n"));
        using CgroupStatistics statistics = folder.Cgroup.OpenStatistics();
        int count = 0;
        foreach (IOStatistics device in statistics.ReadIO())
        {
            Assert.Equal((new BlockDevice(8, count), count), (device.Device, device.ReadBytes));
            count++;
        }

        Assert.Equal(2000, count);
    }

    [LinuxFact]
    public void All_statistics_are_read_at_once_and_two_of_them_give_rates()
    {
        using var folder = new FolderCgroup();
        Assert.Equal((null, null, null, 0), (folder.Cgroup.ReadStatistics().Cpu, folder.Cgroup.ReadStatistics().MemoryCurrent, folder.Cgroup.ReadStatistics().IOPressure, folder.Cgroup.ReadStatistics().IO.Length));
        folder["cpu.stat"] = "usage_usec 1000000\n";
        folder["memory.current"] = "4096\n";
        folder["pids.current"] = "2\n";
        folder["io.stat"] = "8:16 rbytes=100 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n";
        folder["memory.pressure"] = "some avg10=0.00 avg60=0.00 avg300=0.00 total=500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
        CgroupSample first = folder.Cgroup.ReadStatistics();
        Assert.Equal((TimeSpan.FromSeconds(1), 4096L, 2L, null), (first.Cpu!.Value.Usage, first.MemoryCurrent, first.PidsCurrent, first.SwapCurrent));
        folder["cpu.stat"] = "usage_usec 2000000\n";
        folder["io.stat"] = "8:16 rbytes=2100 wbytes=4000 rios=3 wios=8 dbytes=0 dios=0\n7:0 rbytes=10 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n";
        folder["memory.pressure"] = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";

        // Two seconds later by its own clock.
        CgroupSample second = folder.Cgroup.ReadStatistics() with { Timestamp = first.Timestamp + (2 * System.Diagnostics.Stopwatch.Frequency) };
        CgroupRates rates = second.Since(first);
        Assert.Equal((TimeSpan.FromSeconds(2), 0.5, 0.5, null), (rates.Elapsed, rates.Processors, rates.MemoryStalled, rates.CpuStalled));
        Assert.Equal(new IORates(1000, 2000, 1, 4), rates.IO[s_disk]);
        Assert.Equal(new IORates(5, 0, 0.5, 0), rates.IO[new BlockDevice(7, 0)]);
        Assert.Throws<ArgumentException>(() => first.Since(second));
        Assert.Throws<ArgumentOutOfRangeException>(() => second.Cpu!.Value.ProcessorsSince(first.Cpu!.Value, TimeSpan.Zero));
    }

    private static (string, string, Action<Cgroup>, Func<Cgroup, object?>, object?) One<T>(string file, string text, Func<Cgroup, T> get, Action<Cgroup, T> set, T value)
        => (file, text, c => set(c, value), c => get(c), value);
}
