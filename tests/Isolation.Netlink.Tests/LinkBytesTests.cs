using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests;

/// <summary>What we send, byte for byte beside what iproute2 6.1 sends for the same thing (captured with strace).</summary>
public sealed class LinkBytesTests
{
    // p0 is 100, p1 is 101, br0 is 200.
    public static TheoryData<string, string, Action<RouteChanges>> Verbs { get; } = new()
    {
        { "ip link set p0 up mtu 1300 alias hello group 7 txqueuelen 55 arp off multicast off allmulticast on promisc on", "440000001000050071a3066b000000000000000064000000810300008113000008000400140500000900140068656c6c6f00000008001b000700000008000d0037000000", b => b.ChangeLink(100, new LinkSettings { IsUp = true, Mtu = 1300, Alias = "hello", Group = 7, TransmitQueueLength = 55, IsArpEnabled = false, IsMulticastEnabled = false, IsAllMulticast = true, IsPromiscuous = true }) },
        { "ip link set p0 addrgenmode none", "300000001000050073a3066b000000000000000064000000000000000000000010001a000c000a000500080001000000", b => b.ChangeLink(100, new LinkSettings { IPv6AddressGeneration = IPv6AddressGeneration.None }) },
        { "ip link set p0 gso_max_size 60000 gso_max_segs 30 gro_max_size 50000", "380000001000050076a3066b00000000000000006400000000000000000000000800290060ea0000080028001e00000008003a0050c30000", b => b.ChangeLink(100, new LinkSettings { SegmentationSize = 60000, SegmentationCount = 30, ReceiveOffloadSize = 50000 }) },
        { "ip link set p0 protodown off", "280000001000050078a3066b00000000000000006400000000000000000000000500270000000000", b => b.ChangeLink(100, new LinkSettings { IsProtocolDown = false }) },
        { "ip link set p0 mode dormant", "28000000100005007aa3066b00000000000000006400000000000000000000000500110001000000", b => b.ChangeLink(100, new LinkSettings { Mode = LinkMode.Dormant }) },
        { "ip link set p0 carrier off", "28000000100005007ca3066b00000000000000006400000000000000000000000500210000000000", b => b.ChangeLink(100, new LinkSettings { HasCarrier = false }) },
        { "ip link set p0 address 02:00:00:00:00:05 broadcast ff:ff:ff:ff:ff:fe", "38000000100005007fa3066b00000000000000006400000000000000000000000a00010002000000000500000a000200fffffffffffe0000", b => b.ChangeLink(100, new LinkSettings { Address = PhysicalAddress.Parse("02-00-00-00-00-05"), Broadcast = PhysicalAddress.Parse("FF-FF-FF-FF-FF-FE") }) },
        { "ip link set p0 nomaster", "280000001000050080a3066b000000000000000064000000000000000000000008000a0000000000", b => b.ChangeLink(100, new LinkSettings { MasterIndex = 0 }) },
        { "ip link set p0 master br0", "280000001000050082a3066b000000000000000064000000000000000000000008000a00c8000000", b => b.ChangeLink(100, new LinkSettings { MasterIndex = 200 }) },
        { "ip link set group 7 up", "280000001000050084a3066b000000000000000000000000010000000100000008001b0007000000", b => b.ChangeLinkGroup(7, new LinkSettings { IsUp = true }) },
        { "ip link property add dev br0 altname one altname two", "340000006c00050e86a3066b0000000000000000c8000000000000000000000014003480080035006f6e65000800350074776f00", b => b.AddAlternativeNames(200, "one", "two") },
        { "ip link property del dev br0 altname one", "2c0000006d00050088a3066b0000000000000000c800000000000000000000000c003480080035006f6e6500", b => b.DeleteAlternativeName(200, "one") },
        { "ip link set br0 type bridge priority 8192 fdb_flush", "400000001000050089a3066b0000000000000000c80000000000000000000000200012000a000100627269646765000010000200060006000020000004001500", b => b.ChangeLink(200, new LinkSettings(), new BridgeLink { Priority = 8192, FlushAddresses = true }) },
        { "ip link set p1 master br0", "28000000100005008ba3066b000000000000000065000000000000000000000008000a00c8000000", b => b.ChangeLink(101, new LinkSettings { MasterIndex = 200 }) },
        { "ip link set p1 type bridge_slave priority 5 cost 77 hairpin on guard on root_block on fastleave on learning off flood off mcast_flood off bcast_flood off mcast_to_unicast on proxy_arp on proxy_arp_wifi on mcast_router 2 group_fwd_mask 8 neigh_suppress on isolated on vlan_tunnel on locked on fdb_flush", "d4000000100005008ca3066b0000000000000000650000000000000000000000b4001200100001006272696467655f736c617665a00005000600020005000000080003004d00000005000400010000000500050001000000050006000100000005000700010000000500080000000000050009000000000005001b000000000005001e000000000005001c000100000005000a000100000005000c0001000000050019000200000006001f00080000000500200001000000050021000100000005001d0001000000050027000100000004001800", b => b.ChangeLinkPort(101, new BridgePort { Priority = 5, Cost = 77, Hairpin = true, Guard = true, RootBlock = true, FastLeave = true, Learning = false, UnicastFlood = false, MulticastFlood = false, BroadcastFlood = false, MulticastToUnicast = true, ProxyArp = true, ProxyArpWifi = true, MulticastRouter = BridgeMulticastRouter.Permanent, GroupForwardMask = 8, NeighbourSuppression = true, Isolated = true, VlanTunnel = true, Locked = true, FlushAddresses = true }) },
        { "ip link set p1 type bridge_slave backup_port br0", "40000000100005008ea3066b000000000000000065000000000000000000000020001200100001006272696467655f736c6176650c00050008002200c8000000", b => b.ChangeLinkPort(101, new BridgePort { BackupPortIndex = 200 }) },
        { "ip link set p1 type bond_slave queue_id 5 prio 9", "480000001000050090a3066b0000000000000000650000000000000000000000280012000e000100626f6e645f736c61766500001400050006000500050000000800090009000000", b => b.ChangeLinkPort(101, new BondPort { QueueId = 5, Priority = 9 }) },
        { "bridge vlan add dev p1 vid 10", "2c0000001300050092a3066b00000000070000006500000000000000000000000c001a000800020000000a00", b => b.AddBridgeVlan(new BridgeVlan(101, 10)) },
        { "bridge vlan add dev p1 vid 10 pvid untagged", "2c0000001300050094a3066b00000000070000006500000000000000000000000c001a000800020006000a00", b => b.AddBridgeVlan(new BridgeVlan(101, 10) { IsDefault = true, IsUntagged = true }) },
        { "bridge vlan add dev p1 vid 10-20", "340000001300050095a3066b000000000700000065000000000000000000000014001a000800020008000a000800020010001400", b => b.AddBridgeVlan(new BridgeVlan(101, 10, 20)) },
        { "bridge vlan add dev br0 vid 10-20 untagged self", "3c0000001300050097a3066b0000000007000000c800000000000000000000001c001a000600000002000000080002000c000a000800020014001400", b => b.AddBridgeVlan(new BridgeVlan(200, 10, 20) { IsUntagged = true, IsOfBridge = true }) },
        { "bridge vlan del dev p1 vid 10-20", "340000001100050099a3066b000000000700000065000000000000000000000014001a000800020008000a000800020010001400", b => b.DeleteBridgeVlan(new BridgeVlan(101, 10, 20)) },
        { "bridge vlan add dev p1 vid 10-20 tunnel_info id 110-120", "5c000000130005009aa3066b00000000070000006500000000000000000000003c001a001c000300080001006e000000060002000a00000006000300080000001c000300080001007800000006000200140000000600030010000000", b => b.AddBridgeVlanTunnel(new BridgeVlanTunnel(101, 10, 20, 110)) },
        { "bridge vlan add dev p1 vid 10 tunnel_info id 110", "40000000130005009ca3066b000000000700000065000000000000000000000020001a001c000300080001006e000000060002000a0000000600030000000000", b => b.AddBridgeVlanTunnel(new BridgeVlanTunnel(101, 10, 10, 110)) },
        { "bridge vlan del dev p1 vid 10 tunnel_info id 110", "40000000110005009da3066b000000000700000065000000000000000000000020001a001c000300080001006e000000060002000a0000000600030000000000", b => b.DeleteBridgeVlanTunnel(new BridgeVlanTunnel(101, 10, 10, 110)) },
        { "ip link set p1 name renamed", "2c000000100005009ea3066b00000000000000006500000000000000000000000c00030072656e616d656400", b => b.ChangeLink(101, new LinkSettings { Name = "renamed" }) },
        { "ip link del p0", "20000000110005009fa3066b0000000000000000640000000000000000000000", b => b.DeleteLink(100) },
        { "ip link del group 7", "2800000011000500a1a3066b000000000000000000000000000000000000000008001b0007000000", b => b.DeleteLinkGroup(7) },
    };

