using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>An attacker with CAP_NET_ADMIN in the network namespace, who answers in the kernel's place (S29).</summary>
[NativeOnly]
public sealed class HostileForgerTests
{
    private const int Requests = 10_000;

    [LinuxFact(Needs.Root)]
    public void A_flood_of_forged_messages_is_refused_and_ten_thousand_requests_are_right()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        using var forger = new Forger(network);
        uint port = Forger.Port(network.Client.Connection.Socket);
        long accepted = 0, refused = 0;
        using var stop = new CancellationTokenSource();
        var flood = new Thread(() =>
        {
            for (uint sequence = 0; !stop.IsCancellationRequested; sequence = (sequence + 1) % (2 * Requests))
            {
                foreach (byte[] message in Lies(sequence))
                {
                    long result = forger.Send(port, message);
                    Assert.True(result >= 0 || result == -(long)Errno.ECONNREFUSED);
                    if (result >= 0)
                        accepted++;
                    else
                        refused++;
                }
            }
        });
        flood.Start();
        try
        {
            for (int i = 0; i < Requests; i++)
                AskOne(network.Client, i, veth);
        }
        finally
        {
            stop.Cancel();
            flood.Join();
        }

        Assert.Equal((0, 0), (accepted, network.Client.ForgedMessages));
        Assert.True(refused > Requests, $"Only {refused} were sent.");
    }

    [LinuxFact(Needs.Root)]
    public void Forged_messages_that_reach_the_queue_are_dropped_and_counted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using var forger = new Forger(network);
        using NetlinkSocket socket = network.Run(static () => NetlinkSocket.Create());
        uint port = Forger.Bind(socket);
        using var connection = new NetlinkConnection(socket);
        long sent = 0;

        // Three lies about each request, before it is made.
        for (uint sequence = 1; sequence <= 2000; sequence += 2)
        {
            foreach (byte[] message in Lies(sequence).Concat(Lies(sequence + 1)))
                sent += forger.Send(port, message) >= 0 ? 1 : 0;
            NetlinkException e = Assert.Throws<NetlinkException>(() => connection.Execute(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete", null), new OneLinkRequest(99)));
            Assert.Equal(Errno.ENODEV, e.Errno);
            Assert.Equal("lo", connection.Get(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "get", null), new OneLinkRequest(1), Link.Read).Name);
        }

        Assert.Equal((6000, 6000), (sent, socket.ForgedMessages));
    }

    [LinuxFact(Needs.Root)]
    public void A_socket_that_checks_no_sender_believes_a_forger()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using var forger = new Forger(network);
        using var connection = new NetlinkConnection(new CredulousSocket(network.Run(static () => NetlinkSocket.Create())));
        uint port = Forger.Bind(connection.Socket);
        Assert.True(forger.Send(port, FakeKernel.Acknowledgement(1)) > 0);

        // There is no such link, but the forger said that it was deleted.
        connection.Execute(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete", null), new OneLinkRequest(99));
    }

    private static void AskOne(RouteClient client, int i, int veth)
    {
        switch (i % 5)
        {
            case 0:
                Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => client.DeleteLink(99)).Errno);
                break;
            case 1:
                Assert.Equal("v0", client.GetLink(veth).Name);
                break;
            case 2:
                Assert.Equal(3, client.ListLinks().Count);
                break;
            case 3:
                client.ReplaceAddress(InterfaceAddress.Parse(veth, "10.0.0.2/24"));
                break;
            default:
                Assert.Equal(IPAddress.Parse("10.0.0.2"), Assert.Single(client.ListAddresses()).Address);
                break;
        }
    }

    // All that an answer can be: done, refused, a part of a dump.
    private static byte[][] Lies(uint sequence) =>
    [
        FakeKernel.Acknowledgement(sequence),
        FakeKernel.Acknowledgement(sequence, -(int)Errno.EPERM),
        FakeKernel.LinkMessage(sequence, 77, NetlinkMessageFlags.NLM_F_DUMP_INTR),
    ];
}
