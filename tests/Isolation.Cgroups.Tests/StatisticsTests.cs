using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Statistics of real cgroups, without allocation.</summary>
public sealed class StatisticsTests
{
    [LinuxFact(Needs.Root)]
    public void Processor_time_is_counted_and_read_without_allocation()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        CpuStatistics before = statistics.ReadCpu();
        test.Start("while :; do :; done");
        Eventually.Equal(true, () => statistics.ReadCpu().Usage - before.Usage > TimeSpan.FromMilliseconds(30));
        test.Cgroup.Kill();
        CpuStatistics after = statistics.ReadCpu();
        Assert.True(after.ProcessorsSince(before, TimeSpan.FromSeconds(1)) > 0.02);
        Assert.True(after.User + after.System <= after.Usage + TimeSpan.FromMilliseconds(20));

        statistics.ReadCpu();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            statistics.ReadCpu();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    [ControllerFact(CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.IO)]
    public void Memory_and_processes_are_counted_and_read_without_allocation()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup(CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.IO);
        test.Start("exec sleep 1000");
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        Assert.Equal(1, statistics.ReadPidsCurrent());

        // What it uses it uses once it runs, and the kernel sums up every two seconds.
        Eventually.Equal(true, () => statistics.ReadMemoryCurrent() > 0);
        Eventually.Equal(true, () => statistics.ReadMemory().Anonymous > 0);
        Assert.Equal(0, statistics.ReadMemoryEvents().OomKills);
        Read();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);

        void Read()
        {
            statistics.ReadMemory();
            statistics.ReadMemoryCurrent();
            statistics.ReadMemoryEvents();
            statistics.ReadPidsCurrent();
            foreach (IOStatistics _ in statistics.ReadIO())
            {
            }
        }
    }

    [LinuxFact(Needs.Root)]
    public void Two_samples_of_a_spinner_tell_that_it_had_a_processor()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        test.Start("while :; do :; done");
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        CgroupSample first = statistics.ReadAll();
        Thread.Sleep(500);
        CgroupRates rates = statistics.ReadAll().Since(first);
        Assert.InRange(rates.Processors!.Value, 0.05, 1.3);
        Assert.True(rates.Elapsed >= TimeSpan.FromMilliseconds(490));
    }

    [LinuxFact(Needs.Root)]
    public void The_root_cgroup_has_statistics_too()
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        CgroupSample sample = root.ReadStatistics();
        Assert.True(sample.Cpu!.Value.Usage > TimeSpan.Zero);
        Assert.Null(sample.PidsCurrent);
    }

    [LinuxFact(Needs.Root)]
    public void Statistics_of_a_removed_cgroup_say_that_it_is_gone()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup gone = test.Cgroup.CreateChild("gone");
        using CgroupStatistics statistics = gone.OpenStatistics();
        statistics.ReadCpu();
        gone.Delete();
        CgroupException error = Assert.Throws<CgroupException>(() => statistics.ReadCpu());
        Assert.Equal(Errno.ENODEV, error.Errno);
        Assert.Contains("has been removed", error.Message, StringComparison.Ordinal);
        statistics.Dispose();
        Assert.Throws<ObjectDisposedException>(() => statistics.ReadCpu());
    }

    [LinuxFact(Needs.Root)]
    public void A_file_that_is_not_there_is_named_with_its_kernel()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        CgroupException error = Assert.Throws<CgroupException>(() => statistics.ReadNumber("dmem.current"));
        Assert.Contains("since Linux 6.14", error.Message, StringComparison.Ordinal);
    }
}
