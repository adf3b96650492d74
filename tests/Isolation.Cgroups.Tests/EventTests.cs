using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>What is told of cgroups as it happens.</summary>
public sealed class EventTests
{
    [LinuxFact(Needs.Root)]
    public async Task What_happens_is_told_of_many_cgroups_over_one_inotify_instance()
    {
        using var nothingLeft = new ResidueCheck();
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
                test.Start("exec sleep 1000", cgroups[i]);
            await reading;
            Assert.Equal(
                new[] { 3, 500, 999 }.SelectMany(i => new[] { (cgroups[i].Path, CgroupEventKind.Populated), (cgroups[i].Path, CgroupEventKind.Emptied) }).Order(),
                happened.Select(e => (e.Cgroup, e.Kind)).Order());
        }

        foreach (Cgroup cgroup in cgroups)
            cgroup.Dispose();
    }

    [LinuxFact(Needs.Root)]
    public async Task Freezing_thawing_and_removing_are_events()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup cgroup = test.Cgroup.CreateChild("watched");
        using var watcher = new CgroupWatcher();
        watcher.Add(cgroup);
        test.Start("exec sleep 1000", cgroup);
        await FirstAsync(watcher, CgroupEventKind.Populated);
        cgroup.Freeze();
        await FirstAsync(watcher, CgroupEventKind.Frozen);
        cgroup.Thaw();
        await FirstAsync(watcher, CgroupEventKind.Thawed);
        cgroup.Kill();
        await FirstAsync(watcher, CgroupEventKind.Emptied);

        // Two in one go: a reader takes the first and leaves the other to the next.
        test.Start("exec sleep 1000", cgroup);
        await FirstAsync(watcher, CgroupEventKind.Populated);
        cgroup.Kill();
        cgroup.Delete();
        await FirstAsync(watcher, CgroupEventKind.Emptied);
        Assert.Equal(new CgroupEvent(cgroup.Path, CgroupEventKind.Removed, 1), await FirstAsync(watcher, CgroupEventKind.Removed));
        Assert.Equal(0, watcher.Count);
    }

    [LinuxFact(Needs.Root)]
    public async Task What_is_removed_from_the_watcher_is_not_told_of_and_its_end_ends_the_reading()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup one = test.Cgroup.CreateChild("one"), other = test.Cgroup.CreateChild("other");
        var watcher = new CgroupWatcher();
        watcher.Add(one);
        watcher.Add(other);
        Assert.True(watcher.Remove(one));
        Assert.False(watcher.Remove(one));
        one.Freeze();
        other.Freeze();
        Assert.Equal(other.Path, (await FirstAsync(watcher, CgroupEventKind.Frozen)).Cgroup);
        Task reading = Task.Run(
            async () =>
            {
                await foreach (CgroupEvent e in watcher.ReadAllAsync(TestContext.Current.CancellationToken))
                    Assert.NotEqual(one.Path, e.Cgroup);
            },
            TestContext.Current.CancellationToken);
        watcher.Dispose();
        await reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Throws<ObjectDisposedException>(() => watcher.Add(one));
    }

    [LinuxFact(Needs.Root)]
    public async Task The_root_and_a_removed_cgroup_cannot_be_watched()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup root = CgroupHierarchy.Find().OpenRoot(), gone = test.Cgroup.CreateChild("gone");
        gone.Delete();
        using var watcher = new CgroupWatcher();
        Assert.Equal(Errno.ENOENT, Assert.Throws<CgroupException>(() => watcher.Add(root)).Errno);
        Assert.Equal(Errno.ENODEV, Assert.Throws<CgroupException>(() => watcher.Add(gone)).Errno);
        await gone.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<CgroupException>(() => root.WaitUntilEmptyAsync(TestContext.Current.CancellationToken))).Errno);
        Assert.Equal(0, watcher.Count);
    }

    [LinuxFact(Needs.Root)]
    public async Task Waiting_until_it_is_empty_ends_when_it_is_removed()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup cgroup = test.Cgroup.CreateChild("short");
        test.Start("exec sleep 1000", cgroup);
        Task empty = cgroup.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);
        cgroup.Kill();
        cgroup.Delete();
        await empty.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [LinuxFact(Needs.Root)]
    public async Task A_trigger_of_processor_pressure_fires_each_time_and_ends_with_the_cgroup()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup cgroup = test.Cgroup.CreateChild("busy");
        if (!cgroup.HasFile("cpu.pressure"))
            Assert.Skip("needs pressure information");
        for (int i = 0; i < 2 * Environment.ProcessorCount; i++)
            test.Start("while :; do :; done", cgroup);
        IAsyncEnumerator<Pressure> pressure = cgroup.WatchPressureAsync(PressureResource.Cpu, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2), cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        TimeSpan last = TimeSpan.Zero;
        for (int i = 0; i < 2; i++)
        {
            Assert.True(await pressure.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.True(pressure.Current.Some.Total > last, $"{pressure.Current} after {last}");
            last = pressure.Current.Some.Total;
        }

        Task<bool> next = pressure.MoveNextAsync().AsTask();
        cgroup.Kill();
        cgroup.Delete();
        CgroupException gone = await Assert.ThrowsAsync<CgroupException>(async () =>
        {
            // One that fired before the end may come first.
            while (await next.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))
                next = pressure.MoveNextAsync().AsTask();
        });
        Assert.Equal((Errno.ENODEV, "cpu.pressure"), (gone.Errno, gone.File));
        await pressure.DisposeAsync();
    }

    [LinuxFact(Needs.Root)]
    public async Task A_trigger_that_cannot_be_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        if (!test.Cgroup.HasFile("cpu.pressure"))
            Assert.Skip("needs pressure information");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)));
        CgroupException refused = await Assert.ThrowsAsync<CgroupException>(() => StartAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
        Assert.Equal((Errno.EINVAL, "cpu.pressure", "some 1000000 20000000"), (refused.Errno, refused.File, refused.Value));

        async Task StartAsync(TimeSpan threshold, TimeSpan window)
        {
            await foreach (Pressure _ in test.Cgroup.WatchPressureAsync(PressureResource.Cpu, threshold, window, cancellationToken: TestContext.Current.CancellationToken))
                break;
        }
    }

    /// <summary>Reads on until there is an event of a kind.</summary>
    internal static async Task<CgroupEvent> FirstAsync(CgroupWatcher watcher, CgroupEventKind kind)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (CgroupEvent e in watcher.ReadAllAsync(end.Token))
        {
            if (e.Kind == kind)
                return e;
        }

        throw new InvalidOperationException("The watcher ended.");
    }
}
