using System.Net;
using System.Net.Sockets;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Tuns and taps, whose packets a program reads and writes.</summary>
public sealed class LinkTunTapTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_tun_is_made_in_a_namespace_and_told_as_ip_tells_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using (TunTapDevice device = Open("tap0", new TunTapOptions { Type = TunTapType.Tap, VirtualNetHeader = true, IsMultiQueue = true, IsPersistent = true, Owner = 1234, Group = 4321 }, network))
        {
            Assert.Equal("tap0", device.Name);
            TunLink kind = Assert.IsType<TunLink>(network.Client.GetLink("tap0").Kind);
            Assert.Equal((TunTapType.Tap, 1234u, 4321u, true, true, false, true), (kind.Type, kind.Owner!.Value, kind.Group!.Value, kind.IsPersistent, kind.IsMultiQueue, kind.PacketInformation, kind.VirtualNetHeader));
            System.Text.Json.JsonElement data = Assert.Single(network.IpJson("link show tap0")).GetProperty("linkinfo").GetProperty("info_data");
            Assert.Equal(("tap", "1234", "4321", true, true, false, true), (data.GetProperty("type").GetString(), data.GetProperty("user").ToString(), data.GetProperty("group").ToString(), data.GetProperty("persist").GetBoolean(), data.GetProperty("multi_queue").GetBoolean(), data.GetProperty("pi").GetBoolean(), data.GetProperty("vnet_hdr").GetBoolean()));
            Assert.Throws<ArgumentException>(() => network.Client.ChangeLink(network.Client.GetLink("tap0").Index, new LinkSettings(), kind));
            using TunTapDevice queue = Open("tap0", new TunTapOptions { Type = TunTapType.Tap, VirtualNetHeader = true, IsMultiQueue = true }, network);
            Assert.Equal(2u, Assert.IsType<TunLink>(network.Client.GetLink("tap0").Kind).Queues);
        }

        // It stays until it is deleted.
        Assert.True(network.Client.TryGetLink("tap0", out Link? link));
        network.Client.DeleteLink(link.Index);
    }

    [LinuxFact(Needs.Root)]
    public void Packets_are_read_and_written()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using TunTapDevice device = Open(null, null, network);
        Link link = network.Client.GetLink(device.Name);
        network.Client.ChangeLink(link.Index, new LinkSettings { IsUp = true, IPv6AddressGeneration = IPv6AddressGeneration.None });
        network.Client.AddAddress(InterfaceAddress.Parse(link.Index, "10.0.0.1/24"));
        using Socket socket = network.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 7000));
        socket.ReceiveTimeout = 10_000;
        socket.SendTo("ping"u8, new IPEndPoint(IPAddress.Parse("10.0.0.2"), 8000));
        byte[] packet = new byte[2000];
        int length;
        do
            length = device.Read(packet);
        while (packet[0] >> 4 != 4);
        Assert.Equal((32, "ping"), (length, System.Text.Encoding.ASCII.GetString(packet, 28, 4)));

        // Sent back, with addresses and ports changed for each other, which leaves the checksums as they are.
        byte[] answer = [.. packet[..12], .. packet[16..20], .. packet[12..16], .. packet[22..24], .. packet[20..22], .. packet[24..length]];
        device.Write(answer);
        byte[] received = new byte[10];
        Assert.Equal(4, socket.Receive(received));
        Assert.Equal("ping"u8.ToArray(), received[..4]);
    }

    [LinuxFact(Needs.Root)]
    public void What_cannot_be_opened_is_told()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using TunTapDevice device = Open("t0", null, network);
        LinuxException e = Assert.Throws<LinuxException>(() => Open("t0", new TunTapOptions { IsNew = true }, network));
        Assert.Equal((Errno.EBUSY, "t0", "ioctl"), (e.Errno, e.Target, e.Call));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Open("lo", null, network)).Errno);
        Assert.Throws<ArgumentException>(() => TunTapDevice.Open("a name that is too long"));
        using var file = File.OpenHandle("/dev/null");
        Assert.Equal("The handle is of no network namespace", Assert.Throws<LinuxException>(() => TunTapDevice.Open("t1", null, file)).Hint);
    }

    private static TunTapDevice Open(string? name, TunTapOptions? options, TestNetwork network)
    {
        try
        {
            return TunTapDevice.Open(name, options, network.Namespace);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            Assert.Skip($"This kernel has no tun: {e.Message}");
            throw;
        }
    }
}
