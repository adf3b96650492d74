using System.Diagnostics;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Freeze, thaw, kill: each returns when it is done.</summary>
public sealed class FreezeAndKillTests
{
    [LinuxFact(Needs.Root)]
    public void Freezing_returns_when_all_stand_still_and_thawing_when_they_go_on()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using CgroupStatistics statistics = test.Cgroup.OpenStatistics();
        test.Start("while :; do :; done");
        for (int i = 0; i < 10; i++)
        {
            test.Cgroup.Freeze();
            Assert.True(test.Cgroup.IsFrozen);

            // The clock of its processor time stands, but for what the last moment before counts late.
            TimeSpan before = statistics.ReadCpu().Usage;
            Thread.Sleep(100);
            Assert.InRange(statistics.ReadCpu().Usage - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
            test.Cgroup.Thaw();
            Assert.False(test.Cgroup.IsFrozen);
        }

        TimeSpan frozen = statistics.ReadCpu().Usage;
        Eventually.Equal(true, () => statistics.ReadCpu().Usage - frozen > TimeSpan.FromMilliseconds(50));
    }

    [LinuxFact(Needs.Root)]
    public void Killing_returns_when_none_is_left_also_of_frozen_ones_and_those_below()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        test.Start("exec sleep 1000");
        test.Start("exec sleep 1000", below);
        test.Cgroup.Freeze();
        test.Cgroup.Kill();
        Assert.False(test.Cgroup.IsPopulated);
        test.Cgroup.Thaw();
    }

    [LinuxFact(Needs.Root)]
    public void Without_cgroup_kill_they_are_killed_one_by_one()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        Process[] processes = [.. Enumerable.Range(0, 5).Select(i => test.Start("exec sleep 1000", i % 2 == 0 ? below : null))];
        test.Cgroup.KillOneByOne();
        foreach (Process process in processes)
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.True(SpinWait.SpinUntil(() => !test.Cgroup.IsPopulated, TimeSpan.FromSeconds(10)));
    }

    [LinuxFact(Needs.Root)]
    public async Task Waiting_until_it_is_empty_ends_when_it_is()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        await test.Cgroup.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        Process process = test.Start("exec sleep 1000");
        Task empty = test.Cgroup.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(empty.IsCompleted);
        test.Cgroup.Kill();
        await empty.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        process.WaitForExit();

        using var cancel = new CancellationTokenSource(50);
        test.Start("exec sleep 1000");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Cgroup.WaitUntilEmptyAsync(cancel.Token));
    }

    [LinuxFact(Needs.Root)]
    public void What_cannot_stop_in_time_is_told_and_thawing_ends_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        test.Start("while :; do :; done", below);
        test.Cgroup.Freeze();
        Assert.Contains("did not go on within", Assert.Throws<TimeoutException>(() => below.Thaw(TimeSpan.FromMilliseconds(50))).Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => below.Thaw(cancellationToken: cancelled.Token));
        using (Cgroup empty = test.Cgroup.CreateChild("empty"))
            empty.Thaw(TimeSpan.FromMilliseconds(50)); // Nothing in it can go on, so nothing is waited for.
        test.Cgroup.Thaw();
        Assert.False(below.IsFrozen);
    }

    [LinuxFact(Needs.Root)]
    public async Task Freezing_and_killing_block_no_thread_that_is_waited_for()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        test.Start("exec sleep 1000");
        await test.Cgroup.FreezeAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(test.Cgroup.IsFrozen);
        await test.Cgroup.KillAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(test.Cgroup.IsPopulated);
        await test.Cgroup.ThawAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(test.Cgroup.IsFrozen);
    }

    [LinuxFact(Needs.Root)]
    public void The_root_cannot_be_frozen()
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        CgroupException error = Assert.Throws<CgroupException>(() => root.Freeze());
        Assert.Equal((Errno.ENOENT, "cgroup.freeze"), (error.Errno, error.File));
    }

    [LinuxFact]
    public void Nothing_is_killed_where_there_are_no_events_as_in_the_root()
    {
        using var nothingLeft = new ResidueCheck();
        using var folder = new FolderCgroup();
        using Process process = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;
        folder["cgroup.procs"] = $"{process.Id}\n";
        folder["cgroup.freeze"] = "0";
        CgroupException error = Assert.Throws<CgroupException>(() => folder.Cgroup.Kill());
        Assert.Equal((Errno.ENOENT, "cgroup.events"), (error.Errno, error.File));
        Assert.False(process.WaitForExit(50));
        process.Kill();
        process.WaitForExit();
    }
}
