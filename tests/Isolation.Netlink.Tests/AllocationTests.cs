using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Tests;

/// <summary>What is left to the collector.</summary>
public sealed class AllocationTests
{
    private const int Count = 5000;

    [LinuxFact(Needs.Root)]
    public void A_batch_that_is_used_again_allocates_nothing_for_a_request()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        Route[] routes = [.. Enumerable.Range(0, Count).Select(i => new Route(new IPNetwork(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 32)) { InterfaceIndex = 1, Table = 1000 })];
        using RouteBatch batch = network.Client.CreateBatch();
        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count);
        Assert.Equal(Count, network.Client.ListRoutes(new RouteFilter { Family = AddressFamily.InterNetwork, Table = 1000 }).Count);

        void Fill()
        {
            batch.Clear();
            foreach (Route route in routes)
                batch.ReplaceRoute(route);
            batch.Send();
        }
    }

    [LinuxFact(Needs.Root)]
    public void Routes_that_are_enumerated_allocate_nothing_each()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        using (RouteBatch batch = network.Client.CreateBatch())
        {
            for (int i = 0; i < Count; i++)
                batch.AddRoute(new Route(new IPNetwork(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 32)) { InterfaceIndex = 1, Table = 1000 });
            batch.Send();
        }

        var filter = new RouteFilter { Family = AddressFamily.InterNetwork, Table = 1000 };
        Assert.Equal(Count, Enumerate());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Count, Enumerate());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count);

        int Enumerate()
        {
            int count = 0;
            using SpanListing<RouteEntry> entries = network.Client.EnumerateRoutes(filter);
            foreach (RouteEntry entry in entries)
                count += entry.Destination.Length == 4 && entry.Table == 1000 ? 1 : 0;
            return count;
        }
    }
}
