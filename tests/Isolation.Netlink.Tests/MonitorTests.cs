using System.Net;

namespace Isolation.Netlink.Tests;

/// <summary>What a monitor tells, of changes by ip(8) and by us.</summary>
public sealed class MonitorTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Links_are_told_whoever_changes_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Links });

        network.Ip("link add v0 type veth peer name v1");
        LinkChanged added = watcher.Expect<LinkChanged>(c => c.Link.Name == "v0");
        Assert.Equal((ChangeSource.Notification, null, "veth"), (added.Source, added.Previous, added.Link.Kind!.Name));
        network.Client.ChangeLink("v0", new LinkSettings { Mtu = 1400 });
        LinkChanged changed = watcher.Expect<LinkChanged>(c => c.Link.Index == added.Link.Index && c.Link.Mtu == 1400);
        Assert.Equal(1500, changed.Previous!.Mtu);
        network.Ip("link set v0 name w0");
        watcher.Expect<LinkChanged>(c => c.Link.Name == "w0" && c.Previous!.Name == "v0");
        network.Client.ChangeLink("w0", new LinkSettings { IsUp = true });
        watcher.Expect<LinkChanged>(c => c.Link is { Name: "w0", IsUp: true });
        network.Client.DeleteLink("w0");
        Assert.Equal(added.Link.Index, watcher.Expect<LinkRemoved>(c => c.Link.Name == "w0").Link.Index);
        watcher.Until(m => m.Links.Count == 0);
        Assert.DoesNotContain(watcher.Told, c => c is not (LinkChanged or LinkRemoved));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Addresses_are_told_whoever_changes_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Addresses });
        var address = InterfaceAddress.Parse(veth, "10.0.0.2/24");

        network.Ip("addr add 10.0.0.2/24 dev v0");
        AddressChanged added = watcher.Expect<AddressChanged>();
        Assert.Equal(address with { Label = "v0", Flags = AddressFlags.Permanent }, added.Address);
        Assert.Null(added.Previous);
        Assert.NotEqual(0, added.RequesterPortId);
        network.Client.ReplaceAddress(address with { ValidLifetime = TimeSpan.FromHours(1) });
        AddressChanged changed = watcher.Expect<AddressChanged>();
        Assert.Equal((null, network.Client.PortId), (changed.Previous!.ValidLifetime, changed.RequesterPortId));
        Assert.NotNull(changed.Address.ValidLifetime);
        network.Ip("-6 addr add fd00::2/64 nodad dev v0");
        Assert.Equal(IPAddress.Parse("fd00::2"), watcher.Expect<AddressChanged>().Address.Address);
        network.Ip("addr del 10.0.0.2/24 dev v0");
        Assert.Equal(address.Address, watcher.Expect<AddressRemoved>().Address.Address);
        network.Client.DeleteAddress(InterfaceAddress.Parse(veth, "fd00::2/64"));
        watcher.Expect<AddressRemoved>(c => c.Address.Address.Equals(IPAddress.Parse("fd00::2")));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Routes_are_told_whoever_changes_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = Connect(network);
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Routes });
        var destination = IPNetwork.Parse("10.9.0.0/16");

        network.Ip("route add 10.9.0.0/16 via 10.0.0.1");
        RouteChanged added = watcher.Expect<RouteChanged>(c => c.Route.Destination == destination);
        Assert.Equal((veth, IPAddress.Parse("10.0.0.1"), false, false), (added.Route.InterfaceIndex, added.Route.Gateway, added.IsReplacement, added.IsAppended));
        network.Client.ReplaceRoute(new Route(destination) { Gateway = IPAddress.Parse("10.0.0.7") });
        RouteChanged replaced = watcher.Expect<RouteChanged>(c => c.Route.Destination == destination);
        Assert.Equal((true, IPAddress.Parse("10.0.0.1"), network.Client.PortId), (replaced.IsReplacement, replaced.Previous!.Gateway, replaced.RequesterPortId));
        network.Ip("route append 10.9.0.0/16 via 10.0.0.8");
        Assert.True(watcher.Expect<RouteChanged>(c => c.Route.Destination == destination).IsAppended);
        network.Ip("route del 10.9.0.0/16 via 10.0.0.7");
        Assert.Equal(IPAddress.Parse("10.0.0.7"), watcher.Expect<RouteRemoved>(c => c.Route.Destination == destination).Route.Gateway);
        network.Client.AddRoute(new Route(IPNetwork.Parse("fd09::/16")) { Gateway = IPAddress.Parse("fd00::1"), Table = 1000 });
        Assert.Equal(1000, watcher.Expect<RouteChanged>(c => c.Route.Gateway is not null).Route.Table);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task What_there_is_comes_first_if_it_is_asked_for()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Connect(network);
        await using var watcher = new Watcher(network.Client, new MonitorOptions { ListExisting = true });
        watcher.Expect<Synchronized>();
        Assert.True(watcher.Look(m => m.IsSynchronized));
        AssertCurrent(watcher, network);
        Assert.All(watcher.Told.TakeWhile(c => c is not Synchronized), c => Assert.Equal(ChangeSource.Listing, c.Source));
        network.Client.AddLink("br0", new BridgeLink());
        watcher.Expect<LinkChanged>(c => c.Source == ChangeSource.Notification && c.Link.Name == "br0");
    }

    [LinuxFact(Needs.Root)]
    public async Task A_link_that_leaves_a_bridge_is_still_there()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.AddVeth("v0", "v1");
        network.Client.AddLink("br0", new BridgeLink());
        int bridge = network.Client.GetLink("br0").Index;
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Links, ListExisting = true });
        network.Client.ChangeLink("v0", new LinkSettings { MasterIndex = bridge });
        watcher.Expect<LinkChanged>(c => c.Link.Name == "v0" && c.Link.MasterIndex == bridge);
        network.Client.ChangeLink("v0", new LinkSettings { MasterIndex = 0 });
        watcher.Expect<LinkChanged>(c => c.Link is { Name: "v0", MasterIndex: 0 });
        network.Client.ChangeLink("v0", new LinkSettings { Mtu = 1300 });
        watcher.Expect<LinkChanged>(c => c.Link is { Name: "v0", Mtu: 1300 });
        Assert.DoesNotContain(watcher.Told, c => c is LinkRemoved);
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [InlineData("link set v0 down")]
    [InlineData("link del v0")]
    [InlineData("nexthop del id 5")]
    [InlineData("addr del 10.0.0.3/32 dev v0")]
    [InlineData("addr flush dev v0")]
    public async Task Routes_that_go_without_a_word_are_told_all_the_same(string how)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Connect(network);
        network.Ip("addr add 10.0.0.3/32 dev v0");
        network.Ip("route add 10.8.0.0/16 via 10.0.0.1 src 10.0.0.3");
        network.Ip("route add 10.9.0.0/16 via 10.0.0.1");
        network.Ip("nexthop add id 5 via 10.0.0.1 dev v0");
        network.Ip("route add 10.7.0.0/16 nhid 5");
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Routes, ListExisting = true });
        watcher.Expect<Synchronized>();
        network.Ip(how);
        watcher.Until(m => m.Routes.Select(RouteIdentity.Of).ToHashSet().SetEquals(network.Client.ListRoutes().Select(RouteIdentity.Of)));
        Assert.Contains(watcher.Told, c => c is RouteRemoved);
    }

    // Each of these is told by one message that does not say all: which of several was replaced, what is left.
    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [InlineData("route append 10.9.0.0/16 via 10.0.0.7;route replace 10.9.0.0/16 via 10.0.0.8")]
    [InlineData("route append 10.9.0.0/16 via 10.0.0.7;route prepend 10.9.0.0/16 via 10.0.0.6;route change 10.9.0.0/16 via 10.0.0.8;route del 10.9.0.0/16")]
    [InlineData("-6 route append fd09::/16 via fd00::7")]
    [InlineData("-6 route append fd09::/16 via fd00::7;-6 route append fd09::/16 via fd00::8;-6 route del fd09::/16 via fd00::1")]
    [InlineData("-6 route append fd09::/16 via fd00::7;-6 route replace fd09::/16 via fd00::8")]
    [InlineData("-6 route add fd08::/16 nexthop via fd00::1 nexthop via fd00::5;-6 route del fd08::/16 via fd00::5")]
    [InlineData("-6 route add fd08::/16 nexthop via fd00::1 nexthop via fd00::5;-6 route del fd08::/16")]
    public async Task Routes_with_several_ways_are_followed(string commands)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Connect(network);
        network.Ip("route add 10.9.0.0/16 via 10.0.0.1");
        network.Ip("-6 route add fd09::/16 via fd00::1");
        await using var watcher = new Watcher(network.Client, new MonitorOptions { ListExisting = true });
        watcher.Expect<Synchronized>();
        foreach (string command in commands.Split(';'))
        {
            network.Ip(command);
            watcher.Until(m => m.Routes.Select(RouteIdentity.Of).ToHashSet().SetEquals(network.Client.ListRoutes().Select(RouteIdentity.Of)));
        }

        AssertCurrent(watcher, network);
    }

    [LinuxFact(Needs.Root)]
    public async Task It_watches_the_clients_network_namespace_whichever_thread_asks()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork one = new(), other = new();
        await using var elsewhere = new Watcher(one.Client);
        await using Watcher inside = one.Run(() => new Watcher(one.Client));
        await using Watcher inOther = other.Run(() => new Watcher(one.Client));
        one.Client.AddLink("br0", new BridgeLink());
        foreach (Watcher watcher in (Watcher[])[elsewhere, inside, inOther])
            watcher.Expect<LinkChanged>(c => c.Link.Name == "br0");
    }

    [LinuxFact(Needs.Root)]
    public async Task What_changes_between_opening_and_reading_is_told()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        await using NetworkMonitor monitor = network.Client.OpenMonitor(new MonitorOptions { Kinds = MonitoredKinds.Links });
        network.Client.AddLink("br0", new BridgeLink());
        await foreach (NetworkEvent change in monitor.ReadAllAsync())
        {
            Assert.Equal("br0", Assert.IsType<LinkChanged>(change).Link.Name);
            break;
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await monitor.ReadAllAsync().GetAsyncEnumerator().MoveNextAsync());
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void An_ordinary_user_can_watch() => FreshProcess.RunAsUser(WatchAsUser).EnsureSuccess();

    private static void WatchAsUser()
    {
        using RouteClient client = RouteClient.Open();
        IAsyncEnumerator<NetworkEvent> changes = client.MonitorAsync(new MonitorOptions { Kinds = MonitoredKinds.Links, ListExisting = true, ReceiveBufferSize = 64 << 20 }).GetAsyncEnumerator();
        Assert.True(changes.MoveNextAsync().AsTask().GetAwaiter().GetResult());
        Assert.Equal("lo", ((LinkChanged)changes.Current).Link.Name);
        changes.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [LinuxFact]
    public void Options_that_make_no_sense_are_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using RouteClient client = RouteClient.Open();
        Assert.Throws<ArgumentException>(() => client.OpenMonitor(new MonitorOptions { Kinds = MonitoredKinds.None }));
        Assert.Throws<ArgumentException>(() => client.OpenMonitor(new MonitorOptions { Kinds = (MonitoredKinds)0x10000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => client.OpenMonitor(new MonitorOptions { ReceiveBufferSize = 0 }));
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.OpenMonitor());
    }

    internal static int Connect(TestNetwork network)
    {
        int veth = network.AddVeth("v0", "v1", isUp: true).Index;
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.0.0.2/24"));
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "fd00::2/64") with { Flags = AddressFlags.NoDuplicateDetection });
        return veth;
    }

    /// <summary>The model, our lists and ip(8) show the same, sooner or later.</summary>
    internal static void AssertCurrent(Watcher watcher, TestNetwork network)
    {
        string[] told = [], listed = [], shown = [];
        watcher.Until(
            model =>
            {
                (told, listed, shown) = (KernelState.Of(model), KernelState.Of(network.Client), KernelState.OfIp(network));
                return told.SequenceEqual(listed) && told.SequenceEqual(shown);
            },
            () => $"told but not listed:\n{string.Join('\n', told.Except(listed))}\nlisted but not told:\n{string.Join('\n', listed.Except(told))}\ntold but not shown:\n{string.Join('\n', told.Except(shown))}\nshown but not told:\n{string.Join('\n', shown.Except(told))}");
    }
}
