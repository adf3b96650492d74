using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Reflection;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests;

/// <summary>Every kind of link and port comes back from its wire form as it was: generic over the kinds and their properties.</summary>
[NativeOnly]
public sealed class LinkRoundTripTests
{
    // Orders and descriptions of a peer are never told.
    private static readonly string[] s_notTold = ["FlushAddresses", "Peer"];

    // tun is only told.
    private static IEnumerable<LinkKindEntry> Kinds => LinkKinds.All.Where(k => k.Name != TunLink.KindName);

    [Property(MaxTest = 200)]
    public void Every_kind_comes_back_as_it_was(int seed)
    {
        var random = new Random(seed);
        foreach (LinkKindEntry entry in Kinds)
        {
            LinkKind kind = entry.Read(new AttributeReader([]));
            Fill(kind, random, entry.Name.StartsWith("ip6", StringComparison.Ordinal));
            Assert.Equal(kind, Link.Read(Encode(new NewLinkRequest(kind, new LinkSettings { Name = "x0" }))).Kind);
        }
    }

    [Property(MaxTest = 200)]
    public void Every_port_comes_back_as_it_was(int seed)
    {
        var random = new Random(seed);
        foreach (LinkPortEntry entry in LinkKinds.AllPorts)
        {
            LinkPort port = entry.Read(new AttributeReader([]));
            Fill(port, random, isV6: false);
            Assert.Equal(port, Link.Read(Encode(new ChangeLinkPortRequest(1, port))).Port);
        }
    }

    [Property(MaxTest = 500)]
    public void A_kind_without_a_type_comes_back_with_its_bytes(byte[] data, byte[] other)
    {
        var kind = new GenericLink("some") { Data = Encode(data) };
        Assert.Equal(kind, Link.Read(Encode(new NewLinkRequest(kind, new LinkSettings { Name = "x0" }))).Kind);
        Assert.Equal(data.AsSpan().SequenceEqual(other), kind.Equals(kind with { Data = Encode(other) }));
    }

    [Property(MaxTest = 500)]
    public void Settings_come_back_as_they_were(ushort mtu, ushort queue, byte queues, ushort group, uint reasons, byte mode, byte generation, bool isUp, bool arp, bool multicast, bool promiscuous, bool protocolDown)
    {
        var settings = new LinkSettings
        {
            Name = "x0",
            Mtu = mtu,
            TransmitQueueLength = queue,
            Group = group,
            Mode = (LinkMode)mode,
            IPv6AddressGeneration = (IPv6AddressGeneration)generation,
            ProtocolDownReasons = reasons,
            IsProtocolDown = protocolDown,
            IsUp = isUp,
            IsArpEnabled = arp,
            IsMulticastEnabled = multicast,
            IsAllMulticast = !multicast,
            IsPromiscuous = promiscuous,
            SegmentationSize = mtu,
            SegmentationCount = queue,
            ReceiveOffloadSize = group,
            SegmentationSizeIPv4 = queue,
            ReceiveOffloadSizeIPv4 = mtu,
            Broadcast = new PhysicalAddress([255, 255, 255, 255, 255, queues]),
        };
        Link link = Link.Read(Encode(new ChangeLinkRequest(5, null, settings, null)));
        Assert.Equal((5, (int)mtu, (int)queue, (int)group, settings.Mode, settings.IPv6AddressGeneration), (link.Index, link.Mtu, link.TransmitQueueLength, link.Group, (LinkMode?)link.Mode, link.IPv6AddressGeneration));
        Assert.Equal((reasons, protocolDown, isUp, !arp, multicast, !multicast, promiscuous), (link.ProtocolDownReasons, link.IsProtocolDown, link.IsUp, link.Flags.HasFlag(LinkFlags.NoArp), link.Flags.HasFlag(LinkFlags.Multicast), link.Flags.HasFlag(LinkFlags.AllMulticast), link.Flags.HasFlag(LinkFlags.Promiscuous)));
        Assert.Equal(((int)mtu, (int)queue, (int)group, (int)queue, (int)mtu, settings.Broadcast), (link.SegmentationSize, link.SegmentationCount, link.ReceiveOffloadSize, link.SegmentationSizeIPv4, link.ReceiveOffloadSizeIPv4, link.Broadcast));
        Link created = Link.Read(Encode(new NewLinkRequest(new DummyLink(), new LinkSettings { Name = "x0", Index = 9, TransmitQueues = queues, ReceiveQueues = queue })));
        Assert.Equal((9, (int)queues, (int)queue), (created.Index, created.TransmitQueues, created.ReceiveQueues));
    }

