using System.Net;
using System.Net.NetworkInformation;

namespace Isolation.Netlink.Tests;

/// <summary>What a monitor tells of neighbours, rules and next-hop objects.</summary>
public sealed class MonitorNounTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Neighbours_are_told_whoever_changes_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = MonitorTests.Connect(network);
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Neighbors });
        var address = IPAddress.Parse("10.0.0.9");

        network.Ip("neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev v0");
        NeighborChanged added = watcher.Expect<NeighborChanged>(c => c.Neighbor.Address.Equals(address));
        Assert.Equal((veth, PhysicalAddress.Parse("02-00-00-00-00-01"), NeighborState.Permanent), (added.Neighbor.InterfaceIndex, added.Neighbor.LinkLayerAddress, added.Neighbor.State));
        network.Client.ReplaceNeighbor(new Neighbor(veth, address) { LinkLayerAddress = PhysicalAddress.Parse("02-00-00-00-00-02") });
        NeighborChanged changed = watcher.Expect<NeighborChanged>(c => c.Neighbor.Address.Equals(address));
        Assert.Equal((PhysicalAddress.Parse("02-00-00-00-00-01"), network.Client.PortId), (changed.Previous!.LinkLayerAddress, changed.RequesterPortId));
        network.Client.DeleteNeighbor(changed.Neighbor);
        watcher.Expect<NeighborRemoved>(c => c.Neighbor.Address.Equals(address));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Rules_are_told_whoever_changes_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Rules, ListExisting = true });
        watcher.Expect<Synchronized>();
        Assert.Equal(network.Client.ListRules().Count, watcher.Look(m => m.Rules.Count));
        network.Ip("rule add from 10.0.0.0/8 table 77");
        RoutingRule rule = watcher.Expect<RuleChanged>().Rule;
        Assert.Equal((77, IPNetwork.Parse("10.0.0.0/8")), (rule.Table, rule.Source));
        network.Client.DeleteRule(rule);
        Assert.Equal(rule, watcher.Expect<RuleRemoved>().Rule);
        watcher.Until(m => m.Rules.ToHashSet().SetEquals(network.Client.ListRules()));
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [InlineData("nexthop del id 5")]
    [InlineData("link set v0 down")]
    public async Task Next_hops_are_told_also_when_they_go_without_a_word(string how)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        MonitorTests.Connect(network);
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.NextHops });
        network.Ip("nexthop add id 5 via 10.0.0.1 dev v0");
        Assert.Equal(IPAddress.Parse("10.0.0.1"), watcher.Expect<NextHopChanged>().NextHop.Gateway);
        network.Ip(how);
        Assert.Equal(5, watcher.Expect<NextHopRemoved>().NextHop.Id);
        watcher.Until(m => m.NextHops.Count == 0);
    }
}
