using System.Net;
using System.Net.NetworkInformation;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Framing and attributes: round trips, and bytes that are none of the kernel's.</summary>
[NativeOnly]
public sealed class WireTests
{
    private delegate void Reader(ReadOnlySpan<byte> bytes);

    private static readonly Reader[] s_readers =
    [
        static bytes => Link.Read(bytes),
        static bytes => Route.Read(bytes),
        static bytes => InterfaceAddress.Read(bytes),
        static bytes =>
        {
            foreach (Message message in new MessageReader(bytes))
            {
                ExtendedAcknowledgement.ReadError(message, LinkAttributes.Space, s_link, out _);
                ExtendedAcknowledgement.ReadDone(message, LinkAttributes.Space, s_link, out _);
            }
        },
    ];

    private static readonly byte[] s_link = Encode(new NewLinkRequest(new BridgeLink { HelloTime = TimeSpan.FromSeconds(1) }, new LinkSettings { Name = "br0", Mtu = 1400 }));

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_or_a_typed_error(byte[] bytes) => AssertTyped(bytes);

    // Bytes at random are hardly ever nearly a message, so these are real ones with a few bytes changed, or cut.
    [Property(MaxTest = 5000)]
    public void Any_mutated_message_is_read_or_a_typed_error(int which, (ushort Place, byte Value)[] changes, ushort cut)
    {
        byte[][] real =
        [
            s_link[16..],
            Encode(new NewLinkRequest(new GenericLink("dummy") { Data = new byte[] { 8, 0, 1, 0, 1, 2, 3, 4 } }, new LinkSettings { Name = "x", Address = PhysicalAddress.Parse("02-00-00-00-00-01") }))[16..],
            Encode(new NewRouteRequest(new Route(IPNetwork.Parse("10.0.0.0/8")) { NextHops = [new NextHop(IPAddress.Loopback, 1), new NextHop(IPAddress.IPv6Loopback, 2)] }))[16..],
            Encode(InterfaceAddress.Parse(1, "fd00::2/64") with { ValidLifetime = TimeSpan.FromHours(1) })[16..],
            s_link,
        ];
        byte[] message = [.. real[(uint)which % real.Length]];
        foreach ((ushort place, byte value) in changes)
            message[place % message.Length] = value;
        AssertTyped(message.AsSpan(0, message.Length - (cut % 4 == 0 ? cut / 4 % message.Length : 0)));
    }

    [Property(MaxTest = 1000)]
    public void A_route_comes_back_as_it_was(uint destination, byte prefix, uint gateway, bool isVia, int index, uint metric, int table, byte type, byte protocol, byte scope, (uint Gateway, byte Weight, int Index)[] hops)
    {
        bool several = hops.Length > 0;
        Route route = new(Network(destination, prefix % 33))
        {
            Gateway = several || gateway == 0 ? null : isVia ? new IPAddress(gateway).MapToIPv6() : new IPAddress(gateway),
            InterfaceIndex = several ? 0 : index & int.MaxValue,
            NextHops = [.. hops.Select(h => new NextHop(new IPAddress(h.Gateway), h.Index & int.MaxValue) { Weight = h.Weight + 1 })],
            Metric = metric,
            Table = (table & int.MaxValue) | 1,
            Type = (RouteType)type,
            Protocol = (RouteProtocol)protocol,
            Scope = (RouteScope)scope,
        };
        Assert.Equal(route, Route.Read(Encode(new NewRouteRequest(route)).AsSpan(16)));
        Assert.Equal(route, Route.Read(Encode(new DeleteRouteRequest(route)).AsSpan(16)));
    }

    [Property(MaxTest = 1000)]
    public void An_address_comes_back_as_it_was(uint local, uint peer, bool isV6, byte prefix, uint valid, uint preferred, uint flags, byte scope, ushort index)
    {
        InterfaceAddress address = new(index + 1, Address(local), prefix % (isV6 ? 129 : 33))
        {
            Peer = peer == local || peer == 0 ? null : Address(peer),
            Broadcast = isV6 ? null : Address(peer),
            Label = isV6 ? null : $"v{index}",
            ValidLifetime = TimeSpan.FromSeconds(valid / 2),
            PreferredLifetime = TimeSpan.FromSeconds(preferred / 2),
            Flags = (AddressFlags)flags,
            Scope = (RouteScope)scope,
        };
        Assert.Equal(address, InterfaceAddress.Read(Encode(address).AsSpan(16)));

        IPAddress Address(uint value) => isV6 ? new IPAddress(value).MapToIPv6() : new IPAddress(value);
    }

