using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>The transport: whose messages count, threads, large dumps.</summary>
public sealed class ConnectionTests
{
    [LinuxFact(Needs.Root)]
    public void What_a_forger_sent_before_is_dropped_and_counted_and_later_he_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using var forger = new Forger(network);
        using NetlinkSocket victim = network.Run(static () => NetlinkSocket.Create());
        uint port = Forger.Bind(victim);

        // An acknowledgement for the first request, forged until the queue is full.
        int sent = 0;
        byte[] forged = FakeKernel.Acknowledgement(1);
        while (forger.Send(port, forged) >= 0)
            sent++;
        Assert.True(sent > 10);
        victim.Connect();
        Assert.Equal(sent, victim.ForgedMessages);
        Assert.Equal(-(long)Errno.ECONNREFUSED, forger.Send(port, forged));

        using var connection = new NetlinkConnection(victim);
        Assert.Throws<NetlinkException>(() => connection.Execute(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete", null), new OneLinkRequest(99)));
        using Dump dump = connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list", null), LinkFilter.All);
        Assert.Equal(["lo"], Links(dump));
    }

    [LinuxFact(Needs.Root)]
    public void Requests_and_dumps_of_many_threads_queue()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.AddVeth("v0", "v1");
        Parallel.For(0, 400, i =>
        {
            if (i % 2 == 0)
                Assert.Equal(3, network.Client.ListLinks().Count);
            else
                Assert.Equal("v0", network.Client.GetLink("v0").Name);
        });
    }

    [LinuxFact(Needs.Root)]
    public void A_large_dump_is_complete()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 0; i < 20_000; i++)
            batch.AddRoute(new Route(new IPNetwork(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 32)) { InterfaceIndex = 1, Table = 1000 });
        batch.Send();
        Listing<Route> routes = network.Client.ListRoutes(new RouteFilter { Table = 1000 });
        Assert.False(routes.IsInterrupted);
        Assert.Equal(20_000, routes.Select(r => r.Destination).Distinct().Count());
    }

    [LinuxFact(Needs.Root)]
    public void An_answer_that_does_not_fit_is_asked_for_again_with_more_room()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.AddLink("br0", new BridgeLink());
        Link bridge = network.Client.GetLink("br0");

        // As many as an attribute's 64 KB have room for: with what else is told, the answer is longer than the first buffer.
        string[] names = [.. Enumerable.Range(0, 496).Select(i => $"{new string('n', 120)}{i:d4}")];
        foreach (string name in names)
            network.Client.AddAlternativeName(bridge.Index, name);
        Assert.Equal(names, network.Client.GetLink("br0").AlternativeNames);
    }

    [LinuxFact]
    public void What_is_no_network_namespace_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using Microsoft.Win32.SafeHandles.SafeFileHandle other = File.OpenHandle("/proc/self/ns/uts");
        LinuxException e = Assert.Throws<LinuxException>(() => RouteClient.Open(other));
        Assert.Equal((Errno.EINVAL, "setns"), (e.Errno, e.Call));
    }

    [LinuxFact]
    public void A_disposed_client_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        RouteClient client = RouteClient.Open();
        client.Dispose();
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.ListLinks());
        Assert.Throws<ObjectDisposedException>(() => client.DeleteLink(99));
    }

    private static string[] Links(Dump dump)
    {
        var names = new List<string>();
        foreach (ReadOnlySpan<byte> body in dump)
            names.Add(Link.Read(body).Name);
        return [.. names];
    }
}
