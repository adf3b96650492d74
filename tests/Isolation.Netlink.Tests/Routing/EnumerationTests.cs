using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Going over what was listed without a value for each entry.</summary>
public sealed class EnumerationTests
{
    private const int Count = 10_000;

    private delegate int Walk(RouteClient client);

    [LinuxFact(Needs.Root)]
    public void Each_entry_tells_what_the_value_made_of_it_tells()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddRoute(Route.Default(IPAddress.Parse("10.0.0.1")) with { Metric = 3 });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.6.0.0/16")) { Gateway = IPAddress.Parse("fd00::1"), InterfaceIndex = v0, Table = 1000 });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.8.0.0/16")) { NextHops = [new NextHop(IPAddress.Parse("10.0.0.1")), new NextHop(IPAddress.Parse("10.0.0.3"))] });
        network.Client.AddNextHop(new NextHopObject(5) { InterfaceIndex = v0 });
        network.Client.AddRoute(new Route(IPNetwork.Parse("10.9.0.0/16")) { NextHopId = 5, TypeOfService = 4 });

        // The kernel adds those of link-local addresses a little after the links are up: between the two lists, maybe.
        Eventually.Equal(0, () => network.Client.ListRoutes().Count - CompareEach(network.Client));
    }

    private static int CompareEach(RouteClient client)
    {
        int seen = 0;
        foreach (RouteEntry entry in client.EnumerateRoutes())
        {
            var route = entry.ToRoute();
            Assert.Equal(route.Destination.BaseAddress.AddressFamily, entry.Family);
            Assert.Equal(route.Destination.BaseAddress.GetAddressBytes(), entry.Destination.IsEmpty ? new byte[entry.Family == AddressFamily.InterNetwork ? 4 : 16] : entry.Destination.ToArray());
            Assert.Equal((route.Destination.PrefixLength, route.InterfaceIndex, route.Table, route.Metric), (entry.PrefixLength, entry.InterfaceIndex, entry.Table, entry.Metric));
            Assert.Equal((route.Type, route.Protocol, route.Scope, route.Flags, route.TypeOfService), (entry.Type, entry.Protocol, entry.Scope, entry.Flags, entry.TypeOfService));
            Assert.Equal((route.NextHopId ?? 0, !route.NextHops.IsEmpty), (entry.NextHopId, entry.HasSeveralWays));
            Assert.Equal(route.Gateway?.GetAddressBytes() ?? [], entry.Gateway.ToArray());
            Assert.Equal(route.PreferredSource?.GetAddressBytes() ?? [], entry.PreferredSource.ToArray());
            seen++;
        }

        return seen;
    }

    [LinuxFact(Needs.Root)]
    public void A_route_costs_no_allocation()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 0; i < Count; i++)
            batch.AddRoute(new Route(new IPNetwork(new IPAddress([20, (byte)(i >> 8), (byte)i, 1]), 32)) { Gateway = IPAddress.Parse("10.0.0.1"), InterfaceIndex = v0, Table = 77 });
        batch.Send();
        var filter = new RouteFilter { Table = 77, Family = AddressFamily.InterNetwork };
        AssertNothingPerEntry(network.Client, client =>
        {
            int count = 0;
            foreach (RouteEntry route in client.EnumerateRoutes(filter))
                count += route.PrefixLength == 32 && route.Destination[0] == 20 && route.Gateway.Length == 4 && route.InterfaceIndex != 0 ? 1 : 0;
            return count;
        });
    }

    [LinuxFact(Needs.Root)]
    public void A_neighbour_costs_no_allocation()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        using RouteBatch batch = network.Client.CreateBatch();

        // Permanent ones do not count for the limit of the table.
        for (int i = 0; i < Count; i++)
            batch.AddNeighbor(new Neighbor(v0, new IPAddress([10, 0, (byte)(i >> 8), (byte)i])) { LinkLayerAddress = new PhysicalAddress([2, 0, 0, 0, 0, 1]) });
        batch.Send();
        var filter = new NeighborFilter { Family = AddressFamily.InterNetwork, InterfaceIndex = v0 };
        AssertNothingPerEntry(network.Client, client =>
        {
            int count = 0;
            foreach (NeighborEntry neighbor in client.EnumerateNeighbors(filter))
                count += neighbor is { State: NeighborState.Permanent, Flags: NeighborFlags.None } && neighbor.Address.Length == 4 && neighbor.LinkLayerAddress.Length == 6 && neighbor.Family == AddressFamily.InterNetwork ? 1 : 0;
            return count;
        });
    }

    [LinuxFact(Needs.Root)]
    public void A_forwarding_entry_costs_no_allocation()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        int v1 = network.Client.GetLink("v1").Index;
        network.Client.AddLink("br0", new BridgeLink());
        int bridge = network.Client.GetLink("br0").Index;
        network.Client.ChangeLink(v1, new LinkSettings { MasterIndex = bridge });
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 0; i < Count; i++)
            batch.AddForwardingEntry(new ForwardingEntry(v1, new PhysicalAddress([2, 1, 0, 0, (byte)(i >> 8), (byte)i])) { State = NeighborState.NoArp, Flags = NeighborFlags.Master });
        batch.Send();
        var filter = new ForwardingFilter { InterfaceIndex = v1, MasterIndex = bridge };
        AssertNothingPerEntry(network.Client, client =>
        {
            int count = 0;
            foreach (ForwardingSpanEntry entry in client.EnumerateForwardingEntries(filter))
                count += entry.State == NeighborState.NoArp && entry.MasterIndex != 0 && entry.Vlan == 0 && entry.Vni == 0 && entry.Destination.IsEmpty && entry.Address[1] == 1 ? 1 : 0;
            return count;
        });
    }

    [LinuxFact(Needs.Root)]
    public void A_loop_that_is_left_early_gives_the_memory_back_and_the_client_works_on()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        foreach (RouteEntry route in network.Client.EnumerateRoutes())
        {
            // The list is complete before the loop begins, so the client is free.
            Assert.NotEmpty(network.Client.ListAddresses());
            Assert.NotEqual(0, route.Table);
            break;
        }

        using SpanListing<RouteEntry> unread = network.Client.EnumerateRoutes(new RouteFilter { Table = 12345 });
        Assert.False(unread.IsInterrupted);
        Assert.False(unread.MoveNext());
    }

    // What a dump of any size costs, such as the list of its pooled parts, may be there; nothing that grows with the entries
    // one by one.
    private static void AssertNothingPerEntry(RouteClient client, Walk walk)
    {
        const int Most = 1000;
        for (int i = 0; i < 3; i++)
            Assert.Equal(Count, walk(client));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = walk(client);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Count, count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes for {count} entries");
        Assert.InRange(allocated, 0, Most);
    }
}
