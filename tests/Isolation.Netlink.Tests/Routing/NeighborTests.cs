using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Neighbours, beside ip-neighbour(8) both ways.</summary>
public sealed class NeighborTests
{
    private static readonly PhysicalAddress s_hardware = PhysicalAddress.Parse("02-00-00-00-00-05");

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.5")) { LinkLayerAddress = s_hardware });
        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("fd00::5")) { LinkLayerAddress = s_hardware, State = NeighborState.Reachable, Flags = NeighborFlags.Router | NeighborFlags.ExternallyLearned, Protocol = RouteProtocol.Static });
        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.6")) { State = NeighborState.None, Flags = NeighborFlags.Managed });
        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.7")) { Flags = NeighborFlags.Proxy });

        JsonElement[] shown = network.IpJson("neigh show");
        JsonElement first = shown.Single(n => n.Text("dst") == "10.0.0.5"), second = shown.Single(n => n.Text("dst") == "fd00::5");
        Assert.Equal(("v0", "02:00:00:00:00:05", "PERMANENT"), (first.Text("dev"), first.Text("lladdr"), first.GetProperty("state")[0].GetString()));
        Assert.Equal(("02:00:00:00:00:05", "REACHABLE", "static"), (second.Text("lladdr"), second.GetProperty("state")[0].GetString(), second.Text("protocol")));
        Assert.True(second.TryGetProperty("router", out _));
        Assert.True(second.TryGetProperty("extern_learn", out _));
        Assert.True(shown.Single(n => n.Text("dst") == "10.0.0.6").TryGetProperty("managed", out _));
        Assert.Equal(("10.0.0.7", "v0"), (Assert.Single(network.IpJson("neigh show proxy")).Text("dst"), network.IpJson("neigh show proxy")[0].Text("dev")));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_and_what_is_listed_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Ip("neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0");
        network.Ip("neigh add fd00::5 lladdr 02:00:00:00:00:05 dev v0 nud noarp router protocol static extern_learn");
        network.Ip("neigh add 10.0.0.6 dev v0 managed");
        network.Ip("neigh add proxy 10.0.0.7 dev v0");
        network.Ip("neigh add proxy fd00::7 dev v0 protocol bgp");

        var filter = new NeighborFilter { InterfaceIndex = v0 };
        Neighbor[] listed = [.. network.Client.ListNeighbors(filter).Where(Made), .. network.Client.ListNeighbors(filter with { IsProxy = true })];
        Assert.Equal(5, listed.Length);
        Neighbor first = listed.Single(n => n.ToString() == "10.0.0.5"), second = listed.Single(n => n.ToString() == "fd00::5");
        Assert.Equal((v0, s_hardware, NeighborState.Permanent, NeighborFlags.None), (first.InterfaceIndex, first.LinkLayerAddress, first.State, first.Flags));
        Assert.Equal((NeighborState.NoArp, NeighborFlags.Router | NeighborFlags.ExternallyLearned, RouteProtocol.Static), (second.State, second.Flags, second.Protocol!.Value));
        Assert.InRange(first.Times!.Value.Updated, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.True(listed.Single(n => n.ToString() == "10.0.0.6").Flags.HasFlag(NeighborFlags.Managed));
        Assert.Equal((NeighborFlags.Proxy, (RouteProtocol?)186), (listed.Single(n => n.ToString() == "fd00::7").Flags, listed.Single(n => n.ToString() == "fd00::7").Protocol));

        using RouteBatch batch = network.Client.CreateBatch();
        foreach (Neighbor neighbor in listed)
            batch.DeleteNeighbor(neighbor);
        batch.Send();
        Assert.DoesNotContain(network.Client.ListNeighbors(filter), Made);
        Assert.Empty(network.Client.ListNeighbors(filter with { IsProxy = true }));

        static bool Made(Neighbor neighbor) => neighbor.Address.ToString() is "10.0.0.5" or "10.0.0.6" or "fd00::5";
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_family_link_and_master()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        int v1 = network.Client.GetLink("v1").Index;
        network.Client.AddLink("br0", new BridgeLink());
        int bridge = network.Client.GetLink("br0").Index;
        network.Client.ChangeLink(v1, new LinkSettings { MasterIndex = bridge });
        foreach (int index in new[] { v0, v1 })
        {
            network.Client.AddNeighbor(new Neighbor(index, IPAddress.Parse("10.0.0.5")) { LinkLayerAddress = s_hardware });
            network.Client.AddNeighbor(new Neighbor(index, IPAddress.Parse("fd00::5")) { LinkLayerAddress = s_hardware });
        }

        Assert.Equal([(v1, "10.0.0.5"), (v0, "10.0.0.5")], Shown(new NeighborFilter { Family = AddressFamily.InterNetwork }));
        Assert.Equal([(v0, "10.0.0.5"), (v0, "fd00::5")], Shown(new NeighborFilter { InterfaceIndex = v0 }));
        Assert.Equal([(v1, "10.0.0.5"), (v1, "fd00::5")], Shown(new NeighborFilter { MasterIndex = bridge }));

        (int, string)[] Shown(NeighborFilter filter) => [.. network.Client.ListNeighbors(filter).Where(n => n.State == NeighborState.Permanent).Select(n => (n.InterfaceIndex, n.ToString())).OrderBy(n => n.InterfaceIndex).ThenBy(n => n.Item2)];
    }

    [LinuxFact(Needs.Root)]
    public void A_neighbour_is_added_once_changed_and_replaced()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        var neighbor = new Neighbor(v0, IPAddress.Parse("10.0.0.5")) { LinkLayerAddress = s_hardware };
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.ChangeNeighbor(neighbor)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.GetNeighbor(v0, neighbor.Address)).Errno);
        network.Client.AddNeighbor(neighbor);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddNeighbor(neighbor));
        Assert.Equal((Errno.EEXIST, "add the neighbour", "10.0.0.5"), (e.Errno, e.Operation, e.Target));

        var other = PhysicalAddress.Parse("02-00-00-00-00-06");
        network.Client.ChangeNeighbor(neighbor with { LinkLayerAddress = other, State = NeighborState.NoArp });
        Assert.Equal((other, NeighborState.NoArp), (Read().LinkLayerAddress, Read().State));
        network.Client.ReplaceNeighbor(neighbor);
        Assert.Equal((s_hardware, NeighborState.Permanent), (Read().LinkLayerAddress, Read().State));
        network.Client.AppendNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.8")) { LinkLayerAddress = other });
        Assert.Equal(other, network.Client.GetNeighbor(v0, IPAddress.Parse("10.0.0.8")).LinkLayerAddress);

        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.7")) { Flags = NeighborFlags.Proxy });
        Assert.True(network.Client.GetNeighbor(v0, IPAddress.Parse("10.0.0.7"), isProxy: true).Flags.HasFlag(NeighborFlags.Proxy));

        Neighbor Read() => network.Client.GetNeighbor(v0, neighbor.Address);
    }

    [LinuxFact(Needs.Root)]
    public void A_neighbour_that_does_not_answer_is_asked_several_times()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Parse("10.0.0.66")) { State = NeighborState.None, Flags = NeighborFlags.Use });
        Neighbor asked = network.Client.GetNeighbor(v0, IPAddress.Parse("10.0.0.66"));
        Assert.Equal(NeighborState.Incomplete, asked.State);
        Assert.Null(asked.LinkLayerAddress);
        Assert.True(asked.Probes > 0);
    }

    [LinuxFact(Needs.Root)]
    public void Wrong_neighbours_are_refused_before_anything_is_sent()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        Assert.Throws<ArgumentException>(() => network.Client.AddNeighbor(new Neighbor(0, IPAddress.Loopback)));
        Assert.ThrowsAny<ArgumentException>(() => network.Client.AddNeighbor(new Neighbor(-1, IPAddress.Loopback)));
        Assert.Throws<ArgumentException>(() => network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Loopback) { LinkLayerAddress = PhysicalAddress.None }));
        Assert.Throws<ArgumentException>(() => network.Client.AddNeighbor(new Neighbor(v0, IPAddress.Loopback) { LinkLayerAddress = new PhysicalAddress(new byte[33]) }));
        Assert.Throws<ArgumentNullException>(() => network.Client.AddNeighbor(new Neighbor(v0, null!)));
        Assert.Empty(network.Client.ListNeighbors(new NeighborFilter { Family = AddressFamily.InterNetwork, InterfaceIndex = v0 }));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_tables_have_the_limits_and_each_links_times()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Ip("ntable change name arp_cache dev v0 ucast_probes 7 base_reachable 12000");
        Listing<NeighborTable> tables = network.Client.ListNeighborTables();
        NeighborTable all = tables.Single(t => t is { Name: "arp_cache", InterfaceIndex: null }), link = tables.Single(t => t.Name == "arp_cache" && t.InterfaceIndex == v0);
        Assert.Equal((AddressFamily.InterNetwork, 7, TimeSpan.FromMilliseconds(12000)), (link.Family, link.UnicastProbes, link.BaseReachableTime));
        Assert.True(all.LowThreshold <= all.MiddleThreshold && all.MiddleThreshold <= all.HighThreshold);
        Assert.True(all.Count >= 0);
        Assert.Null(link.HighThreshold);
        Assert.Contains(tables, t => t.Name == "ndisc_cache" && t.Family == AddressFamily.InterNetworkV6 && t.InterfaceIndex == v0);
    }

    [Property(MaxTest = 1000)]
    public void A_neighbour_comes_back_as_it_was(ushort index, uint address, bool isV6, byte[] hardware, ushort state, uint flags, byte? protocol)
    {
        var neighbor = new Neighbor(index + 1, isV6 ? new IPAddress(address).MapToIPv6() : new IPAddress(address))
        {
            LinkLayerAddress = hardware.Length is 0 or > 32 ? null : new PhysicalAddress(hardware),
            State = (NeighborState)state,
            Flags = (NeighborFlags)(flags & 0xffff_ffff),
            Protocol = (RouteProtocol?)protocol,
        };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWNEIGH, 0, "test", null), neighbor);
        Assert.Equal(neighbor, Neighbor.Read(bytes.AsSpan(16)));
    }
}