    [Property(MaxTest = 500)]
    public void Bridge_vlans_come_back_as_they_were(ushort first, byte count, bool isDefault, bool isUntagged, uint tunnel)
    {
        int from = (first % 3000) + 1, to = from + count;
        var vlan = new BridgeVlan(7, from, to) { IsDefault = isDefault && count == 0, IsUntagged = isUntagged };
        var mapping = new BridgeVlanTunnel(7, from, to, tunnel % 0x100_0000 / 2);
        var vlans = new List<BridgeVlan>();
        var tunnels = new List<BridgeVlanTunnel>();
        BridgeVlanRange.Read(Encode(new BridgeVlanRequest(vlan)), vlans, tunnels);
        BridgeVlanRange.Read(Encode(new BridgeVlanTunnelRequest(mapping)), vlans, tunnels);
        Assert.Equal(vlan, Assert.Single(vlans));
        Assert.Equal(mapping, Assert.Single(tunnels));
    }

    [LinuxFact]
    public void Virtual_functions_and_xdp_are_read_on_demand()
    {
        byte[] body = Encode(default(DetailedBody));
        Assert.Null(Link.Read(body).Xdp);
        Assert.Empty(Link.Read(body).VirtualFunctions);
        Link link = Link.Read(body, LinkDetails.Xdp | LinkDetails.VirtualFunctions);
        Assert.Equal(new LinkXdp { Mode = LinkXdpMode.Generic, ProgramId = 77 }, link.Xdp);
        Assert.Equal(
            new VirtualFunction { Number = 3, Address = new PhysicalAddress([2, 0, 0, 0, 0, 9]), Vlan = 12, VlanPriority = 5, VlanProtocol = 0x8100, MinimumRate = 10, MaximumRate = 20, SpoofCheck = true, IsTrusted = null, State = VirtualFunctionState.Enabled, Statistics = new LinkStatistics { ReceivedPackets = 6 } },
            Assert.Single(link.VirtualFunctions));
    }

    [LinuxFact]
    public void What_a_newer_kernel_tells_is_kept()
    {
        var option = new UnknownLinkOption(2000) { Value = [1, 2, 3] };
        var bridge = Assert.IsType<BridgeLink>(Link.Read(Encode(new NewLinkRequest(new BridgeLink { Priority = 3, UnknownOptions = [option] }, LinkSettings.None))).Kind);
        Assert.Equal(((ushort)3, option), (bridge.Priority!.Value, Assert.Single(bridge.UnknownOptions)));
        Assert.NotEqual(bridge, bridge with { UnknownOptions = [option with { Value = [1, 2] }] });
    }

    private readonly record struct DetailedBody : IRequestBody
    {
        public void WriteTo(MessageWriter writer)
        {
            writer.WriteHeader(default(LinkHeader));
            using (writer.Nest(LinkAttribute.IFLA_XDP))
            {
                writer.Write(XdpAttribute.IFLA_XDP_ATTACHED, LinkXdpMode.Generic);
                writer.Write(XdpAttribute.IFLA_XDP_PROG_ID, 77u);
            }

            using (writer.Nest(LinkAttribute.IFLA_VFINFO_LIST))
            using (writer.Nest(VirtualFunctionListAttribute.IFLA_VF_INFO))
            {
                byte[] mac = new byte[36];
                mac[0] = 3;
                mac[4] = 2;
                mac[9] = 9;
                writer.WriteBytes(VirtualFunctionAttribute.IFLA_VF_MAC, mac);
                using (writer.Nest(VirtualFunctionAttribute.IFLA_VF_VLAN_LIST))
                    writer.Write(VirtualFunctionVlanAttribute.IFLA_VF_VLAN_INFO, new VirtualFunctionVlanData { vf = 3, vlan = 12, qos = 5, vlan_proto = 0x0081 });
                writer.Write(VirtualFunctionAttribute.IFLA_VF_RATE, new VirtualFunctionRateData { vf = 3, min_tx_rate = 10, max_tx_rate = 20 });
                writer.Write(VirtualFunctionAttribute.IFLA_VF_SPOOFCHK, new VirtualFunctionSettingData { vf = 3, setting = 1 });
                writer.Write(VirtualFunctionAttribute.IFLA_VF_TRUST, new VirtualFunctionSettingData { vf = 3, setting = uint.MaxValue });
                writer.Write(VirtualFunctionAttribute.IFLA_VF_LINK_STATE, new VirtualFunctionStateData { vf = 3, link_state = 1 });
                using (writer.Nest(VirtualFunctionAttribute.IFLA_VF_STATS))
                    writer.Write(VirtualFunctionCounterAttribute.IFLA_VF_STATS_RX_PACKETS, 6L);
            }
        }
    }

