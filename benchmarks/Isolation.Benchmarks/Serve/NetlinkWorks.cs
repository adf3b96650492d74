using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation.Benchmarks.Serve;

/// <summary>The works of reference/netlink.c through the library.</summary>
internal static class NetlinkWorks
{
    private const int Routes = 100_000, Pairs = 100, Entries = 20_000, Group = 7, SmallTable = 100;

    private static readonly IPAddress s_gateway = IPAddress.Parse("192.0.2.1");

    public static WorkContender Open(string work) => work switch
    {
        "veth" => Veth(),
        "add" => AddRoutes(),
        "dump" => EnumerateRoutes(),
        "list" => ListRoutes(),
        "table" => ListTable(),
        "links" => ListLinks(),
        "group" => DeleteGroup(),
        "fdb" => AddForwardingEntries(),
        _ => throw new ArgumentException($"unknown work {work}"),
    };

    private static WorkContender Veth()
    {
        NetworkNamespace network = MakeNamespace();
        RouteClient here = RouteClient.Open(), inside = RouteClient.Open(network.Handle);
        RouteBatch outer = here.CreateBatch(), inner = inside.CreateBatch();
        return new WorkContender(
            () =>
            {
                outer.Clear();
                outer.AddLink("eth0", new VethLink { Peer = new LinkSettings { Name = "host0" } }, new LinkSettings { NetworkNamespace = network.Handle, IsUp = true });
                outer.ChangeLink("host0", new LinkSettings { IsUp = true });
                outer.Send();
                int index = inside.GetLink("eth0").Index;
                inner.Clear();
                inner.AddAddress(InterfaceAddress.Parse(index, "192.0.2.2/24"));
                inner.AddRoute(Route.Default(s_gateway) with { InterfaceIndex = index });
                inner.Send();
                return 1;
            },
            1,
            outer, inner, here, inside, network)
        {
            After = () => here.DeleteLink("host0"),
        };
    }

    private static WorkContender AddRoutes()
    {
        RouteClient client = RouteClient.Open();
        RouteBatch batch = client.CreateBatch();
        int gateway = client.GetLink("v0").Index;
        return new WorkContender(
            () =>
            {
                batch.Clear();
                for (int i = 0; i < Routes; i++)
                    batch.AddRoute(new Route(new IPNetwork(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 32)) { Gateway = s_gateway, InterfaceIndex = gateway });
                batch.Send();
                return Routes;
            },
            Routes,
            batch, client)
        {
            After = () =>
            {
                client.ChangeLink(gateway, new LinkSettings { IsUp = false });
                client.ChangeLink(gateway, new LinkSettings { IsUp = true });
                Thread.Sleep(50);
            },
        };
    }

    private static WorkContender EnumerateRoutes()
    {
        RouteClient client = RouteClient.Open();
        var filter = new RouteFilter { Family = AddressFamily.InterNetwork, Table = RouteTable.Main };
        long sink = 0;
        return new WorkContender(
            () =>
            {
                int count = 0;
                using SpanListing<RouteEntry> entries = client.EnumerateRoutes(filter);
                foreach (RouteEntry entry in entries)
                {
                    sink += entry.Table + entry.Destination[^1] + entry.InterfaceIndex + entry.Gateway.Length;
                    count++;
                }

                return count >= Routes && sink > 0 ? Routes : 0;
            },
            Routes,
            client);
    }

    private static WorkContender ListRoutes()
    {
        RouteClient client = RouteClient.Open();
        return new WorkContender(() => client.ListRoutes(new RouteFilter { Family = AddressFamily.InterNetwork, Table = RouteTable.Main }).Count >= Routes ? Routes : 0, Routes, client);
    }

    private static WorkContender ListTable()
    {
        RouteClient client = RouteClient.Open();
        return new WorkContender(() => client.ListRoutes(new RouteFilter { Family = AddressFamily.InterNetwork, Table = SmallTable }).Count, 10, client);
    }

    private static WorkContender ListLinks()
    {
        RouteClient client = RouteClient.Open();
        return new WorkContender(() => client.ListLinks().Count, 1001, client);
    }

    private static WorkContender DeleteGroup()
    {
        RouteClient client = RouteClient.Open();
        RouteBatch batch = client.CreateBatch();
        for (int i = 0; i < Pairs; i++)
            batch.AddLink($"a{i}", new VethLink { Peer = new LinkSettings { Name = $"b{i}" } }, new LinkSettings { Group = Group });
        return new WorkContender(
            () =>
            {
                client.DeleteLinkGroup(Group);
                return 1;
            },
            1,
            batch, client)
        {
            Before = batch.Send,
        };
    }

    private static WorkContender AddForwardingEntries()
    {
        RouteClient client = RouteClient.Open();
        RouteBatch batch = client.CreateBatch();
        int port = client.GetLink("v0").Index, bridge = client.GetLink("br0").Index;
        return new WorkContender(
            () =>
            {
                batch.Clear();
                for (int i = 0; i < Entries; i++)
                    batch.AddForwardingEntry(new ForwardingEntry(port, new PhysicalAddress([2, 0, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i])) { Flags = NeighborFlags.Master });
                batch.Send();
                return Entries;
            },
            Entries,
            batch, client)
        {
            After = () =>
            {
                client.ChangeLink(port, new LinkSettings { MasterIndex = 0 });
                client.ChangeLink(port, new LinkSettings { MasterIndex = bridge });
                Thread.Sleep(50);
            },
        };
    }

    /// <summary>A network namespace with nothing but lo.</summary>
    public static NetworkNamespace MakeNamespace()
    {
        NetworkNamespace? made = null;
        var thread = new Thread(() =>
        {
            ThreadNamespace.Unshare(NamespaceKinds.Network);
            made = (NetworkNamespace)Namespace.OfThisThread(NamespaceKinds.Network);
        });
        thread.Start();
        thread.Join();
        return made!;
    }
}
