using System.Net;
using System.Net.Sockets;
using Isolation.Benchmarks.Serve;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation.Benchmarks.Compare;

/// <summary>What netlink leaves to the collector.</summary>
internal static class NetlinkAllocations
{
    public const string Title = "Netlink: allocated, in bytes";

    private const int Count = 10_000, Table = 1000;

    public static void Measure(Report report)
    {
        using NetworkNamespace network = NetlinkWorks.MakeNamespace();
        using RouteClient client = RouteClient.Open(network.Handle);
        using RouteBatch batch = client.CreateBatch();
        client.ChangeLink(1, new LinkSettings { IsUp = true });
        Route[] routes = [.. Enumerable.Range(0, Count).Select(i => new Route(new IPNetwork(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 32)) { InterfaceIndex = 1, Table = Table })];
        var filter = new RouteFilter { Family = AddressFamily.InterNetwork, Table = Table };

        report.Head(Title, "work", "on the calling thread, each");
        report.Row("a route added through a batch that was used before, besides the Route itself", Each(() =>
        {
            batch.Clear();
            foreach (Route route in routes)
                batch.ReplaceRoute(route);
            batch.Send();
        }));
        report.Row("a route enumerated", Each(() =>
        {
            using SpanListing<RouteEntry> entries = client.EnumerateRoutes(filter);
            foreach (RouteEntry entry in entries)
                _ = entry.Destination;
        }));
        report.Row("a route listed", Each(() => client.ListRoutes(filter)));
    }

    private static string Each(Action work)
    {
        work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return $"{(GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count:N1}";
    }
}