    [Property(MaxTest = 1000)]
    public void A_link_comes_back_as_it_was(ushort number, int mtu, int queue, int group, int master, int parent, byte[] data, bool isUp)
    {
        var settings = new LinkSettings { Name = $"l{number}", Mtu = mtu & int.MaxValue, TransmitQueueLength = queue & int.MaxValue, Group = group & int.MaxValue, MasterIndex = master & int.MaxValue, ParentIndex = parent & int.MaxValue, Address = new PhysicalAddress([2, 0, 0, 0, 0, 1]), IsUp = isUp };
        var read = Link.Read(Encode(new NewLinkRequest(new GenericLink("some") { Data = data }, settings)).AsSpan(16));
        Assert.Equal(
            (settings.Name, settings.Mtu, settings.TransmitQueueLength, settings.Group, settings.MasterIndex, settings.ParentIndex, settings.Address, settings.IsUp),
            (read.Name, read.Mtu, read.TransmitQueueLength, read.Group, read.MasterIndex, read.ParentIndex, read.Address, read.IsUp));
        Assert.Equal(data, Assert.IsType<GenericLink>(read.Kind).Data.ToArray());
    }

    [Property(MaxTest = 500)]
    public void A_bridge_comes_back_as_it_was(uint time, bool? spanningTree, ushort? priority, bool? filtering, ushort? protocol, ushort? vlan, ushort? mask, bool? snooping)
    {
        var bridge = new BridgeLink
        {
            ForwardDelay = TimeSpan.FromMilliseconds(time * 10L),
            SpanningTree = spanningTree,
            Priority = priority,
            VlanFiltering = filtering,
            VlanProtocol = protocol,
            DefaultVlan = vlan,
            GroupForwardMask = mask,
            MulticastSnooping = snooping,
        };
        Assert.Equal(bridge, Link.Read(Encode(new NewLinkRequest(bridge, new LinkSettings { Name = "br0" })).AsSpan(16)).Kind);
    }

    [LinuxTheory]
    [InlineData(16 + 16, "IFLA_IFNAME")]
    [InlineData(16 + 16 + 8, "IFLA_MTU")]
    [InlineData(16 + 16 + 16, "IFLA_LINKINFO")]
    [InlineData(16 + 16 + 16 + 4, "IFLA_LINKINFO.IFLA_INFO_KIND")]
    [InlineData(16 + 16 + 16 + 4 + 12, "IFLA_LINKINFO.IFLA_INFO_DATA")]
    [InlineData(16 + 16 + 16 + 4 + 12 + 4, "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_BR_HELLO_TIME")]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(100_000, null)]
    public void An_offset_is_turned_into_the_attributes_name(int offset, string? name) => Assert.Equal(name, AttributePath.At(LinkAttributes.Space, s_link, offset));

    [LinuxFact]
    public void A_missing_attribute_is_named_with_the_one_that_lacks_it()
    {
        Assert.Equal("IFLA_MTU", AttributePath.OfMissing(LinkAttributes.Space, s_link, 0, (ushort)LinkAttribute.IFLA_MTU));
        Assert.Equal("IFLA_LINKINFO.IFLA_INFO_KIND", AttributePath.OfMissing(LinkAttributes.Space, s_link, 16 + 16 + 16, (ushort)LinkInfoAttribute.IFLA_INFO_KIND));
    }

    // struct rtnl_link_stats64 has grown before.
    [LinuxTheory]
    [InlineData(8)]
    [InlineData(400)]
    public void A_shorter_or_longer_struct_is_read(int length)
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "test", null), new StatisticsBody(length));
        Assert.Equal(7, Link.Read(buffer.Bytes[16..]).Statistics.ReceivedPackets);
    }

    private readonly record struct StatisticsBody(int Length) : IRequestBody
    {
        public void WriteTo(MessageWriter writer)
        {
            byte[] data = new byte[Length];
            data[0] = 7;
            writer.WriteHeader(default(LinkHeader));
            writer.WriteBytes(LinkAttribute.IFLA_STATS64, data);
        }
    }

    private static IPNetwork Network(uint address, int prefix)
        => new(new IPAddress(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(prefix == 0 ? 0 : address & (uint.MaxValue << (32 - prefix)))), prefix);

    private static byte[] Encode<TBody>(TBody body)
        where TBody : IRequestBody
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "test", null), body);
        return buffer.Bytes.ToArray();
    }

    private static void AssertTyped(ReadOnlySpan<byte> bytes)
    {
        foreach (Reader read in s_readers)
        {
            try
            {
                read(bytes);
            }
            catch (NetlinkException e)
            {
                Assert.Equal(Errno.EBADMSG, e.Errno);
            }
        }
    }
}
