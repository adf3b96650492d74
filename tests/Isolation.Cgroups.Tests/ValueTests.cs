using System.Text;
using FsCheck.Xunit;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Parsers and formatters: what is written is read back, and any text gives a value or a typed error.</summary>
public sealed class ValueTests
{
    [Property(MaxTest = 300)]
    public void A_limit_comes_back_as_it_was(long value)
    {
        CgroupLimit limit = value < 0 ? CgroupLimit.Max : new CgroupLimit(value);
        Assert.Equal(limit, CgroupLimit.Parse(limit.ToString()));
    }

    [LinuxTheory]
    [InlineData("max", true, 0)]
    [InlineData("0", false, 0)]
    [InlineData("9223372036854775807", false, long.MaxValue)]
    [InlineData("18446744073709551615", true, 0)]
    public void A_limit_is_read(string text, bool isMax, long value)
    {
        CgroupLimit limit = CgroupLimit.Parse(text);
        Assert.Equal((isMax, isMax ? null : value), (limit.IsMax, limit.Value));
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("Max")]
    [InlineData("1 2")]
    [InlineData("18446744073709551616")]
    public void What_is_no_limit_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => CgroupLimit.Parse(text));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CgroupLimit(-1));
    }

    [LinuxFact]
    public void Limits_are_ordered_with_max_as_the_greatest()
    {
        CgroupLimit[] limits = [CgroupLimit.Max, 5, 0, long.MaxValue];
        Assert.Equal<CgroupLimit>([0, 5, long.MaxValue, CgroupLimit.Max], limits.Order());
        Assert.True(CgroupLimit.Max > 5 && (CgroupLimit)4 < 5 && (CgroupLimit)5 <= 5 && (CgroupLimit)5 >= 5);
    }

    [Property(MaxTest = 300)]
    public void A_set_of_processors_comes_back_as_it_was(ushort[] numbers)
    {
        var set = new ProcessorSet(numbers.Select(n => (int)n));
        Assert.Equal(set, ProcessorSet.Parse(set.ToString()));
        Assert.All(numbers, n => Assert.True(set.Contains(n)));
    }

    [LinuxTheory]
    [InlineData("", "")]
    [InlineData("3", "3")]
    [InlineData("0-3,8", "0-3,8")]
    [InlineData("8,0,1,2,3", "0-3,8")]
    [InlineData("1-1,2", "1-2")]
    public void A_set_of_processors_is_written_as_the_kernel_does(string text, string written) => Assert.Equal(written, ProcessorSet.Parse(text).ToString());

    [LinuxTheory]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-99999999")]
    public void What_is_no_set_of_processors_is_refused(string text) => Assert.Throws<FormatException>(() => ProcessorSet.Parse(text));

    [Property(MaxTest = 300)]
    public void A_bandwidth_comes_back_as_it_was(uint quota, ushort period, bool isMax)
    {
        var bandwidth = new CpuBandwidth(isMax ? null : TimeSpan.FromMicroseconds(quota), TimeSpan.FromMicroseconds(period));
        Assert.Equal(bandwidth, CpuBandwidth.Parse(bandwidth.ToString()));
    }

    [LinuxFact]
    public void A_bandwidth_says_how_many_processors_it_is()
    {
        Assert.Equal("50000 100000", CpuBandwidth.OfProcessors(0.5).ToString());
        Assert.Equal(1.5, CpuBandwidth.Parse("150000 100000").Processors);
        Assert.Null(CpuBandwidth.Max.Processors);
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuBandwidth.OfProcessors(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuBandwidth.OfProcessors(0));
        Assert.Throws<FormatException>(() => CpuBandwidth.Parse("1"));
    }

    [Property(MaxTest = 300)]
    public void Limits_of_a_device_come_back_as_they_were(ushort major, ushort minor, uint read, uint write, uint? reads, uint? writes)
    {
        var limits = new IOLimits(read, write, reads is { } r ? r : CgroupLimit.Max, writes is { } w ? w : CgroupLimit.Max);
        (string key, IReadOnlyList<KeyValuePair<string, string>> values) = Assert.Single(NestedKeyed.Lines($"{new BlockDevice(major, minor)} {limits}\n"));
        Assert.Equal((new BlockDevice(major, minor), limits), (BlockDevice.Parse(key), IOLimits.Parse(values)));
    }

    [LinuxFact]
    public void Statistics_are_read_whatever_the_order_and_whatever_is_missing()
    {
        var cpu = new CpuStatistics("usage_usec 1000\nsystem_usec 300\nuser_usec 700\nnew_thing 9\nnr_throttled 4"u8);
        Assert.Equal((TimeSpan.FromMilliseconds(1), TimeSpan.FromMicroseconds(700), TimeSpan.FromMicroseconds(300), 4L, 0L), (cpu.Usage, cpu.User, cpu.System, cpu.ThrottledPeriods, cpu.Periods));
        var memory = new MemoryStatistics("anon 4096\nfile 8192\nkernel 18446744073709551615\nthp_collapse_alloc 3\n"u8);
        Assert.Equal((4096, 8192, long.MaxValue, 3), (memory.Anonymous, memory.File, memory.Kernel, memory.HugeCollapses));
        Pressure pressure = Pressure.Read("some avg10=1.50 avg60=0.20 avg300=0.00 total=2000\nfull avg10=0.00 avg60=0.10 avg300=3.00 total=1\n"u8);
        Assert.Equal(new Pressure(new PressureShare(1.5, 0.2, 0, TimeSpan.FromMilliseconds(2)), new PressureShare(0, 0.1, 3, TimeSpan.FromMicroseconds(1))), pressure);
        var devices = new List<IOStatistics>();
        foreach (IOStatistics device in new IOStatisticsReader("8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n254:16 \n259:1 wios=7 cost.usage=3\n"u8))
            devices.Add(device);
        Assert.Equal([new IOStatistics(new BlockDevice(8, 0), 1, 2, 3, 4, 5, 6), new IOStatistics(new BlockDevice(254, 16), 0, 0, 0, 0, 0, 0), new IOStatistics(new BlockDevice(259, 1), 0, 0, 0, 7, 0, 0)], devices);
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_are_read_without_a_crash(byte[] bytes)
    {
        _ = new CpuStatistics(bytes);
        _ = new MemoryStatistics(bytes);
        _ = new MemoryEvents(bytes);
        _ = Pressure.Read(bytes);
        foreach (IOStatistics _ in new IOStatisticsReader(bytes))
        {
        }

        string text = Encoding.Latin1.GetString(bytes);
        foreach (Action<string> parse in (Action<string>[])[t => CgroupLimit.Parse(t), t => ProcessorSet.Parse(t), t => CpuBandwidth.Parse(t), t => BlockDevice.Parse(t), t => NestedKeyed.Lines(t).ToList()])
        {
            try
            {
                parse(text);
            }
            catch (FormatException)
            {
                // The typed error.
            }
        }
    }

    [LinuxFact]
    public void The_mount_is_found_unified_hybrid_or_not_at_all()
    {
        CgroupHierarchy unified = CgroupHierarchy.Find(["25 20 0:24 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot"]);
        Assert.Equal(("/sys/fs/cgroup", false, true), (unified.MountPoint, unified.IsHybrid, unified.Options.Contains("nsdelegate")));
        CgroupHierarchy hybrid = CgroupHierarchy.Find(["30 20 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct", "31 20 0:31 / /sys/fs/cgroup/uni\\040fied rw - cgroup2 none rw"]);
        Assert.Equal(("/sys/fs/cgroup/uni fied", true), (hybrid.MountPoint, hybrid.IsHybrid));
        Assert.Equal(["cpu", "cpuacct"], hybrid.Version1Controllers);
        LinuxException version1 = Assert.Throws<LinuxException>(() => CgroupHierarchy.Find(["30 20 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu", "31 20 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd"]));
        Assert.Contains("version 1 only (cpu)", version1.Message, StringComparison.Ordinal);
        Assert.Contains("mount -t cgroup2", Assert.Throws<LinuxException>(() => CgroupHierarchy.Find([])).Message, StringComparison.Ordinal);
        CgroupHierarchy part = CgroupHierarchy.Find(["25 20 0:24 /a/b /sys/fs/cgroup rw - cgroup2 cgroup2 rw"]);
        Assert.Equal("/sys/fs/cgroup/c", part.PathInHierarchy("/a/b/c"));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => part.PathInHierarchy("/a/bc")).Errno);
    }

    [LinuxFact]
    public void A_mount_of_the_whole_tree_goes_before_one_of_a_part()
    {
        CgroupHierarchy whole = CgroupHierarchy.Find(["24 20 0:24 /a/b /run/part rw - cgroup2 cgroup2 rw", "25 20 0:24 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "26 20 0:24 / /run/other rw - cgroup2 cgroup2 rw"]);
        Assert.Equal(("/sys/fs/cgroup", "/"), (whole.MountPoint, whole.MountRoot));
    }

    [Property(MaxTest = 500)]
    public void Any_mount_table_is_a_mount_or_a_typed_error(string?[] fields, byte shape)
    {
        string[] words = [.. fields.Select(static f => f ?? "")];
        string line = (shape % 2) == 0 ? string.Join(' ', words) : $"25 20 0:24 / /sys {string.Join(' ', words)} - cgroup2 none rw";
        try
        {
            Assert.NotNull(CgroupHierarchy.Find([line]).MountPoint);
        }
        catch (LinuxException e)
        {
            Assert.Equal(Errno.ENOENT, e.Errno);
        }
    }

    [Property(MaxTest = 500)]
    public void A_name_is_one_part_of_a_path_or_refused(string? text)
    {
        string name = text ?? "";
        try
        {
            Assert.Equal(name, CgroupName.Check(name));
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255);
            Assert.False(name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal));
        }
        catch (ArgumentException e)
        {
            Assert.True(e is not ArgumentOutOfRangeException, e.Message);
        }
    }

    [Property(MaxTest = 300)]
    public void Controllers_come_back_as_they_were(ushort bits)
    {
        var set = (CgroupControllers)bits & ControllerNames.All;
        Assert.Equal(set, ControllerNames.Parse(string.Join(' ', ControllerNames.Of(set))));
    }

    [Property(MaxTest = 300)]
    public void Costs_come_back_as_they_were(bool isEnabled, ushort read, ushort write, uint readMicroseconds, uint writeMicroseconds, uint bytes, ushort operations)
    {
        var quality = new IOCostQuality
        {
            IsEnabled = isEnabled,
            IsAutomatic = false,
            ReadPercentile = read % 10_001 / 100d,
            WritePercentile = write % 10_001 / 100d,
            ReadLatency = TimeSpan.FromMicroseconds(readMicroseconds),
            WriteLatency = TimeSpan.FromMicroseconds(writeMicroseconds),
            Least = 1 + (read % 100),
            Most = 200 + (write % 9800),
        };
        Assert.Equal(quality, IOCostQuality.Parse(Assert.Single(NestedKeyed.Lines($"8:0 {quality.Checked()}")).Values));
        var model = new IOCostModel { IsAutomatic = false, ReadBytes = 1L + bytes, SequentialReads = 1 + operations, RandomReads = 2 + operations, WriteBytes = 2L + bytes, SequentialWrites = 3 + operations, RandomWrites = 4 + operations };
        Assert.Equal(model, IOCostModel.Parse(Assert.Single(NestedKeyed.Lines($"8:0 {model.Checked()}")).Values));
    }

    [Property(MaxTest = 300)]
    public void Counts_of_a_device_are_read_as_they_are_written(ushort major, ushort minor, ulong read, ulong written, uint reads, uint writes)
    {
        var found = new List<IOStatistics>();
        foreach (IOStatistics one in new IOStatisticsReader(Encoding.ASCII.GetBytes($"{major}:{minor} rbytes={read} wbytes={written} rios={reads} wios={writes} dbytes=0 dios=0\n")))
            found.Add(one);
        Assert.Equal([new IOStatistics(new BlockDevice(major, minor), Most(read), Most(written), reads, writes, 0, 0)], found);

        static long Most(ulong value) => (long)Math.Min(value, long.MaxValue);
    }

    [LinuxTheory]
    [InlineData("9223372036854775807 100000")]
    [InlineData("100000 9223372036854775807")]
    [InlineData("-1 100000")]
    [InlineData("max")]
    [InlineData("max 1 2")]
    public void What_is_no_bandwidth_is_refused(string text) => Assert.Throws<FormatException>(() => CpuBandwidth.Parse(text));
}
