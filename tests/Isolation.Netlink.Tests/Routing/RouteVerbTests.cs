using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Verbs and attributes of routes that <see cref="RouteTests"/> does not have, beside ip-route(8).</summary>
public sealed class RouteVerbTests
{
    private static readonly IPNetwork s_destination = IPNetwork.Parse("10.5.0.0/16");

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void IPv4_tries_what_is_appended_last_and_what_is_prepended_first()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Client.AddRoute(By("10.0.0.20"));
        network.Client.AppendRoute(By("10.0.0.30"));
        network.Client.PrependRoute(By("10.0.0.10"));
        Assert.Equal(["10.0.0.10", "10.0.0.20", "10.0.0.30"], network.IpJson("route show 10.5.0.0/16").Select(r => r.Text("gateway")));
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AppendRoute(By("10.0.0.30"))).Errno);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void IPv6_makes_ways_of_what_is_appended()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        var destination = IPNetwork.Parse("fd05::/64");
        network.Client.AddRoute(new Route(destination) { Gateway = IPAddress.Parse("fd00::1") });
        network.Client.AppendRoute(new Route(destination) { Gateway = IPAddress.Parse("fd00::3") });
        Assert.Equal(["fd00::1", "fd00::3"], Assert.Single(network.IpJson("-6 route show fd05::/64")).GetProperty("nexthops").EnumerateArray().Select(h => h.Text("gateway")));
        Route listed = Assert.Single(network.Client.ListRoutes(), r => r.Destination == destination);
        Assert.Equal(2, listed.NextHops.Length);
        network.Client.DeleteRoute(listed);
        Assert.Empty(network.Ip("-6 route show fd05::/64"));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Only_a_route_that_exists_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.ChangeRoute(By("10.0.0.1")));
        Assert.Equal((Errno.ENOENT, "change the route"), (e.Errno, e.Operation));
        network.Client.AddRoute(By("10.0.0.1"));
        network.Client.ChangeRoute(By("10.0.0.9"));
        Assert.Equal("10.0.0.9", Assert.Single(network.IpJson("route show 10.5.0.0/16")).Text("gateway"));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_lifetime_and_a_preference_are_for_IPv6()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        Route route = Route.Default(IPAddress.Parse("fd00::1")) with { Lifetime = TimeSpan.FromSeconds(100), Preference = RoutePreference.High };
        network.Client.AddRoute(route);
        JsonElement shown = Assert.Single(network.IpJson("-6 route show default"));
        Assert.Equal("high", shown.Text("pref"));
        Assert.InRange(shown.Number("expires"), 90, 100);
        Route listed = Assert.Single(network.Client.ListRoutes(), r => r.IsDefault);
        Assert.Equal(RoutePreference.High, listed.Preference);
        Assert.InRange(listed.Lifetime!.Value.TotalSeconds, 90, 100);
        network.Client.DeleteRoute(listed);
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(By("10.0.0.1") with { Lifetime = TimeSpan.FromSeconds(100) }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(By("10.0.0.1") with { Preference = RoutePreference.Low }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(route with { Lifetime = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(route with { Realms = new RouteRealms(1, 2) }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(route with { NextHopId = 0 }));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Realms_are_for_IPv4()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Client.AddRoute(By("10.0.0.1") with { Realms = new RouteRealms(5, 6) });
        network.Ip("route add 10.6.0.0/16 via 10.0.0.1 realm 7");
        Assert.Contains("realms 5/6", network.Ip("route show 10.5.0.0/16"), StringComparison.Ordinal);
        Assert.Equal([new RouteRealms(5, 6), new RouteRealms(0, 7)], network.Client.ListRoutes().Where(r => r.Realms is not null).Select(r => r.Realms!.Value));
    }

    [LinuxFact(Needs.Root)]
    public void A_route_whose_link_has_no_carrier_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Client.AddRoute(By("10.0.0.1"));
        Eventually.Equal(RouteFlags.None, () => Assert.Single(network.Client.ListRoutes(), r => r.Destination == s_destination).Flags);
        network.Client.ChangeLink("v1", new LinkSettings { IsUp = false });
        Eventually.Equal(RouteFlags.LinkDown, () => Assert.Single(network.Client.ListRoutes(), r => r.Destination == s_destination).Flags);
        network.Client.DeleteRoute(Assert.Single(network.Client.ListRoutes(), r => r.Destination == s_destination));
    }

    // Table numbers are 32 bits without a sign.
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_last_table_is_read_filtered_and_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Ip("route add 10.5.0.0/16 via 10.0.0.1 table 4294967295");
        Route listed = Assert.Single(network.Client.ListRoutes(new RouteFilter { Table = -1 }));
        network.Client.DeleteRoute(listed);
        Assert.Empty(network.Client.ListRoutes(new RouteFilter { Table = -1 }));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Everything_that_ip_makes_is_deleted_by_what_is_listed()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        foreach (string route in new[]
        {
            "route add 10.20.0.0/16 via 10.0.0.1 mtu lock 1300 rto_min 30ms congctl cubic features ecn",
            "route add 10.20.0.0/16 via 10.0.0.1 metric 5 realm 3/4",
            "route add 10.21.0.0/16 encap ip id 5 dst 1.2.3.4 dev v0",
            "route add 10.22.0.0/16 nexthop via 10.0.0.1 weight 3 nexthop encap ip id 5 dst 1.2.3.4 dev v0",
            "nexthop add id 7 via 10.0.0.1 dev v0",
            "nexthop add id 8 via fd00::1 dev v0",
            "nexthop add id 9 group 7",
            "route add 10.23.0.0/16 nhid 9",
            "route add 10.24.0.0/16 nhid 8",
            "-6 route add fd23::/64 nhid 8",
            "-6 route add fd24::/64 encap seg6 mode inline segs fd00::7,fd00::8 dev v0",
            "-6 route add fd25::/64 encap seg6local action End.DX6 nh6 fd00::7 dev v0",
            "-6 route add fd26::/64 via fd00::1 mtu 1400 hoplimit 3 expires 500 pref low",
            "-6 route add fd27::/64 nexthop via fd00::1 nexthop encap ip6 id 5 dst fd00::9 via fd00::3 dev v0",
            "route add local 10.28.0.0/16 dev lo",
            "route add throw 10.29.0.0/16 table 99",
        })
            network.Ip(route);
        using RouteBatch batch = network.Client.CreateBatch();
        Listing<Route> routes = network.Client.ListRoutes();
        foreach (Route route in routes.Where(r => r.Protocol == RouteProtocol.Boot))
            batch.DeleteRoute(route);
        Assert.Equal(13, batch.Count);
        Assert.Empty(batch.TrySend());
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.Protocol == RouteProtocol.Boot);
    }

    [LinuxFact(Needs.Root)]
    public void The_way_of_a_packet_is_found()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddRoute(By("10.0.0.1"));
        network.Client.AddRoute(By("10.0.0.9") with { Table = 77 });
        network.Client.AddRule(new RoutingRule(AddressFamily.InterNetwork) { Mark = 5, Table = 77 });

        Route plain = network.Client.GetRoute(IPAddress.Parse("10.5.1.1"));
        Assert.Equal(("10.5.1.1/32", "10.0.0.1", v0, "10.0.0.2", RouteTable.Main), (plain.Destination.ToString(), plain.Gateway?.ToString(), plain.InterfaceIndex, plain.PreferredSource?.ToString(), plain.Table));
        Assert.True(plain.Flags.HasFlag(RouteFlags.Cloned));
        Assert.Equal(("10.0.0.9", 77), (network.Client.GetRoute(new RouteQuery(IPAddress.Parse("10.5.1.1")) { Mark = 5 }).Gateway?.ToString(), network.Client.GetRoute(new RouteQuery(IPAddress.Parse("10.5.1.1")) { Mark = 5 }).Table));
        Route entry = network.Client.GetRoute(new RouteQuery(IPAddress.Parse("10.5.1.1")) { IsForTableEntry = true });
        Assert.Equal((s_destination, RouteFlags.None), (entry.Destination, entry.Flags));
        network.Client.DeleteRoute(entry);

        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.GetRoute(IPAddress.Parse("10.5.1.1")));
        Assert.Equal((Errno.ENETUNREACH, "get the route to", "10.5.1.1"), (e.Errno, e.Operation, e.Target));
        Assert.Equal(RouteType.Local, network.Client.GetRoute(IPAddress.Parse("10.0.0.2")).Type);
        Assert.Equal("fd00::77/128", network.Client.GetRoute(IPAddress.Parse("fd00::77")).Destination.ToString());
    }

    [LinuxFact(Needs.Root)]
    public void The_way_of_a_packet_depends_on_link_user_ports_and_source()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddRoute(By("10.0.0.9") with { Table = 77 });
        var rule = new RoutingRule(AddressFamily.InterNetwork) { Table = 77 };
        var query = new RouteQuery(IPAddress.Parse("10.5.1.1"));
        (RoutingRule Rule, RouteQuery Query)[] cases =
        [
            (rule with { UserIds = new UserIdRange(7, 9) }, query with { UserId = 8 }),
            (rule with { IPProtocol = ProtocolType.Tcp, SourcePorts = new PortRange(5), DestinationPorts = new PortRange(80, 90) }, query with { Protocol = ProtocolType.Tcp, SourcePort = 5, DestinationPort = 85 }),
            (rule with { Source = IPNetwork.Parse("10.0.0.2/32") }, query with { Source = IPAddress.Parse("10.0.0.2") }),
            (rule with { OutputInterface = "v0" }, query with { OutputInterfaceIndex = v0 }),
            (rule with { TypeOfService = 8 }, query with { TypeOfService = 8 }),
        ];
        foreach ((RoutingRule one, RouteQuery asked) in cases)
        {
            network.Client.AddRule(one);
            Assert.Equal(77, network.Client.GetRoute(asked).Table);
            Assert.Equal(Errno.ENETUNREACH, Assert.Throws<NetlinkException>(() => network.Client.GetRoute(query)).Errno);
            network.Client.DeleteRule(one);
        }

        Assert.Throws<ArgumentException>(() => network.Client.GetRoute(query with { Source = IPAddress.IPv6Loopback }));
        Assert.Throws<ArgumentNullException>(() => network.Client.GetRoute((IPAddress)null!));
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.GetRoute(query with { OutputInterfaceIndex = 99 })).Errno);
    }

    private static Route By(string gateway) => new(s_destination) { Gateway = IPAddress.Parse(gateway) };
}