    private static void Fill(object value, Random random, bool isV6)
    {
        foreach (PropertyInfo property in value.GetType().GetProperties())
        {
            if (property.SetMethod is { IsPublic: true } && !s_notTold.Contains(property.Name) && random.Next(4) > 0 && Make(property, random, isV6) is { } made)
                property.SetValue(value, made);
        }
    }

    private static object? Make(PropertyInfo property, Random random, bool isV6)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum)
        {
            // The two forms of IFLA_IPTUN_FLAGS.
            Array values = Enum.GetValues(type);
            return property.DeclaringType == typeof(IPTunnel) && property.Name == "Flags" && !isV6 ? null : values.GetValue(random.Next(values.Length));
        }

        return property switch
        {
            { Name: "Isatap" } when isV6 => null,
            { Name: "Id" or "DefaultVlan" } when type == typeof(ushort) => (ushort)random.Next(4095),
            { Name: "Id" } => (uint)random.Next(1 << 24),
            { Name: "FlowLabel" } => (uint)random.Next(1 << 20),
            { Name: "RapidDeploymentPrefix" } => Address(random, true),
            { Name: "RapidDeploymentRelayPrefix" } => Address(random, false),
            { Name: "NeighbourTargets" } => Addresses(random, true),
            _ when type == typeof(IPAddress) => Address(random, isV6),
            _ when type == typeof(ImmutableArray<IPAddress>) => Addresses(random, false),
            _ when type == typeof(bool) => random.Next(2) == 1,
            _ when type == typeof(byte) => (byte)random.Next(256),
            _ when type == typeof(ushort) => (ushort)random.Next(65536),
            _ when type == typeof(uint) => (uint)random.NextInt64(1, 1L << 32),
            _ when type == typeof(int) => random.Next(),
            _ when type == typeof(ulong) => (ulong)random.NextInt64(),
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(random.Next(4_000_000)),
            _ when type == typeof(PhysicalAddress) => Mac(random),
            _ when type == typeof(PortRange) => new PortRange((ushort)random.Next(1000), (ushort)random.Next(1000, 65536)),
            _ when type == typeof(ImmutableArray<PhysicalAddress>) => Enumerable.Range(0, random.Next(4)).Select(_ => Mac(random)).ToImmutableArray(),
            _ when type == typeof(ImmutableArray<VlanPriorityMapping>) => Enumerable.Range(0, random.Next(4)).Select(_ => new VlanPriorityMapping((uint)random.Next(), (uint)random.Next(8))).ToImmutableArray(),
            _ when type == typeof(ImmutableArray<UnknownLinkOption>) => Enumerable.Range(1000, random.Next(3)).Select(n => new UnknownLinkOption((ushort)n) { Value = [.. Bytes(random, random.Next(9))] }).ToImmutableArray(),
            _ => throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} is a {type}, of which this test makes none."),
        };
    }

    private static ImmutableArray<IPAddress> Addresses(Random random, bool isV6) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Address(random, isV6))];

    private static IPAddress Address(Random random, bool isV6) => new(Bytes(random, isV6 ? 16 : 4));

    private static PhysicalAddress Mac(Random random) => new(Bytes(random, 6));

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    // An attribute of the kind's own, whatever it is.
    private static byte[] Encode(byte[] data)
    {
        byte[] attribute = new byte[(4 + data.Length + 3) & ~3];
        BitConverter.TryWriteBytes(attribute, (ushort)(4 + data.Length));
        attribute[2] = 1;
        data.CopyTo(attribute, 4);
        return attribute;
    }

    private static byte[] Encode<TBody>(TBody body)
        where TBody : IRequestBody
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "test", null), body);
        return buffer.Bytes[16..].ToArray();
    }
}
