using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Limits: each is set and read back; all or none are applied.</summary>
public sealed class LimitsTests
{
    private const CgroupControllers Usual = CgroupControllers.Cpu | CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.IO | CgroupControllers.Cpuset;

    [ControllerFact(Usual)]
    public void What_is_applied_is_read_back()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(Usual);
        CgroupLimits limits = CgroupLimits.None
            .WithMemoryMax(64 << 20).WithMemoryHigh(48 << 20).WithMemoryLow(4 << 20).WithMemoryMin(1 << 20).WithSwapMax(0).WithOomGroup()
            .WithPidsMax(17).WithCpuMax(0.5).WithCpuWeight(250).WithProcessors(0);
        test.Cgroup.Apply(limits);
        CgroupLimits read = test.Cgroup.ReadLimits();
        Assert.Equal(
            (limits.MemoryMax, limits.MemoryHigh, limits.MemoryLow, limits.MemoryMin, limits.SwapMax, limits.OomGroup, limits.PidsMax, limits.CpuMax, limits.CpuWeight, limits.Processors),
            (read.MemoryMax, read.MemoryHigh, read.MemoryLow, read.MemoryMin, read.SwapMax, read.OomGroup, read.PidsMax, read.CpuMax, read.CpuWeight, read.Processors));
        test.Cgroup.Apply(read);
        Assert.Equal(read, test.Cgroup.ReadLimits());
        Assert.Equal(CgroupControllers.Cpu | CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.Cpuset, limits.Controllers);
    }

    [ControllerFact(Usual)]
    public void When_one_is_refused_the_others_are_set_back()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(Usual);
        test.Cgroup.Memory.Max = 32 << 20;
        CgroupLimits before = test.Cgroup.ReadLimits();
        CgroupException error = Assert.Throws<CgroupException>(() => test.Cgroup.Apply(CgroupLimits.None.WithMemoryMax(64 << 20).WithPidsMax(5).WithCpuWeight(300).WithFile("pids.max", "nonsense")));
        Assert.Equal(("pids.max", "nonsense", Errno.EINVAL), (error.File, error.Value, error.Errno));
        Assert.Equal(before, test.Cgroup.ReadLimits());
    }

    [ControllerFact(CgroupControllers.HugeTlb)]
    public void Huge_pages_are_limited()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.HugeTlb);
        string size = HugeTlbController.PageSizes[0];
        Assert.True(test.Cgroup.HugeTlb.GetMax(size).IsMax);
        test.Cgroup.Apply(CgroupLimits.None.WithHugeTlbMax(size, 4 << 20));
        Assert.Equal((4 << 20, 0L, 0L), (test.Cgroup.HugeTlb.GetMax(size), test.Cgroup.HugeTlb.GetCurrent(size), test.Cgroup.HugeTlb.GetMaxEvents(size)));
        Assert.Equal(4 << 20, test.Cgroup.ReadLimits().HugeTlbMax[size]);
        Assert.Throws<ArgumentException>(() => test.Cgroup.HugeTlb.GetMax("../x"));
    }

    [ControllerFact(CgroupControllers.HugeTlb)]
    public void A_controller_that_was_not_given_is_named()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.HugeTlb);
        using Cgroup below = test.Cgroup.CreateChild("below");
        CgroupException error = Assert.Throws<CgroupException>(() => below.WriteFile("hugetlb.2MB.max", "0"));
        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.Contains("controller hugetlb is not enabled", error.Message, StringComparison.Ordinal);
        test.Cgroup.EnableControllers(CgroupControllers.HugeTlb);
        Assert.Equal(CgroupControllers.HugeTlb, test.Cgroup.ChildControllers);
        below.WriteFile("hugetlb.2MB.max", "0");
        test.Cgroup.DisableControllers(CgroupControllers.HugeTlb);
        Assert.Equal(CgroupControllers.None, test.Cgroup.ChildControllers);
        CgroupException missing = Assert.Throws<CgroupException>(() => below.EnableControllers(CgroupControllers.HugeTlb | CgroupControllers.Dmem));
        Assert.Contains("does not have hugetlb, dmem itself", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => below.EnableControllers((CgroupControllers)(1 << 20)));
    }

    [ControllerFact(CgroupControllers.HugeTlb)]
    public void Processes_stop_controllers_from_being_given_on_and_that_is_explained()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.HugeTlb);
        test.Start("exec sleep 1000");
        CgroupException busy = Assert.Throws<CgroupException>(() => test.Cgroup.EnableControllers(CgroupControllers.HugeTlb));
        Assert.Equal(Errno.EBUSY, busy.Errno);
        Assert.Contains("MoveProcessesToChild", busy.Message, StringComparison.Ordinal);
        using Cgroup leaf = test.Cgroup.MoveProcessesToChild("leaf");
        test.Cgroup.EnableControllers(CgroupControllers.HugeTlb);
        Assert.Equal(Errno.EBUSY, Assert.Throws<CgroupException>(() => test.Cgroup.AddProcess(leaf.ListProcesses()[0])).Errno);
    }

    [LinuxFact]
    public void Values_out_of_range_are_refused_before_anything_is_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithCpuWeight(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithCpuWeight(10_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithCpuMax(new CpuBandwidth(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(2))));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithCpuMax(new CpuBandwidth(TimeSpan.FromMicroseconds(10), TimeSpan.FromMilliseconds(100))));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithMemoryMax(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithIOWeight(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CgroupLimits.None.WithProcessors(-1));
    }

    [LinuxFact]
    public void Limits_are_equal_when_they_write_the_same()
    {
        CgroupLimits one = CgroupLimits.None.WithPidsMax(3).WithIOMax(new BlockDevice(8, 0), IOLimits.Max with { WriteBytes = 5 }), other = CgroupLimits.None.WithIOMax(new BlockDevice(8, 0), IOLimits.Max with { WriteBytes = 5 }).WithPidsMax(3);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, one.WithPidsMax(4));
        Assert.Equal("pids.max=3 io.max=8:0 rbps=max wbps=5 riops=max wiops=max", one.ToString());
    }
}
