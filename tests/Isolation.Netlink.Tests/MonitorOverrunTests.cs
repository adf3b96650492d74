using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;

namespace Isolation.Netlink.Tests;

/// <summary>N02: more changes than a monitor has room for.</summary>
[NativeOnly]
public sealed class MonitorOverrunTests(ITestOutputHelper output)
{
    private static readonly MonitorOptions s_tiny = new() { ListExisting = true, ReceiveBufferSize = 4096 };

    [LinuxFact(Needs.Root | Needs.Iproute2, Timeout = 120_000)]
    public async Task Under_ten_thousand_changes_a_second_and_overruns_the_model_ends_as_the_kernel_is()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = MonitorTests.Connect(network);
        await using var watcher = new Watcher(network.Client, s_tiny);
        await using var control = new Watcher(network.Client, s_tiny with { ResynchronizeAfterOverrun = false });
        control.Expect<Synchronized>();
        watcher.Expect<Synchronized>();

        (int changes, TimeSpan time) = await Task.Run(() => Churn(network, veth, TimeSpan.FromSeconds(4)), TestContext.Current.CancellationToken);
        MonitorTests.AssertCurrent(watcher, network);
        watcher.Until(m => m.IsSynchronized);
        output.WriteLine($"{changes / time.TotalSeconds:f0} changes a second, {changes} in all; {watcher.Monitor.Overruns} overruns, {watcher.Told.OfType<Synchronized>().Count() - 1} times resynchronized, {watcher.Told.Count(c => c.Source == ChangeSource.Difference)} of {watcher.Told.Length} changes told from lists; control: {control.Monitor.Overruns} overruns");
        Assert.True(watcher.Monitor.Overruns > 1);
        Assert.True(changes / time.TotalSeconds > 10_000 || Machine.Missing(Needs.FullSpeed) is not null, $"{changes} changes in {time}");

