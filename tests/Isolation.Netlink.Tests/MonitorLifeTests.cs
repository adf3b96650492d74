using System.Diagnostics;

namespace Isolation.Netlink.Tests;

/// <summary>How monitors begin and end, and what they cost meanwhile.</summary>
public sealed class MonitorLifeTests
{
    [LinuxFact(Needs.Root)]
    public async Task Cancellation_ends_it_within_100_milliseconds()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        await AssertCancelled(network, TimeSpan.FromSeconds(20));
        TimeSpan[] times = new TimeSpan[20];
        for (int i = 0; i < times.Length; i++)
            times[i] = await AssertCancelled(network, TimeSpan.FromSeconds(2));
        Assert.InRange(times.Order().ElementAt(times.Length / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [LinuxFact(Needs.Root)]
    public async Task Disposing_ends_it_for_the_reader()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        NetworkMonitor monitor = network.Client.OpenMonitor();
        Task reading = Task.Run(async () =>
        {
            await foreach (NetworkEvent _ in monitor.ReadAllAsync())
            {
            }
        });
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await monitor.DisposeAsync();
        await monitor.DisposeAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [LinuxFact(Needs.Root)]
    public async Task It_is_read_only_once()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        await using NetworkMonitor monitor = network.Client.OpenMonitor(new MonitorOptions { ListExisting = true });
        IAsyncEnumerator<NetworkEvent> first = monitor.ReadAllAsync().GetAsyncEnumerator(), second = monitor.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
        Assert.True(await first.MoveNextAsync());
        await first.DisposeAsync();
    }

    [LinuxFact(Needs.Root)]
    public async Task A_monitor_that_nobody_read_leaves_nothing()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        for (int i = 0; i < 10; i++)
            await network.Client.OpenMonitor().DisposeAsync();
    }

    [LinuxFact(Needs.Root)]
    public async Task A_client_that_is_disposed_ends_its_monitors_when_they_need_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        RouteClient client = RouteClient.Open(network.Namespace);
        await using NetworkMonitor monitor = client.OpenMonitor(new MonitorOptions { ListExisting = true });
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await monitor.ReadAllAsync().GetAsyncEnumerator().MoveNextAsync());
    }

    [LinuxFact(Needs.Root)]
    public async Task A_hundred_monitors_have_no_threads_of_their_own()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        var watchers = new List<Watcher>();
        int before = Threads();
        try
        {
            for (int i = 0; i < 100; i++)
                watchers.Add(new Watcher(network.Client, new MonitorOptions { ListExisting = true }));
            watchers.ForEach(w => w.Expect<Synchronized>());
            network.Client.AddLink("br0", new BridgeLink());
            watchers.ForEach(w => w.Expect<LinkChanged>(c => c.Link.Name == "br0"));

            // The pool may have grown by a few.
            Assert.InRange(Threads() - before, int.MinValue, 20);
        }
        finally
        {
            foreach (Watcher watcher in watchers)
                await watcher.DisposeAsync();
        }
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static async Task<TimeSpan> AssertCancelled(TestNetwork network, TimeSpan patience)
    {
        using var stop = new CancellationTokenSource();
        Task reading = Task.Run(async () =>
        {
            await foreach (NetworkEvent _ in network.Client.MonitorAsync(new MonitorOptions { ListExisting = true }, stop.Token))
            {
            }
        });
        await Task.Delay(30);
        long start = Stopwatch.GetTimestamp();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(patience));
        return Stopwatch.GetElapsedTime(start);
    }
}
