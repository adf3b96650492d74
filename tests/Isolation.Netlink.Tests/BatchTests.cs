using System.Net;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Many changes in one send.</summary>
public sealed class BatchTests
{
    [LinuxFact(Needs.Root)]
    public void A_container_is_connected_with_one_batch()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        host.Client.AddLink("eth0", new VethLink { Peer = new LinkSettings { Name = "host0" } }, new LinkSettings { NetworkNamespace = container.Namespace, IsUp = true });
        int eth0 = container.Client.GetLink("eth0").Index;
        using RouteBatch batch = container.Client.CreateBatch();
        batch.ChangeLink(1, new LinkSettings { IsUp = true });
        batch.AddAddress(InterfaceAddress.Parse(eth0, "10.0.0.2/24"));
        batch.AddRoute(Route.Default(IPAddress.Parse("10.0.0.1")));
        batch.Send();
        Assert.Equal(3, batch.Count);
        Assert.Contains(container.Client.ListRoutes(), r => r.IsDefault && r.InterfaceIndex == eth0);
    }

    [LinuxFact(Needs.Root)]
    public void The_errors_tell_which_changes_failed_and_the_others_took_effect()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        using RouteBatch batch = network.Client.CreateBatch();

        // Far more failures than the socket's queue has room for, in sends that hold successes too.
        for (int i = 0; i < 6000; i++)
            batch.AddRoute(new Route(new IPNetwork(new IPAddress([10, (byte)(i % 3 == 0 ? i / 3 >> 8 : 255), (byte)(i / 3), 1]), 32)) { InterfaceIndex = i % 3 == 0 ? 1 : 99 });
        IReadOnlyList<NetlinkException> failures = batch.TrySend();
        Assert.Equal(Enumerable.Range(0, 6000).Where(i => i % 3 != 0), failures.Select(f => f.RequestIndex!.Value));
        Assert.All(failures, f => Assert.Equal(Errno.ENODEV, f.Errno));
        Assert.Equal(2000, network.Client.ListRoutes(new RouteFilter { Table = RouteTable.Main }).Count);

        // Sent again, all fail: the first one is told.
        NetlinkException e = Assert.Throws<NetlinkException>(batch.Send);
        Assert.Equal((Errno.EEXIST, 0, "10.0.0.1/32"), (e.Errno, e.RequestIndex, e.Target));
        batch.Clear();
        batch.Send();
        Assert.Equal(0, batch.Count);
    }

    [LinuxFact(Needs.Root)]
    public void A_change_that_is_refused_leaves_the_batch_as_it_was()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using RouteBatch batch = network.Client.CreateBatch();
        batch.AddLink("v0", new VethLink { Peer = new LinkSettings { Name = "v1", NetworkNamespace = network.Namespace } });
        Assert.Throws<ArgumentException>(() => batch.AddLink("v2", new VethLink { Peer = new LinkSettings { Name = "v3", NetworkNamespace = network.Namespace, MasterIndex = 3 } }));
        Assert.Equal(1, batch.Count);
        batch.Send();
        Assert.Equal(3, network.Client.ListLinks().Count);
    }

    [LinuxFact(Needs.Root)]
    public void A_namespace_that_a_batch_names_stays_open_until_it_is_sent()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        using RouteBatch batch = host.Client.CreateBatch();
        batch.AddLink("v0", new VethLink { Peer = new LinkSettings { Name = "eth0", NetworkNamespace = container.Namespace } });
        container.Namespace.Dispose();
        batch.Send();
        Assert.Equal(["lo", "eth0"], container.Client.ListLinks().Select(l => l.Name));
    }
}
