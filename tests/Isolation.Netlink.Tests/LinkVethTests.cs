using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>AddVeth: a pair in two network namespaces, both ends up, in one send.</summary>
public sealed class LinkVethTests
{
    [LinuxFact(Needs.Root)]
    public void A_pair_is_made_in_two_namespaces_up_and_in_a_bridge()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        host.Client.AddLink("br0", new BridgeLink(), new LinkSettings { IsUp = true });
        Link bridge = host.Client.GetLink("br0");
        host.Client.AddVeth("host0", "eth0", container.Namespace, new LinkSettings { MasterIndex = bridge.Index, Mtu = 1400, Alias = "for a container" }, new LinkSettings { Mtu = 1300, Group = 5 });
        Link outside = host.Client.GetLink("host0"), inside = container.Client.GetLink("eth0");
        Eventually.Equal((LinkOperationalState.Up, LinkOperationalState.Up), () => (host.Client.GetLink("host0").OperationalState, container.Client.GetLink("eth0").OperationalState));
        Assert.Equal((bridge.Index, 1400, "for a container", 1300, 5), (outside.MasterIndex, outside.Mtu, outside.Alias, inside.Mtu, inside.Group));
        Assert.Equal((inside.Index, outside.Index), (outside.ParentIndex, inside.ParentIndex));
        Assert.Equal(["lo", "br0", "host0"], host.Client.ListLinks().Select(l => l.Name));
    }

    [LinuxFact(Needs.Root)]
    public void A_batch_holds_it_as_two_changes_or_none()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        using RouteBatch batch = host.Client.CreateBatch();
        batch.AddVeth("v0", "eth0", container.Namespace);
        Assert.Throws<ArgumentException>(() => batch.AddVeth("v1", "eth1", container.Namespace, new LinkSettings { Alias = new string('x', 300) }));
        Assert.Throws<ArgumentException>(() => batch.AddVeth("v1", "eth1", container.Namespace, null, new LinkSettings { Alias = "x" }));
        Assert.Throws<ArgumentException>(() => batch.AddVeth("v1", "eth1", null, new LinkSettings { NetworkNamespace = container.Namespace }));
        batch.AddVeth("v2", "eth2", null, new LinkSettings { IsUp = false });
        Assert.Equal(4, batch.Count);
        batch.Send();
        Assert.Equal(["eth2", "lo", "v0", "v2"], host.Client.ListLinks().Select(l => l.Name).Order());
        Assert.Equal((true, false, true), (host.Client.GetLink("v0").IsUp, host.Client.GetLink("v2").IsUp, host.Client.GetLink("eth2").IsUp));
    }

    [LinuxFact(Needs.Root)]
    public void A_name_that_is_taken_is_told_and_the_link_that_has_it_stays_as_it_is()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        host.Client.AddLink("taken", new BridgeLink());
        NetlinkException e = Assert.Throws<NetlinkException>(() => host.Client.AddVeth("taken", "eth0", container.Namespace));
        Assert.Equal((Errno.EEXIST, "add the veth", "taken", null), (e.Errno, e.Operation, e.Target, e.RequestIndex));
        Assert.False(host.Client.GetLink("taken").IsUp);
        Assert.Throws<ArgumentException>(() => host.Client.AddVeth("v0", "eth0", container.Namespace, new LinkSettings { Alias = new string('x', 300) }));
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<NetlinkException>(() => host.Client.AddVeth("v0", "eth0", container.Namespace, new LinkSettings { MasterIndex = 1 })).Errno);
        host.Client.DeleteLink("v0");
        Assert.Single(container.Client.ListLinks());
    }

    [LinuxFact(Needs.Root)]
    public void What_is_there_or_not_is_asked_without_an_exception()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Assert.False(network.Client.TryGetLink("v0", out _));
        Assert.False(network.Client.TryGetLink(99, out _));
        network.AddVeth("v0", "v1");
        Assert.True(network.Client.TryGetLink("v0", out Link? link));
        Assert.True(network.Client.TryGetLink(link.Index, out Link? same));
        Assert.Equal((link.Index, link.Name, link.Kind), (same.Index, same.Name, same.Kind));
    }
}
