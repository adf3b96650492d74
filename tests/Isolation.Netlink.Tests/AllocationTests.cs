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
}
