using System.Diagnostics;

namespace Isolation.Cgroups.Tests;

/// <summary>Freeze, thaw, kill: each returns when it is done.</summary>
public sealed class FreezeAndKillTests
{
    [LinuxFact(Needs.Root)]
    public void Freezing_returns_when_all_stand_still_and_thawing_when_they_go_on()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup();
        Process process = test.Start("while :; do :; done");
        for (int i = 0; i < 20; i++)
        {
            test.Cgroup.Freeze();
            Assert.True(test.Cgroup.IsFrozen);

            // A clock tick that was running is counted late.
            TimeSpan before = Time(process.Id);
            Thread.Sleep(60);
            Assert.InRange(Time(process.Id) - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
            test.Cgroup.Thaw();
            Assert.False(test.Cgroup.IsFrozen);
        }

        TimeSpan frozen = Time(process.Id);
        Assert.True(SpinWait.SpinUntil(() => Time(process.Id) > frozen, TimeSpan.FromSeconds(20)));
    }

    [LinuxFact(Needs.Root)]
    public void Killing_returns_when_none_is_left_also_of_frozen_ones_and_those_below()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        test.Start("sleep 1000");
        test.Start("sleep 1000", below);
        test.Cgroup.Freeze();
        test.Cgroup.Kill();
        Assert.False(test.Cgroup.IsPopulated);
        test.Cgroup.Thaw();
    }

    [LinuxFact(Needs.Root)]
    public void Without_cgroup_kill_they_are_killed_one_by_one()
    {
        using var nothingLeft = TreeTests.Warm();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        Process[] processes = [.. Enumerable.Range(0, 5).Select(i => test.Start("sleep 1000", i % 2 == 0 ? below : null))];
        test.Cgroup.KillOneByOne();
        foreach (Process process in processes)
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.True(SpinWait.SpinUntil(() => !test.Cgroup.IsPopulated, TimeSpan.FromSeconds(10)));
    }

    [LinuxFact(Needs.Root)]
    public async Task Waiting_until_it_is_empty_ends_when_it_is()
    {
        using var nothingLeft = await WarmEvents();
        using var test = new TestCgroup();
        await test.Cgroup.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        Process process = test.Start("sleep 1000");
        Task empty = test.Cgroup.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(empty.IsCompleted);
        test.Cgroup.Kill();
        await empty.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        process.WaitForExit();

        using var cancel = new CancellationTokenSource(50);
        test.Start("sleep 1000");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Cgroup.WaitUntilEmptyAsync(cancel.Token));
    }

    [LinuxFact(Needs.Root)]
    public async Task What_happens_is_told_of_many_cgroups_over_one_inotify_instance()
    {
        using var nothingLeft = await WarmEvents();
        using var test = new TestCgroup();
        Cgroup[] cgroups = [.. Enumerable.Range(0, 1000).Select(i => test.Cgroup.CreateChild($"c{i}"))];
        using (var watcher = new CgroupWatcher())
        {
            foreach (Cgroup cgroup in cgroups)
                Assert.True(watcher.Add(cgroup));
            Assert.False(watcher.Add(cgroups[0]));
            Assert.Equal(1000, watcher.Count);
            Assert.Equal(1, Directory.EnumerateFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget == "anon_inode:inotify"));
            using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            end.CancelAfter(TimeSpan.FromSeconds(30));
            var happened = new List<CgroupEvent>();
            Task reading = Task.Run(async () =>
            {
                await foreach (CgroupEvent e in watcher.ReadAllAsync(end.Token))
                {
                    happened.Add(e);
                    if (e.Kind == CgroupEventKind.Populated)
                        _ = Task.Run(() => Array.Find(cgroups, c => c.Path == e.Cgroup)!.Kill(), TestContext.Current.CancellationToken);
                    if (happened.Count == 6)
                        break;
                }
            }, TestContext.Current.CancellationToken);
            foreach (int i in (int[])[3, 500, 999])
                test.Start("sleep 1000", cgroups[i]);
            await reading;
            Assert.Equal(
                new[] { 3, 500, 999 }.SelectMany(i => new[] { (cgroups[i].Path, CgroupEventKind.Populated), (cgroups[i].Path, CgroupEventKind.Emptied) }).Order(),
                happened.Select(e => (e.Cgroup, e.Kind)).Order());
        }

        foreach (Cgroup cgroup in cgroups)
            cgroup.Dispose();
    }

    internal static async Task<ResidueCheck> WarmEvents()
    {
        using (Cgroup current = CgroupHierarchy.Find().OpenRoot())
        using (Cgroup child = current.CreateChild("isolation-warm-" + Guid.NewGuid().ToString("N")[..6]))
        {
            await child.WaitUntilEmptyAsync();
            child.Delete();
        }

        return TreeTests.Warm();
    }

    private static TimeSpan Time(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[12], System.Globalization.CultureInfo.InvariantCulture)));
    }
}
