using System.Net;
using System.Net.NetworkInformation;

namespace Isolation.Netlink.Tests;

/// <summary>One link as ip(8) is asked for it, as it asks the kernel, and as we describe it.</summary>
/// <param name="Arguments">What follows <c>ip link add x0</c>, where p0 is a link with the index <see cref="LinkKindCases.Parent"/>.</param>
/// <param name="Message">What iproute2 6.1 sends for it: strace -e write=3 ip link add x0 …</param>
/// <param name="Kind">The same here.</param>
/// <param name="Settings">What is not of the kind.</param>
public sealed record LinkKindCase(string Arguments, string Message, LinkKind Kind, LinkSettings? Settings = null)
{
    public override string ToString() => Arguments;
}

/// <summary>At least one of each kind, so that each attribute that iproute2 can write is in one.</summary>
internal static class LinkKindCases
{
    public const int Parent = 100;

    public static LinkKindCase[] All { get; } =
    [
        new("type dummy",
            "38000000100005060eae066b00000000000000000000000000000000000000000700030078300000100012000900010064756d6d79000000",
            new DummyLink()),
        new("type ifb",
            "34000000100005060eae066b000000000000000000000000000000000000000007000300783000000c0012000700010069666200",
            new IfbLink()),
        new("type wireguard",
            "3c000000100005060eae066b00000000000000000000000000000000000000000700030078300000140012000d000100776972656775617264000000",
            new WireGuardLink()),
        new("address 02:00:00:00:00:01 type bridge stp_state 0 forward_delay 400 hello_time 200 max_age 700 ageing_time 12000 priority 4096 group_fwd_mask 8 group_address 01:80:c2:00:00:0d no_linklocal_learn 1",
            "98000000100005060fae066b00000000000000000000000000000000000000000a00010002000000000100000700030078300000640012000a0001006272696467650000540002000800050000000000080001009001000008000200c800000008000300bc02000008000400e02e0000060006000010000006000900080000000a0014000180c200000d00000c002e000100000001000000",
            new BridgeLink { SpanningTree = false, ForwardDelay = S(4), HelloTime = S(2), MaximumAge = S(7), AgeingTime = S(120), Priority = 4096, GroupForwardMask = 8, GroupAddress = Mac("01-80-C2-00-00-0D"), LinkLocalLearning = false }, new LinkSettings { Address = Mac("02-00-00-00-00-01") }),
        new("address 02:00:00:00:00:01 type bridge mcast_snooping 1 mcast_router 2 mcast_querier 1 mcast_query_use_ifaddr 1 mcast_hash_max 1024 mcast_last_member_count 3 mcast_startup_query_count 4 mcast_last_member_interval 200 mcast_membership_interval 30000 mcast_querier_interval 20000 mcast_query_interval 15000 mcast_query_response_interval 900 mcast_startup_query_interval 3000 mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2",
            "e0000000100005060fae066b00000000000000000000000000000000000000000a00010002000000000100000700030078300000ac0012000a00010062726964676500009c000200050017000100000005001600020000000500190001000000050018000100000008001b000004000008001c000300000008001d00040000000c001e00c8000000000000000c001f0030750000000000000c002000204e0000000000000c002100983a0000000000000c00220084030000000000000c002300b80b00000000000005002a000100000005002b000300000005002c0002000000",
            new BridgeLink { MulticastSnooping = true, MulticastRouter = BridgeMulticastRouter.Permanent, MulticastQuerier = true, MulticastQueryWithAddress = true, MulticastHashMaximum = 1024, MulticastLastMemberCount = 3, MulticastStartupQueryCount = 4, MulticastLastMemberInterval = S(2), MulticastMembershipInterval = S(300), MulticastQuerierInterval = S(200), MulticastQueryInterval = S(150), MulticastQueryResponseInterval = S(9), MulticastStartupQueryInterval = S(30), MulticastStatistics = true, IgmpVersion = 3, MldVersion = 2 }, new LinkSettings { Address = Mac("02-00-00-00-00-01") }),
        new("address 02:00:00:00:00:01 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 vlan_stats_enabled 1 vlan_stats_per_port 1 mcast_vlan_snooping 0",
            "7c000000100005060fae066b00000000000000000000000000000000000000000a00010002000000000100000700030078300000480012000a00010062726964676500003800020005000700010000000600080088a800000600270007000000050029000100000005002d00010000000c002e000000000002000000",
            new BridgeLink { VlanFiltering = true, VlanProtocol = 0x88a8, DefaultVlan = 7, VlanStatistics = true, VlanStatisticsPerPort = true, MulticastVlanSnooping = false }, new LinkSettings { Address = Mac("02-00-00-00-00-01") }),
        new("address 02:00:00:00:00:01 type bridge nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 1",
            "600000001000050610ae066b00000000000000000000000000000000000000000a000100020000000001000007000300783000002c0012000a00010062726964676500001c000200050024000100000005002500010000000500260001000000",
            new BridgeLink { CallIPTables = true, CallIP6Tables = true, CallArpTables = true }, new LinkSettings { Address = Mac("02-00-00-00-00-01") }),
        new("link p0 type vlan protocol 802.1ad id 100 reorder_hdr off loose_binding on egress-qos-map 0:3 5:6 ingress-qos-map 2:4",
            "880000001000050610ae066b0000000000000000000000000000000000000000080005006400000007000300783000005800120008000100766c616e4c0002000600050088a8000006000100640000001c0003000c00010000000000030000000c0001000500000006000000100004000c00010002000000040000000c0002000400000005000000",
            new VlanLink { Protocol = 0x88a8, Id = 100, ReorderHeader = false, LooseBinding = true, EgressPriorities = [new(0, 3), new(5, 6)], IngressPriorities = [new(2, 4)] }, new LinkSettings { ParentIndex = Parent }),
        new("link p0 address 02:00:00:00:00:02 type macvlan mode bridge bcqueuelen 500",
            "600000001000050610ae066b00000000000000000000000000000000000000000a000100020000000002000008000500640000000700030078300000240012000b0001006d6163766c616e001400020008000700f40100000800010004000000",
            new MacvlanLink { Mode = MacvlanMode.Bridge, BroadcastQueueLength = 500 }, new LinkSettings { ParentIndex = Parent, Address = Mac("02-00-00-00-00-02") }),
        new("link p0 address 02:00:00:00:00:02 type macvlan mode source nodst macaddr set 02:00:00:00:00:08 02:00:00:00:00:09",
            "840000001000050611ae066b00000000000000000000000000000000000000000a000100020000000002000008000500640000000700030078300000480012000b0001006d6163766c616e003800020008000300030000001c0005000a00040002000000000800000a000400020000000009000008000100100000000600020002000000",
            new MacvlanLink { Mode = MacvlanMode.Source, Flags = MacvlanFlags.NoDestination, SourceAddresses = [Mac("02-00-00-00-00-08"), Mac("02-00-00-00-00-09")] }, new LinkSettings { ParentIndex = Parent, Address = Mac("02-00-00-00-00-02") }),
        new("link p0 type macvtap mode vepa",
            "4c0000001000050611ae066b0000000000000000000000000000000000000000080005006400000007000300783000001c0012000b0001006d616376746170000c0002000800010002000000",
            new MacvtapLink { Mode = MacvlanMode.Vepa }, new LinkSettings { ParentIndex = Parent }),
        new("link p0 type ipvlan mode l3s private",
            "540000001000050611ae066b000000000000000000000000000000000000000008000500640000000700030078300000240012000a0001006970766c616e00001400020006000100020000000600020001000000",
            new IPVlanLink { Mode = IPVlanMode.L3S, Flags = IPVlanFlags.Private }, new LinkSettings { ParentIndex = Parent }),
        new("link p0 type ipvtap mode l2 vepa",
            "540000001000050612ae066b000000000000000000000000000000000000000008000500640000000700030078300000240012000a00010069707674617000001400020006000100000000000600020002000000",
            new IPVtapLink { Mode = IPVlanMode.L2, Flags = IPVlanFlags.Vepa }, new LinkSettings { ParentIndex = Parent }),
        new("type vxlan id 42 local 10.0.0.1 remote 10.0.0.2 dev p0 dstport 4789 srcport 1000 2000 ttl 7 tos 4 df set ageing 100 maxaddress 50 nolearning proxy rsc l2miss l3miss noudpcsum",
            "c40000001000050612ae066b000000000000000000000000000000000000000007000300783000009c0012000900010076786c616e0000008c000200080003006400000008000a0003e807d00500050007000000050006000400000005001d00010000000800080064000000080009003200000005000b000100000005000c000100000005000d000100000005000e00010000000500120000000000080001002a000000080004000a000001080002000a000002050007000000000006000f0012b50000",
            new VxlanLink { Id = 42, Local = IPAddress.Parse("10.0.0.1"), Remote = IPAddress.Parse("10.0.0.2"), OutputIndex = Parent, Port = 4789, SourcePorts = new(1000, 2000), TimeToLive = 7, TypeOfService = 4, DontFragment = TunnelDontFragment.Set, AgeingTime = S(100), AddressLimit = 50, Learning = false, Proxy = true, RouteShortCircuit = true, L2Miss = true, L3Miss = true, Checksum = false }),
        new("type vxlan id 43 local fd00::1 remote fd00::2 dstport 4789 flowlabel 0x12345 udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx gbp",
            "a80000001000050613ae066b00000000000000000000000000000000000000000700030078300000800012000900010076786c616e0000007000020008001a0000012345050013000100000005001400010000000500150001000000050016000100000004001700080001002b00000014001100fd00000000000000000000000000000114001000fd000000000000000000000000000002050007000100000006000f0012b50000",
            new VxlanLink { Id = 43, Local = IPAddress.Parse("fd00::1"), Remote = IPAddress.Parse("fd00::2"), Port = 4789, FlowLabel = 0x12345, NoChecksumSent6 = true, NoChecksumReceived6 = true, RemoteChecksumSent = true, RemoteChecksumReceived = true, GroupPolicy = true, Learning = true }),
        new("type vxlan external vnifilter dstport 4789 ttl inherit",
            "600000001000050613ae066b00000000000000000000000000000000000000000700030078300000380012000900010076786c616e00000028000200050019000100000005001e000100000004001c00050007000000000006000f0012b50000",
            new VxlanLink { External = true, NetworkFilter = true, Port = 4789, InheritTimeToLive = true, Learning = false }),
        new("type geneve id 42 remote 10.0.0.2 ttl 7 tos 4 df set dstport 6082 udpcsum",
            "7c0000001000050614ae066b00000000000000000000000000000000000000000700030078300000540012000a00010067656e65766500004400020005000d0001000000080001002a000000080002000a00000208000b0000000000050003000700000005000400040000000600050017c200000500080001000000",
            new GeneveLink { Id = 42, Remote = IPAddress.Parse("10.0.0.2"), TimeToLive = 7, TypeOfService = 4, DontFragment = TunnelDontFragment.Set, Port = 6082, Checksum = true, FlowLabel = 0 }),
        new("type geneve id 42 remote fd00::2 flowlabel 0x12345 udp6zerocsumtx udp6zerocsumrx innerprotoinherit",
            "840000001000050614ae066b000000000000000000000000000000000000000007000300783000005c0012000a00010067656e65766500004c000200080001002a00000014000700fd00000000000000000000000000000208000b00000123450500030000000000050004000000000004000e00050009000100000005000a0001000000",
            new GeneveLink { Id = 42, Remote = IPAddress.Parse("fd00::2"), FlowLabel = 0x12345, NoChecksumSent6 = true, NoChecksumReceived6 = true, InnerProtocolInherit = true, TimeToLive = 0, TypeOfService = 0 }),
        new("type gre local 10.0.0.1 remote 10.0.0.2 dev p0 ttl 7 tos 4 ikey 1 okey 2 icsum ocsum iseq oseq fwmark 5",
            "b00000001000050614ae066b000000000000000000000000000000000000000007000300783000008800120007000100677265007c0002000800040000000001080005000000000206000200b000000006000300b0000000080006000a000001080007000a00000205000a0001000000050009000400000008000100640000000500080007000000080014000500000006000e000000000006000f000000000006001000000000000600110000000000",
            new GreLink { Local = IPAddress.Parse("10.0.0.1"), Remote = IPAddress.Parse("10.0.0.2"), OutputIndex = Parent, TimeToLive = 7, TypeOfService = 4, InputKey = 1, OutputKey = 2, InputChecksum = true, OutputChecksum = true, InputSequence = true, OutputSequence = true, PathMtuDiscovery = true, Mark = 5, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.None, EncapsulationSourcePort = 0, EncapsulationPort = 0 }),
        new("address 02:00:00:00:00:02 type gretap local 10.0.0.1 remote 10.0.0.2 okey 2 nopmtudisc ignore-df",
            "c00000001000050615ae066b00000000000000000000000000000000000000000a000100020000000002000007000300783000008c0012000a00010067726574617000007c0002000800040000000000080005000000000206000200000000000600030020000000080006000a000001080007000a00000205000a0000000000050013000100000005000900000000000500080000000000080014000000000006000e000000000006000f000000000006001000000000000600110000000000",
            new GreTapLink { Local = IPAddress.Parse("10.0.0.1"), Remote = IPAddress.Parse("10.0.0.2"), OutputKey = 2, PathMtuDiscovery = false, IgnoreDontFragment = true, TimeToLive = 0, TypeOfService = 0, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.None, EncapsulationSourcePort = 0, EncapsulationPort = 0 }, new LinkSettings { Address = Mac("02-00-00-00-00-02") }),
        new("type ip6gre local fd00::1 remote fd00::2 hoplimit 9 encaplimit 3 tclass 0x10 flowlabel 0x123 okey 3",
            "d40000001000050615ae066b00000000000000000000000000000000000000000700030078300000ac0012000a00010069703667726500009c000200080004000000000008000500000000030600020000000000060003002000000014000600fd00000000000000000000000000000114000700fd000000000000000000000000000002050008000900000005000b000300000008000c000100012308000d00000000000800140000000000050016000100000006000e000000000006000f000200000006001000000000000600110000000000",
            new IPv6GreLink { Local = IPAddress.Parse("fd00::1"), Remote = IPAddress.Parse("fd00::2"), TimeToLive = 9, EncapsulationLimit = 3, FlowInformation = 0x1000123, OutputKey = 3, Flags = IPv6TunnelFlags.None, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.Checksum6, EncapsulationSourcePort = 0, EncapsulationPort = 0 }),
        new("address 02:00:00:00:00:02 type ip6gretap local fd00::1 remote fd00::2 hoplimit 9 encaplimit none",
            "e40000001000050616ae066b00000000000000000000000000000000000000000a00010002000000000200000700030078300000b00012000d0001006970366772657461700000009c000200080004000000000008000500000000000600020000000000060003000000000014000600fd00000000000000000000000000000114000700fd000000000000000000000000000002050008000900000005000b000400000008000c000000000008000d00010000000800140000000000050016000100000006000e000000000006000f000200000006001000000000000600110000000000",
            new IPv6GreTapLink { Local = IPAddress.Parse("fd00::1"), Remote = IPAddress.Parse("fd00::2"), TimeToLive = 9, EncapsulationLimit = 4, FlowInformation = 0, Flags = IPv6TunnelFlags.IgnoreEncapsulationLimit, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.Checksum6, EncapsulationSourcePort = 0, EncapsulationPort = 0 }, new LinkSettings { Address = Mac("02-00-00-00-00-02") }),
        new("type ipip local 10.0.0.1 remote 10.0.0.2 ttl 7 tos 4 mode any",
            "980000001000050616ae066b00000000000000000000000000000000000000000700030078300000700012000800010069706970640002000500090000000000080002000a000001080003000a00000205000a0001000000050005000400000005000400070000000800010000000000080014000000000006000f0000000000060010000000000006001100000000000600120000000000",
            new IPInIPLink { Local = IPAddress.Parse("10.0.0.1"), Remote = IPAddress.Parse("10.0.0.2"), TimeToLive = 7, TypeOfService = 4, Protocol = 0, PathMtuDiscovery = true, OutputIndex = 0, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.None, EncapsulationSourcePort = 0, EncapsulationPort = 0 }),
        new("type ipip remote 10.0.0.2 encap fou encap-sport 5000 encap-dport 5555 encap-csum",
            "900000001000050616ae066b000000000000000000000000000000000000000007000300783000006800120008000100697069705c0002000500090000000000080003000a00000205000a0001000000050005000000000005000400000000000800010000000000080014000000000006000f0001000000060010000100000006001100138800000600120015b30000",
            new IPInIPLink { Remote = IPAddress.Parse("10.0.0.2"), TimeToLive = 0, TypeOfService = 0, Protocol = 0, PathMtuDiscovery = true, OutputIndex = 0, Mark = 0, Encapsulation = TunnelEncapsulation.Fou, EncapsulationFlags = TunnelEncapsulationFlags.Checksum, EncapsulationSourcePort = 5000, EncapsulationPort = 5555 }),
        new("type sit local 10.0.0.1 ttl 7 isatap 6rd-prefix 2002::/16 6rd-relay_prefix 10.0.0.0/8",
            "c40000001000050617ae066b000000000000000000000000000000000000000007000300783000009c0012000700010073697400900002000500090000000000080002000a00000105000a0001000000050005000000000005000400070000000800010000000000080014000000000006000f0000000000060010000000000006001100000000000600120000000000060008000100000014000b002002000000000000000000000000000006000d001000000008000c000a00000006000e0008000000",
            new SitLink { Local = IPAddress.Parse("10.0.0.1"), TimeToLive = 7, TypeOfService = 0, Protocol = 0, PathMtuDiscovery = true, OutputIndex = 0, Isatap = true, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.None, EncapsulationSourcePort = 0, EncapsulationPort = 0, RapidDeploymentPrefix = IPAddress.Parse("2002::"), RapidDeploymentPrefixLength = 16, RapidDeploymentRelayPrefix = IPAddress.Parse("10.0.0.0"), RapidDeploymentRelayPrefixLength = 8 }),
        new("type ip6tnl local fd00::1 remote fd00::2 mode ipip6 hoplimit 9 encaplimit 3 dscp inherit",
            "bc0000001000050617ae066b00000000000000000000000000000000000000000700030078300000940012000a000100697036746e6c000084000200050009000400000014000200fd00000000000000000000000000000114000300fd00000000000000000000000000000205000400090000000500060003000000080007000000000008000800100000000800010000000000080014000000000006000f0000000000060010000200000006001100000000000600120000000000",
            new IPv6TunnelLink { Local = IPAddress.Parse("fd00::1"), Remote = IPAddress.Parse("fd00::2"), Protocol = 4, TimeToLive = 9, EncapsulationLimit = 3, FlowInformation = 0, Flags = IPv6TunnelFlags.CopyDscp, OutputIndex = 0, Mark = 0, Encapsulation = TunnelEncapsulation.None, EncapsulationFlags = TunnelEncapsulationFlags.Checksum6, EncapsulationSourcePort = 0, EncapsulationPort = 0 }),
        new("type bond mode active-backup miimon 100 updelay 200 downdelay 300 peer_notify_delay 400 primary_reselect better fail_over_mac active resend_igmp 5 num_grat_arp 2 all_slaves_active 1 min_links 2",
            "900000001000050617ae066b000000000000000000000000000000000000000007000300783000006800120008000100626f6e645c0002000500010001000000080003006400000008000400c8000000080005002c01000008001c009001000005000c000100000005000d000100000008000f0005000000050010000200000005001100010000000800120002000000",
            new BondLink { Mode = BondMode.ActiveBackup, MonitorInterval = Ms(100), UpDelay = Ms(200), DownDelay = Ms(300), PeerNotificationDelay = Ms(400), PrimaryReselection = BondPrimaryReselection.Better, FailOverAddress = BondFailOverAddress.Active, IgmpResends = 5, PeerNotifications = 2, AllPortsActive = true, MinimumLinks = 2 }),
        new("type bond mode active-backup arp_validate active arp_interval 500 arp_ip_target 10.0.0.1,10.0.0.2 ns_ip6_target fd00::1 arp_all_targets all arp_missed_max 4",
            "8c0000001000050618ae066b000000000000000000000000000000000000000007000300783000006400120008000100626f6e64580002000500010001000000080009000100000008000700f401000014000800080000000a000001080001000a00000218001f0014000000fd00000000000000000000000000000108000a000100000005001e0004000000",
            new BondLink { Mode = BondMode.ActiveBackup, ArpInterval = Ms(500), ArpTargets = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")], NeighbourTargets = [IPAddress.Parse("fd00::1")], ArpValidation = BondArpValidation.Active, ArpAllTargets = true, MissedMaximum = 4 }),
        new("type bond mode 802.3ad miimon 100 xmit_hash_policy layer3+4 lacp_active off lacp_rate fast ad_select bandwidth ad_actor_sys_prio 100 ad_user_port_key 7 ad_actor_system 02:00:00:00:00:07",
            "840000001000050618ae066b000000000000000000000000000000000000000007000300783000005c00120008000100626f6e64500002000500010004000000080003006400000005000e000100000005001d000000000005001500010000000500160001000000060018006400000006001900070000000a001a000200000000070000",
            new BondLink { Mode = BondMode.Lacp, MonitorInterval = Ms(100), TransmitHash = BondTransmitHash.Layer34, LacpActive = false, LacpRate = BondLacpRate.Fast, AggregatorSelection = BondAggregatorSelection.Bandwidth, ActorSystemPriority = 100, UserPortKey = 7, ActorSystem = Mac("02-00-00-00-00-07") }),
        new("type bond mode balance-rr packets_per_slave 3 lp_interval 4",
            "500000001000050618ae066b000000000000000000000000000000000000000007000300783000002800120008000100626f6e641c000200050001000000000008001400030000000800130004000000",
            new BondLink { Mode = BondMode.RoundRobin, PacketsPerPort = 3, LearningPacketInterval = S(4) }),
        new("type bond mode balance-tlb lp_interval 4 tlb_dynamic_lb 1",
            "500000001000050618ae066b000000000000000000000000000000000000000007000300783000002800120008000100626f6e641c0002000500010005000000080013000400000005001b0001000000",
            new BondLink { Mode = BondMode.TransmitLoadBalancing, LearningPacketInterval = S(4), DynamicLoadBalancing = true }),
        new("type vrf table 100",
            "400000001000050619ae066b000000000000000000000000000000000000000007000300783000001800120007000100767266000c0002000800010064000000",
            new VrfLink { Table = 100 }),
        new("type xfrm dev p0 if_id 7",
            "480000001000050619ae066b0000000000000000000000000000000000000000070003007830000020001200080001007866726d1400020008000200070000000800010064000000",
            new XfrmLink { OutputIndex = Parent, InterfaceId = 7 }),
        new("mtu 1400 numtxqueues 2 numrxqueues 3 type veth peer name x1 mtu 1300 address 02:00:00:00:00:03",
            "80000000100005061aae066b0000000000000000000000000000000000000000080004007805000008001f00020000000800200003000000070003007830000040001200080001007665746834000200300001000000000000000000000000000000000008000400140500000a00010002000000000300000700030078310000",
            new VethLink { Peer = new LinkSettings { Name = "x1", Mtu = 1300, Address = Mac("02-00-00-00-00-03") } }, new LinkSettings { Mtu = 1400, TransmitQueues = 2, ReceiveQueues = 3 }),
    ];

    private static TimeSpan S(int seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static PhysicalAddress Mac(string address) => PhysicalAddress.Parse(address);
}