    public static IEnumerable<TheoryDataRow<int, string>> Kinds => LinkKindCases.All.Select((c, i) => new TheoryDataRow<int, string>(i, c.Arguments));

    [LinuxTheory]
    [MemberData(nameof(Verbs), DisableDiscoveryEnumeration = true)]
    public void A_change_is_what_iproute2_sends(string command, string bytes, Action<RouteChanges> change)
    {
        using var batch = new RouteBatch(null!);
        change(batch);
        Assert.Equal(1, batch.Count);
        Assert.Equal($"{command}\n{Show(Convert.FromHexString(bytes))}", $"{command}\n{Show(batch.Requests.Request(0))}");
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void A_new_link_is_what_iproute2_sends(int index, string arguments)
    {
        LinkKindCase of = LinkKindCases.All[index];
        using var batch = new RouteBatch(null!);
        batch.AddLink("x0", of.Kind, of.Settings);
        Assert.Equal($"{arguments}\n{Show(Convert.FromHexString(of.Message))}", $"{arguments}\n{Show(batch.Requests.Request(0))}");
    }

    // A message as text, without what does not matter: sequence numbers; the order of attributes beside each other; the flag for
    // nests, which iproute2 leaves out; the zero byte after the name of a kind, which it leaves out too; the request for an
    // acknowledgement, which we make for the last of a send; NLM_F_APPEND, which says nothing to a link; the zero byte after an alias;
    // a key of zero beside flags that say that there is none; and the version of ERSPAN at tunnels that are none.
    private static string Show(ReadOnlySpan<byte> message)
    {
        var text = new StringBuilder();
        NetlinkHeader header = default;
        foreach (Message one in new MessageReader(message))
            header = one.Header;
        RequestKind kind = (RouteMessageType)header.nlmsg_type;
        NetlinkMessageFlags flags = header.nlmsg_flags & ~(NetlinkMessageFlags)0x800 & ~NetlinkMessageFlags.NLM_F_ACK;
        int fixedSize = Unsafe.SizeOf<NetlinkHeader>() + Unsafe.SizeOf<LinkHeader>();
        text.Append(kind.Name).Append(' ').Append(flags).Append(' ').Append(Convert.ToHexString(message[Unsafe.SizeOf<NetlinkHeader>()..fixedSize])).Append('\n');
        Show(text, message[fixedSize..], kind.Attributes!, 1);
        return text.ToString();
    }

    private static void Show(StringBuilder text, ReadOnlySpan<byte> attributes, AttributeSpace space, int depth)
    {
        var lines = new List<string>();
        string kind = "";
        foreach (Wire.Attribute attribute in new AttributeReader(attributes))
        {
            // iproute2 names a port by another name, which the kernel ignores.
            ushort type = attribute.Type == (ushort)LinkInfoAttribute.IFLA_INFO_KIND && attribute.Text.EndsWith("_slave", StringComparison.Ordinal) ? (ushort)LinkInfoAttribute.IFLA_INFO_SLAVE_KIND : attribute.Type;
            var line = new StringBuilder().Append(' ', depth * 2).Append(space.Name(type));
            if (space.IsKind(type))
            {
                kind = attribute.Text.Replace("_slave", "", StringComparison.Ordinal);
                line.Append(' ').Append(kind).Append('\n');
            }
            else if (space.Inside(type, kind) is { } inside && inside != AttributeSpace.Unknown)
            {
                line.Append(' ').Append(Convert.ToHexString(attribute.Value[..inside.FixedSize])).Append('\n');
                Show(line, attribute.Value[inside.FixedSize..], inside, depth + 1);
            }
            else
            {
                line.Append(' ').Append(Convert.ToHexString(space.Name(type) == "IFLA_IFALIAS" ? attribute.Value.TrimEnd((byte)0) : attribute.Value)).Append('\n');
            }

            if (line.ToString().Trim() is not ("IFLA_GRE_IKEY 00000000" or "IFLA_GRE_OKEY 00000000" or "IFLA_GRE_ERSPAN_VER 01"))
                lines.Add(line.ToString());
        }

        foreach (string line in lines.Order(StringComparer.Ordinal))
            text.Append(line);
    }
}
