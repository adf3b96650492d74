using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Routes, beside ip-route(8) both ways.</summary>
public sealed class RouteTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out int veth);
        network.Client.AddRoute(Route.Default(IPAddress.Parse("10.0.0.1")));
        network.Client.AddRoute(Route.Default(IPAddress.Parse("fd00::1")) with { Metric = 7 });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.5.0.0/16")) { InterfaceIndex = veth, PreferredSource = IPAddress.Parse("10.0.0.2"), Metric = 9, Protocol = RouteProtocol.Static });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.6.0.0/16")) { Gateway = IPAddress.Parse("fd00::1"), InterfaceIndex = veth });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.7.0.0/16")) { Type = RouteType.Blackhole, Table = 1000 });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.8.0.0/16")) { NextHops = [new NextHop(IPAddress.Parse("10.0.0.1")), new NextHop(IPAddress.Parse("10.0.0.3"), veth) { Weight = 3 }] });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.9.0.0/16")) { Gateway = IPAddress.Parse("10.200.0.1"), InterfaceIndex = veth, IsOnLink = true });

        JsonElement[] shown = network.IpJson("route show table all"), six = network.IpJson("-6 route show default");
        Assert.Equal(("10.0.0.1", "v0", "boot"), (Text(Shown("default"), "gateway"), Text(Shown("default"), "dev"), Text(Shown("default"), "protocol")));
        Assert.Equal(("fd00::1", 7), (Text(Assert.Single(six), "gateway"), six[0].GetProperty("metric").GetInt32()));
        Assert.Equal(("10.0.0.2", 9, "static", "link"), (Text(Shown("10.5.0.0/16"), "prefsrc"), Shown("10.5.0.0/16").GetProperty("metric").GetInt32(), Text(Shown("10.5.0.0/16"), "protocol"), Text(Shown("10.5.0.0/16"), "scope")));
        Assert.Equal(("inet6", "fd00::1"), (Text(Shown("10.6.0.0/16").GetProperty("via"), "family"), Text(Shown("10.6.0.0/16").GetProperty("via"), "host")));
        Assert.Equal(("blackhole", "1000"), (Text(Shown("10.7.0.0/16"), "type"), Text(Shown("10.7.0.0/16"), "table")));
        Assert.Equal([("10.0.0.1", 1), ("10.0.0.3", 3)], Shown("10.8.0.0/16").GetProperty("nexthops").EnumerateArray().Select(h => (Text(h, "gateway"), h.GetProperty("weight").GetInt32())));
        Assert.Contains("onlink", Shown("10.9.0.0/16").GetProperty("flags").EnumerateArray().Select(f => f.GetString()));

        JsonElement Shown(string destination) => shown.First(r => Text(r, "dst") == destination);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_and_what_is_listed_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out int veth);
        string[] made =
        [
            "default via 10.0.0.1",
            "default via 10.0.0.3 metric 50 table 77",
            "10.5.0.0/16 dev v0 src 10.0.0.2 metric 9 proto static",
            "10.6.0.0/16 via inet6 fd00::1 dev v0",
            "blackhole 10.7.0.0/16",
            "unreachable 10.7.1.0/24 metric 4000000000",
            "10.8.0.0/16 nexthop via 10.0.0.1 weight 1 nexthop via 10.0.0.3 dev v0 weight 256",
            "10.9.0.0/16 via 10.200.0.1 dev v0 onlink",
            "10.10.0.0/16 tos 0x10 dev v0",
            "fd01::/64 via fd00::1",
            "fd02::/64 nexthop via fd00::1 weight 2 nexthop via fd00::3 weight 5",
            "fd03::/64 from fd04::/64 via fd00::1",
            "default via fd00::1 table 5000",
            "prohibit fd05::/64",
        ];
        foreach (string route in made)
            network.Ip($"{(route.Contains("fd0", StringComparison.Ordinal) && !route.Contains("inet6", StringComparison.Ordinal) ? "-6 " : "")}route add {route}");
        Route[] routes = Made();
        Assert.Equal(made.Length, routes.Length);

        Assert.Equal(new Route(Route.DefaultIPv4) { Gateway = IPAddress.Parse("10.0.0.1"), InterfaceIndex = veth, Protocol = RouteProtocol.Boot, Scope = RouteScope.Universe }, routes.Single(r => r.IsDefault && r.Table == RouteTable.Main));
        Assert.Equal(
            new Route(IPNetwork.Parse("10.8.0.0/16"))
            {
                NextHops = [new NextHop(IPAddress.Parse("10.0.0.1"), veth), new NextHop(IPAddress.Parse("10.0.0.3"), veth) { Weight = 256 }],
                Protocol = RouteProtocol.Boot,
                Scope = RouteScope.Universe,
            },
            routes.Single(r => r.ToString() == "10.8.0.0/16"));
        Assert.Equal((IPAddress.Parse("fd00::1"), veth), (To("10.6.0.0/16").Gateway, To("10.6.0.0/16").InterfaceIndex));
        Assert.Equal((RouteType.Unreachable, 4_000_000_000u), (To("10.7.1.0/24").Type, To("10.7.1.0/24").Metric));
        Assert.Equal(IPNetwork.Parse("fd04::/64"), To("fd03::/64").Source);
        Assert.Equal(0x10, To("10.10.0.0/16").TypeOfService);
        Assert.True(To("10.9.0.0/16").IsOnLink);
        Assert.Equal(5000, routes.Single(r => r.IsDefault && r.Destination == Route.DefaultIPv6).Table);

        foreach (Route route in routes)
            network.Client.DeleteRoute(route);
        Assert.Empty(Made());

        // The kernel makes routes of its own, those to IPv6 link-local addresses a moment after a link is up.
        Route[] Made() => [.. network.Client.ListRoutes().Where(r => r.Protocol != RouteProtocol.Kernel)];

        Route To(string destination) => routes.Single(r => r.Destination == IPNetwork.Parse(destination));
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_family_table_link_protocol_and_type()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out int veth);
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.5.0.0/16")) { InterfaceIndex = veth, Table = 77, Protocol = RouteProtocol.Dhcp });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.7.0.0/16")) { Type = RouteType.Blackhole });
        Assert.Equal(["10.5.0.0/16"], Shown(new RouteFilter { Table = 77 }));
        Assert.Equal(["10.5.0.0/16"], Shown(new RouteFilter { Protocol = RouteProtocol.Dhcp }));
        Assert.Equal(["blackhole 10.7.0.0/16"], Shown(new RouteFilter { Type = RouteType.Blackhole }));
        Assert.Contains("10.0.0.0/24", Shown(new RouteFilter { Family = AddressFamily.InterNetwork, InterfaceIndex = veth }));
        Assert.All(network.Client.ListRoutes(new RouteFilter { Family = AddressFamily.InterNetworkV6 }), r => Assert.Equal(AddressFamily.InterNetworkV6, r.Destination.BaseAddress.AddressFamily));
        Assert.Empty(Shown(new RouteFilter { Table = 12345 }));

        string[] Shown(RouteFilter filter) => [.. network.Client.ListRoutes(filter).Select(r => r.ToString())];
    }

    [LinuxFact(Needs.Root)]
    public void A_route_is_deleted_by_its_destination_alone()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out _);
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.5.0.0/16")) { Gateway = IPAddress.Parse("10.0.0.1"), Protocol = RouteProtocol.Static, Metric = 3 });
        network.Client.DeleteRoute(new Route(IPNetwork.Parse("10.5.0.0/16")));
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.DeleteRoute(new Route(IPNetwork.Parse("10.5.0.0/16"))));
        Assert.Equal((Errno.ESRCH, "delete the route", "10.5.0.0/16"), (e.Errno, e.Operation, e.Target));
    }

    [LinuxFact(Needs.Root)]
    public void A_route_is_replaced()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out _);
        Route route = Route.Default(IPAddress.Parse("10.0.0.1"));
        network.Client.AddRoute(route);
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AddRoute(route)).Errno);
        network.Client.ReplaceRoute(route with { Gateway = IPAddress.Parse("10.0.0.9") });
        Assert.Equal("default via 10.0.0.9", Assert.Single(network.Client.ListRoutes(new RouteFilter { Table = RouteTable.Main, Family = AddressFamily.InterNetwork }), r => r.IsDefault).ToString());
    }

    [LinuxFact(Needs.Root)]
    public void An_error_names_the_route_and_has_the_kernels_words()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out _);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddRoute(Route.Default(IPAddress.Parse("192.0.2.1"))));
        Assert.Equal("add the route default via 192.0.2.1 failed: Network is unreachable (ENETUNREACH from RTM_NEWROUTE). The kernel says: Nexthop has invalid gateway", e.Message);
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_description_is_refused_before_anything_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithAddresses(out _);
        var destination = IPNetwork.Parse("10.5.0.0/16");
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(new Route(destination) { Table = 0 }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(new Route(destination) { PreferredSource = IPAddress.IPv6Loopback }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(new Route(destination) { NextHops = [new NextHop(null) { Weight = 257 }] }));
        Assert.Throws<ArgumentException>(() => network.Client.AddRoute(new Route(destination) { NextHops = [.. Enumerable.Repeat(new NextHop(IPAddress.Loopback), 10_000)] }));
        Assert.ThrowsAny<ArgumentException>(() => network.Client.AddRoute(new Route(destination) { InterfaceIndex = -1 }));
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.Destination == destination);
    }

    private static TestNetwork WithAddresses(out int veth)
    {
        var network = new TestNetwork();
        veth = network.AddVeth("v0", "v1", isUp: true).Index;
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.0.0.2/24"));
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "fd00::2/64") with { Flags = AddressFlags.NoDuplicateDetection });
        return network;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
