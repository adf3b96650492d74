using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Tests;

/// <summary>Small queues, changes under a dump, several threads: what overruns and interrupts (R05, N02).</summary>
[NativeOnly]
public sealed unsafe class HostileLoadTests
{
    [LinuxFact(Needs.Root)]
    public void Ten_thousand_failures_through_the_smallest_queue_are_told_once_each()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.Run(static () => NetlinkSocket.Create());
        SetReceiveBuffer(socket, 1);
        socket.Connect();
        Assert.True(socket.ReceiveBufferSize < 8192);
        using var connection = new NetlinkConnection(socket);
        using RequestBuffer requests = Failing(10_000);
        Assert.Equal(Enumerable.Range(0, 10_000), connection.Execute(requests).Select(f => f.RequestIndex!.Value));
    }

    // What the bounds are for: the same in one send overruns that queue.
    [LinuxFact(Needs.Root)]
    public void More_failures_than_a_queue_has_room_for_overrun_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.Run(static () => NetlinkSocket.Create());
        SetReceiveBuffer(socket, 1);
        socket.Connect();
        using RequestBuffer requests = Failing(500);
        for (int i = 0; i < requests.Count; i++)
            requests.Number(i, (uint)i + 1, acknowledge: false);
        socket.Send(requests.Bytes);
        byte[] buffer = new byte[8192];
        Assert.Equal(Errno.ENOBUFS, Assert.Throws<LinuxException>(() => Enumerable.Range(0, 500).Sum(_ => socket.Receive(buffer))).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void Lists_while_addresses_change_are_complete_or_say_that_they_were_interrupted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        IPAddress[] stay = [.. Enumerable.Range(1, 1500).Select(i => new IPAddress([10, 1, (byte)(i >> 8), (byte)i]))];
        using (RouteBatch batch = network.Client.CreateBatch())
        {
            foreach (IPAddress address in stay)
                batch.AddAddress(new InterfaceAddress(1, address, 32));
            batch.Send();
        }

        int interrupted = 0, whole = 0;
        using var stop = new CancellationTokenSource();
        using RouteClient other = RouteClient.Open(network.Namespace);
        Thread changes = StartChanges(other, stop.Token);
        try
        {
            for (int i = 0; i < 100; i++)
            {
                Listing<InterfaceAddress> list = network.Client.ListAddresses(new AddressFilter { Family = AddressFamily.InterNetwork });
                if (list.IsInterrupted)
                {
                    interrupted++;
                    continue;
                }

                whole++;
                Assert.Equal(stay, list.Select(a => a.Address).Where(a => a.GetAddressBytes()[1] == 1));
            }
        }
        finally
        {
            stop.Cancel();
            changes.Join();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{interrupted} interrupted, {whole} whole");
        Assert.Equal(100, interrupted + whole);
        Assert.True(interrupted > 0, "Nothing was interrupted.");
        Assert.False(network.Client.ListAddresses().IsInterrupted);
    }

    [LinuxFact(Needs.Root)]
    public void A_message_larger_than_the_room_is_asked_for_again()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        for (int i = 0; i < 10; i++)
            network.AddVeth($"a{i}", $"b{i}");
        using var connection = new NetlinkConnection(NetlinkSocket.Open(network.Namespace), room: 64);
        using Dump dump = connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list", null), LinkFilter.All);
        int count = 0;
        foreach (ReadOnlySpan<byte> body in dump)
            count += Link.Read(body).Name.Length > 0 ? 1 : 0;
        Assert.Equal(21, count);
        Assert.Equal("a0", connection.Get(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "get", null), new OneLinkRequest(0, "a0"), Link.Read).Name);
    }

    [LinuxFact(Needs.Root)]
    public void Long_dumps_of_two_threads_wait_for_each_other()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 0; i < 5000; i++)
            batch.AddRoute(new Route(new IPNetwork(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 32)) { InterfaceIndex = 1, Table = 1000 });
        batch.Send();
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 50; i++)
                    Assert.Equal(5000, network.Client.ListRoutes(new RouteFilter { Table = 1000, Family = AddressFamily.InterNetwork }).Count);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(failure);
    }

    // Without a queue for threads, the kernel refuses the second dump of a socket.
    [LinuxFact(Needs.Root)]
    public void The_kernel_refuses_a_second_dump_of_a_socket()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        for (int i = 0; i < 50; i++)
            network.AddVeth($"a{i}", $"b{i}");
        using NetlinkSocket socket = NetlinkSocket.Open(network.Namespace);
        using var request = new RequestBuffer();
        request.Append(new RequestDescription(RouteMessageType.RTM_GETLINK, NetlinkMessageFlags.NLM_F_DUMP, "list", null), LinkFilter.All);
        socket.Send(request.Bytes);
        request.Number(0, 2, acknowledge: false);
        socket.Send(request.Bytes);
        byte[] buffer = new byte[64 << 10];
        Errno? answer = null;
        while (answer is null)
        {
            foreach (Message message in new MessageReader(buffer.AsSpan(0, socket.Receive(buffer))))
            {
                if (message.Header is { nlmsg_type: NetlinkConstants.NLMSG_ERROR, nlmsg_seq: 2 })
                    answer = ExtendedAcknowledgement.ReadError(message, null, request.Bytes, out _);
            }
        }

        Assert.Equal(Errno.EBUSY, answer);
        socket.Drain();
    }

    private static Thread StartChanges(RouteClient client, CancellationToken stop)
    {
        var thread = new Thread(() =>
        {
            InterfaceAddress address = InterfaceAddress.Parse(1, "10.2.0.1/32");
            while (!stop.IsCancellationRequested)
            {
                client.AddAddress(address);
                client.DeleteAddress(address);
            }
        });
        thread.Start();
        return thread;
    }

    private static RequestBuffer Failing(int count)
    {
        var requests = new RequestBuffer();
        for (int i = 0; i < count; i++)
            requests.Append(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete", i), new OneLinkRequest(0, $"nobody{i}"));
        return requests;
    }

    private static void SetReceiveBuffer(NetlinkSocket socket, int bytes)
        => Sys.Check("set", null, SyscallNumber.SetSockOpt, socket.Handle.DangerousGetHandle(), NetlinkConstants.SOL_SOCKET, NetlinkConstants.SO_RCVBUF, (nint)(&bytes), sizeof(int));
}
