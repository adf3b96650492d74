using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Tests;

/// <summary>The transport: whose messages count, threads, large dumps.</summary>
public sealed unsafe class ConnectionTests
{
    [LinuxFact(Needs.Root)]
    public void What_a_forger_sent_before_is_dropped_and_counted_and_later_he_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket forger = network.Run(() => NetlinkSocket.Create()), victim = network.Run(() => NetlinkSocket.Create());
        Bind(forger);
        uint port = Bind(victim);

        // An acknowledgement for the first request, forged until the queue is full.
        int sent = 0;
        while (Forge(forger, port) >= 0)
            sent++;
        Assert.True(sent > 10);
        victim.Connect();
        Assert.Equal(sent, victim.ForgedMessages);
        Assert.Equal(-(long)Errno.ECONNREFUSED, Forge(forger, port));

        using var connection = new NetlinkConnection(victim);
        Assert.Throws<NetlinkException>(() => connection.Execute(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete", null), new OneLinkRequest(99)));
        using Dump dump = connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list", null), LinkFilter.All);
        Assert.Equal(["lo"], Links(dump));
    }

    [LinuxFact(Needs.Root)]
    public void Nothing_of_a_flooding_forger_is_accepted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket forger = network.Run(() => NetlinkSocket.Create());
        uint port = Port(network.Client);
        Bind(forger);
        using var stop = new CancellationTokenSource();
        Task<long> flood = Task.Run(() =>
        {
            long accepted = 0;
            while (!stop.IsCancellationRequested)
                accepted += Forge(forger, port) >= 0 ? 1 : 0;
            return accepted;
        });
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.DeleteLink(99)).Errno);
            Assert.Single(network.Client.ListLinks());
        }

        stop.Cancel();
        Assert.Equal((0, 0), (flood.GetAwaiter().GetResult(), network.Client.ForgedMessages));
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

    private static uint Bind(NetlinkSocket socket)
    {
        // connect(2) with the kernel binds; AF_UNSPEC undoes the connection and keeps the address.
        var address = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK };
        Sys.Check("bind", null, SyscallNumber.Connect, socket.Handle.DangerousGetHandle(), (nint)(&address), sizeof(NetlinkAddress));
        var none = default(NetlinkAddress);
        Sys.Check("disconnect", null, SyscallNumber.Connect, socket.Handle.DangerousGetHandle(), (nint)(&none), sizeof(NetlinkAddress));
        return Port(socket);
    }

    private static uint Port(RouteClient client) => Port(client.Connection.Socket);

    private static uint Port(NetlinkSocket socket)
    {
        NetlinkAddress own = default;
        int size = sizeof(NetlinkAddress);
        Sys.Check("ask", null, s_getSockName, socket.Handle.DangerousGetHandle(), (nint)(&own), (nint)(&size));
        return own.nl_pid;
    }

    private static readonly SyscallNumber s_getSockName = SyscallNumber.Custom("getsockname", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 204 : 51);

    // An acknowledgement of request 1.
    private static long Forge(NetlinkSocket forger, uint port)
    {
        int size = sizeof(NetlinkHeader) + sizeof(ErrorHeader);
        byte* message = stackalloc byte[size];
        *(NetlinkHeader*)message = new NetlinkHeader { nlmsg_len = (uint)size, nlmsg_type = NetlinkConstants.NLMSG_ERROR, nlmsg_seq = 1 };
        *(ErrorHeader*)(message + sizeof(NetlinkHeader)) = default;
        var victim = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK, nl_pid = port };
        return Sys.Call(SyscallNumber.SendTo, forger.Handle.DangerousGetHandle(), (nint)message, size, NetlinkConstants.MSG_DONTWAIT, (nint)(&victim), sizeof(NetlinkAddress));
    }
}