        // Without lists, what was lost stays lost: the test would see it.
        Assert.True(control.Monitor.Overruns > 1);
        Assert.False(control.Look(m => m.IsSynchronized));
        Assert.NotEqual(KernelState.Of(network.Client), control.Look(KernelState.Of));
    }

    [LinuxFact(Needs.Root)]
    public async Task Each_kind_is_told_after_an_overrun()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = MonitorTests.Connect(network);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var watcher = new Watcher(network.Client, s_tiny, c => c is LinkChanged { Link.Mtu: 1400 } ? hold.Task.WaitAsync(Watcher.Patience) : Task.CompletedTask);
        watcher.Expect<Synchronized>();
        network.Client.ChangeLink("v0", new LinkSettings { Mtu = 1400 });

        // Nobody reads now, so the queue stays full when the process has taken what it has room for.
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 0; i < 10_000; i++)
            batch.AddRoute(new Route(Network(i)) { InterfaceIndex = veth, Table = 77 });
        for (int i = 0; i < 10_000; i++)
            batch.DeleteRoute(new Route(Network(i)) { InterfaceIndex = veth, Table = 77 });
        for (int i = 0; i < 50 && !await IsFull(network, watcher.Monitor.PortId); i++)
            batch.Send();
        network.Client.AddLink("br0", new BridgeLink());
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.77.0.1/32"));
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.78.0.0/16")) { InterfaceIndex = veth });
        network.Client.DeleteAddress(InterfaceAddress.Parse(veth, "fd00::2/64"));
        hold.SetResult();

        watcher.Expect<Overrun>();
        watcher.Expect<Synchronized>();
        Assert.Contains(watcher.Told, c => c is LinkChanged { Link.Name: "br0", Source: ChangeSource.Difference });
        Assert.Contains(watcher.Told, c => c is AddressChanged { Source: ChangeSource.Difference } a && a.Address.Address.Equals(IPAddress.Parse("10.77.0.1")));
        Assert.Contains(watcher.Told, c => c is RouteChanged { Source: ChangeSource.Difference } r && r.Route.Destination == IPNetwork.Parse("10.78.0.0/16"));
        Assert.Contains(watcher.Told, c => c is AddressRemoved { Source: ChangeSource.Difference } a && a.Address.Address.Equals(IPAddress.Parse("fd00::2")));
        Assert.Equal(KernelState.Of(network.Client), watcher.Look(KernelState.Of));
    }

    [LinuxFact(Needs.Root)]
    public async Task A_slow_reader_costs_bounded_memory_and_catches_up()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = MonitorTests.Connect(network);
        bool slow = true;
        await using var watcher = new Watcher(network.Client, s_tiny with { ReceiveBufferSize = 64 << 10 }, _ => slow ? Task.Delay(20) : Task.CompletedTask);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        (int changes, _) = await Task.Run(() => Churn(network, veth, TimeSpan.FromSeconds(2)), TestContext.Current.CancellationToken);
        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Volatile.Write(ref slow, false);
        watcher.Until(m => m.IsSynchronized && KernelState.Of(m).SequenceEqual(KernelState.Of(network.Client)));
        output.WriteLine($"{changes} changes, {watcher.Monitor.Overruns} overruns, {used >> 10} KB");
        Assert.True(watcher.Monitor.Overruns > 0);
        Assert.InRange(used, long.MinValue, 32 << 20);
    }

    [LinuxFact(Needs.Root)]
    public async Task Without_an_overrun_nothing_is_listed_again()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = MonitorTests.Connect(network);
        await using var watcher = new Watcher(network.Client, new MonitorOptions { ListExisting = true, ReceiveBufferSize = 64 << 20 });
        watcher.Expect<Synchronized>();
        await Task.Run(() => Churn(network, veth, TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);
        watcher.Until(m => KernelState.Of(m).SequenceEqual(KernelState.Of(network.Client)));
        Assert.Equal(0, watcher.Monitor.Overruns);
        Assert.InRange(watcher.Monitor.ReceiveBufferSize, 64 << 20, int.MaxValue);
        Assert.Single(watcher.Told.OfType<Synchronized>());
    }

    // Adds and removes addresses and routes, and now and then links, as fast as the kernel does it; with a seed, so that a failure comes again.
    private static (int Changes, TimeSpan Time) Churn(TestNetwork network, int veth, TimeSpan time)
    {
        using RouteClient client = RouteClient.Open(network.Namespace);
        using RouteBatch batch = client.CreateBatch();
        var random = new Random(2);
        int changes = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            for (int i = 0; i < 500; i++)
            {
                int which = random.Next(2000);
                bool adds = random.Next(2) == 0;
                switch (random.Next(20))
                {
                    case < 3:
                        InterfaceAddress address = new(veth, new IPAddress([10, 200, (byte)(which >> 8), (byte)which]), 32);
                        Do(adds, () => batch.AddAddress(address), () => batch.DeleteAddress(address));
                        break;
                    case < 5:
                        Route sixth = new(new IPNetwork(IPAddress.Parse($"fd77:{which:x}::"), 32)) { InterfaceIndex = veth, Gateway = IPAddress.Parse("fd00::1") };
                        Do(adds, () => batch.AddRoute(sixth), () => batch.DeleteRoute(sixth));
                        break;
                    case < 8:
                        Neighbor neighbor = new(veth, new IPAddress([10, 0, (byte)(which >> 8), (byte)which])) { LinkLayerAddress = new PhysicalAddress([2, 0, 0, 0, 0, (byte)random.Next(256)]) };
                        Do(adds, () => batch.ReplaceNeighbor(neighbor), () => batch.DeleteNeighbor(neighbor));
                        break;
                    default:
                        Route route = new(Network(which)) { InterfaceIndex = veth, Gateway = random.Next(2) == 0 ? IPAddress.Parse("10.0.0.9") : null, Table = 100 };
                        Do(adds, () => batch.ReplaceRoute(route), () => batch.DeleteRoute(route));
                        break;
                }
            }

            if (random.Next(10) == 0)
                batch.ChangeLink(veth, new LinkSettings { Mtu = 1300 + random.Next(200), Address = new PhysicalAddress([2, 0, 0, 0, 0, (byte)random.Next(256)]) });
            changes += batch.Count - batch.TrySend().Count;
            batch.Clear();
        }

        return (changes, Stopwatch.GetElapsedTime(start));

        static void Do(bool adds, Action add, Action delete) => (adds ? add : delete)();
    }

    // /proc/net/netlink: sk Eth Pid Groups Rmem ...
    private static async Task<bool> IsFull(TestNetwork network, long port)
    {
        await Task.Delay(100);
        return network.Run(() => File.ReadLines("/proc/thread-self/net/netlink").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any(w => w[2] == $"{port}" && w[4] != "0"));
    }

    private static IPNetwork Network(int number) => new(new IPAddress([10, 100, (byte)(number >> 8), (byte)number]), 32);
}
