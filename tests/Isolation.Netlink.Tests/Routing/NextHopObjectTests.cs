using System.Net;
using System.Net.Sockets;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Next-hop objects, beside ip-nexthop(8) both ways.</summary>
public sealed class NextHopObjectTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNextHop(By(1, "10.0.0.1", v0) with { Protocol = RouteProtocol.Static });
        network.Client.AddNextHop(new NextHopObject(2) { IsBlackhole = true });
        network.Client.AddNextHop(By(3, "10.200.0.1", v0) with { IsOnLink = true });
        network.Client.AddNextHop(new NextHopObject(4) { InterfaceIndex = v0, Family = AddressFamily.InterNetworkV6 });
        network.Client.AddNextHop(By(5, "fd00::1", v0) with { Encapsulation = new IPEncapsulation(IPAddress.Parse("1.2.3.4")) { Id = 5 } });
        network.Client.AddNextHop(new NextHopObject(10) { Group = [new NextHopGroupMember(1, 2), new NextHopGroupMember(3, 256)] });
        network.Client.AddNextHop(new NextHopObject(11) { Group = [new NextHopGroupMember(1), new NextHopGroupMember(3, 5)], Resilient = new ResilientGroup { Buckets = 32, IdleTime = TimeSpan.FromSeconds(60), UnbalancedLimit = TimeSpan.FromSeconds(300) } });
        network.Client.AddNextHop(new NextHopObject(20) { Gateway = IPAddress.Parse("10.0.0.9"), IsForForwarding = true });
        network.Client.AddNextHop(new NextHopObject(21) { Group = [new NextHopGroupMember(20)], IsForForwarding = true });

        string[] shown = [.. network.Ip("nexthop show").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(
            [
                "id 1 via 10.0.0.1 dev v0 scope link proto static",
                "id 2 blackhole",
                "id 3 via 10.200.0.1 dev v0 scope link onlink",
                "id 4 dev v0 scope link",
                "id 5 encap ip id 5 src 0.0.0.0 dst 1.2.3.4 ttl 0 tos 0 via fd00::1 dev v0 scope link",
                "id 10 group 1,2/3,256",
                "id 11 group 1/3,5 type resilient buckets 32 idle_timer 60 unbalanced_timer 300 unbalanced_time 0",
                "id 20 via 10.0.0.9 scope link fdb",
                "id 21 group 20 fdb",
            ],
            shown);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_and_what_is_listed_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        foreach (string made in new[]
        {
            "id 1 via 10.0.0.1 dev v0 protocol static",
            "id 2 blackhole",
            "id 3 via 10.200.0.1 dev v0 onlink",
            "id 5 encap ip id 5 dst 1.2.3.4 via fd00::1 dev v0",
            "id 10 group 1,2/3,256",
            "id 11 group 1/3,5 type resilient buckets 32 idle_timer 60 unbalanced_timer 300",
            "id 20 via 10.0.0.9 fdb",
            "id 21 group 20 fdb",
            "id 4294967295 dev v0",
        })
            network.Ip("nexthop add " + made);
        NextHopObject[] listed = [.. network.Client.ListNextHops()];
        Assert.Equal([1, 2, 3, 5, 10, 11, 20, 21, -1], listed.Select(n => n.Id));
        Assert.Equal(By(1, "10.0.0.1", v0) with { Protocol = RouteProtocol.Static, Family = AddressFamily.InterNetwork, Scope = RouteScope.Link }, listed[0]);
        Assert.Equal(new NextHopObject(2) { IsBlackhole = true, Family = AddressFamily.InterNetwork }, listed[1]);
        Assert.True(listed[2].IsOnLink);
        Assert.Equal(new IPEncapsulation(IPAddress.Parse("1.2.3.4")) { Id = 5 }, listed[3].Encapsulation);
        Assert.Equal([new NextHopGroupMember(1, 2), new NextHopGroupMember(3, 256)], listed[4].Group);
        Assert.Equal(new ResilientGroup { Buckets = 32, IdleTime = TimeSpan.FromSeconds(60), UnbalancedLimit = TimeSpan.FromSeconds(300) }, listed[5].Resilient! with { UnbalancedTime = default });
        Assert.Equal((true, true, "id 21 group 20"), (listed[6].IsForForwarding, listed[7].IsForForwarding, listed[7].ToString()));
        Assert.Equal(listed[0], network.Client.GetNextHop(1));

        // Groups go with their last member, so they are deleted first.
        using RouteBatch batch = network.Client.CreateBatch();
        foreach (NextHopObject nextHop in listed.OrderBy(n => n.Group.IsEmpty))
            batch.DeleteNextHop(nextHop);
        batch.Send();
        Assert.Empty(network.Client.ListNextHops());
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_link_group_family_and_use()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        int v1 = network.Client.GetLink("v1").Index;
        network.Client.AddNextHop(By(1, "10.0.0.1", v0));
        network.Client.AddNextHop(new NextHopObject(2) { InterfaceIndex = v1 });
        network.Client.AddNextHop(By(3, "fd00::1", v0));
        network.Client.AddNextHop(new NextHopObject(10) { Group = [new NextHopGroupMember(1), new NextHopGroupMember(2)] });
        network.Client.AddNextHop(new NextHopObject(20) { Gateway = IPAddress.Parse("10.0.0.9"), IsForForwarding = true });
        Assert.Equal([1, 3], Ids(new NextHopFilter { InterfaceIndex = v0 }));
        Assert.Equal([10], Ids(new NextHopFilter { IsGroup = true }));
        Assert.Equal([20], Ids(new NextHopFilter { IsForForwarding = true }));
        Assert.Equal([3], Ids(new NextHopFilter { Family = AddressFamily.InterNetworkV6 }));
        Assert.Empty(Ids(new NextHopFilter { MasterIndex = v1 }));

        int[] Ids(NextHopFilter filter) => [.. network.Client.ListNextHops(filter).Select(n => n.Id)];
    }

    [LinuxFact(Needs.Root)]
    public void An_object_is_added_once_and_routes_follow_what_replaces_it()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNextHop(By(1, "10.0.0.1", v0));
        network.Client.AddRoute(new Route(Route.DefaultIPv4) { NextHopId = 1 });
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddNextHop(By(1, "10.0.0.9", v0)));
        Assert.Equal((Errno.EEXIST, "add the next hop", "id 1 via 10.0.0.9"), (e.Errno, e.Operation, e.Target));
        network.Client.ReplaceNextHop(By(1, "10.0.0.9", v0));
        Assert.Equal("10.0.0.9", network.Client.GetRoute(IPAddress.Parse("192.0.2.1")).Gateway?.ToString());
        network.Client.DeleteNextHop(1);
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.IsDefault);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.GetNextHop(1)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteNextHop(1)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void The_kernel_chooses_the_id_where_none_is_given()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNextHop(By(0, "10.0.0.1", v0));
        Assert.NotEqual(0, Assert.Single(network.Client.ListNextHops()).Id);
    }

    [LinuxFact(Needs.Root)]
    public void The_buckets_of_a_resilient_group_are_spread_by_weight()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNextHop(By(1, "10.0.0.1", v0));
        network.Client.AddNextHop(By(3, "10.0.0.3", v0));
        network.Client.AddNextHop(new NextHopObject(10) { Group = [new NextHopGroupMember(1), new NextHopGroupMember(3, 3)], Resilient = new ResilientGroup { Buckets = 8 } });
        Listing<NextHopBucket> buckets = network.Client.ListNextHopBuckets(10);
        Assert.Equal(Enumerable.Range(0, 8), buckets.Select(b => b.Index));
        Assert.Equal((2, 6), (buckets.Count(b => b.NextHopId == 1), buckets.Count(b => b.NextHopId == 3)));
        Assert.All(buckets, b => Assert.Equal(10, b.GroupId));
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.ListNextHopBuckets(99)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_weight_above_256_is_for_newer_kernels()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNextHop(By(1, "10.0.0.1", v0));
        try
        {
            network.Client.AddNextHop(new NextHopObject(10) { Group = [new NextHopGroupMember(1, 1000)] });
        }
        catch (NetlinkException e) when (e.Errno == Errno.EINVAL)
        {
            Assert.Skip($"This kernel is older than 6.12: {e.Message}");
        }

        Assert.Equal(1000, Assert.Single(network.Client.GetNextHop(10).Group).Weight);
    }

    [LinuxFact]
    public void Wrong_objects_are_refused()
    {
        var one = new NextHopObject(1);
        var changes = new RecordedChanges();
        NextHopObject[] wrong =
        [
            one with { Group = default },
            one with { Group = [new NextHopGroupMember(0)] },
            one with { Group = [new NextHopGroupMember(1, 0)] },
            one with { Group = [new NextHopGroupMember(1, 65537)] },
            one with { Group = [new NextHopGroupMember(2)], InterfaceIndex = 1 },
            one with { Resilient = new ResilientGroup() },
            one with { IsBlackhole = true, InterfaceIndex = 1 },
            one with { IsForForwarding = true, InterfaceIndex = 1 },
            one with { Group = [new NextHopGroupMember(2)], Resilient = new ResilientGroup { IdleTime = TimeSpan.FromSeconds(-1) } },
        ];
        foreach (NextHopObject nextHop in wrong)
            Assert.Throws<ArgumentException>(() => changes.AddNextHop(nextHop));
        Assert.ThrowsAny<ArgumentException>(() => changes.AddNextHop(one with { InterfaceIndex = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => changes.DeleteNextHop(0));
    }

    [Property(MaxTest = 1000)]
    public void An_object_comes_back_as_it_was(int id, byte kind, uint gateway, ushort index, (ushort Id, ushort Weight)[] members, ushort? buckets, uint? idle, byte? protocol)
    {
        NextHopObject nextHop = new(id) { Protocol = protocol is 0 ? null : (RouteProtocol?)protocol };
        nextHop = (kind % 4) switch
        {
            0 => nextHop with { IsBlackhole = true, Family = AddressFamily.InterNetworkV6 },
            1 => nextHop with { Gateway = new IPAddress(gateway).MapToIPv6(), InterfaceIndex = index, IsOnLink = gateway % 2 == 0, Family = AddressFamily.InterNetworkV6, Encapsulation = gateway % 3 == 0 ? null : new MplsEncapsulation(index) },
            2 => nextHop with { Gateway = new IPAddress(gateway), IsForForwarding = true, Family = AddressFamily.InterNetwork },
            _ => nextHop with { Group = [.. members.Append(((ushort)1, (ushort)1)).Select(m => new NextHopGroupMember(m.Item1 + 1, m.Item2 + 1))], Resilient = idle is null ? null : new ResilientGroup { Buckets = buckets, IdleTime = TimeSpan.FromMilliseconds(10.0 * idle.Value), UnbalancedLimit = buckets is null ? null : TimeSpan.Zero } },
        };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWNEXTHOP, 0, "test", null), nextHop);
        Assert.Equal(nextHop, NextHopObject.Read(bytes.AsSpan(16)));
    }

    private static NextHopObject By(int id, string gateway, int index) => new(id) { Gateway = IPAddress.Parse(gateway), InterfaceIndex = index };
}
