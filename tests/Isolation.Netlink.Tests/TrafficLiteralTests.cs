using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests;

/// <summary>Requests of traffic control beside those of tc(8) of iproute2 6.1, as strace(1) saw them; v0 is link 3 and v1 is link 2.</summary>
public sealed class TrafficLiteralTests
{
    private static readonly FqQdisc s_fq = new()
    {
        PacketLimit = 5000,
        FlowPacketLimit = 50,
        Quantum = 3000,
        InitialQuantum = 15000,
        MaximumFlowRate = DataRate.FromMegabits(10),
        Buckets = 512,
        HasPacing = false,
        RefillDelay = Milliseconds(20),
        OrphanMask = 255,
        LowRateThreshold = DataRate.FromMegabits(1),
        CongestionThreshold = Milliseconds(5),
        TimerSlack = TimeSpan.FromMicroseconds(20),
        Horizon = TimeSpan.FromSeconds(5),
        DropsBeyondHorizon = false,
    };

    private static readonly FqCodelQdisc s_fqCodel = new()
    {
        PacketLimit = 5000,
        Flows = 256,
        Target = Milliseconds(10),
        Interval = Milliseconds(200),
        Quantum = 300,
        CongestionThreshold = Milliseconds(2),
        DropBatchSize = 32,
        MemoryLimit = 4 << 20,
        MarksInsteadOfDrop = false,
    };

    private static readonly FlowerFilter s_flowerTcp = new()
    {
        DestinationAddress = PhysicalAddress.Parse("02-00-00-00-00-01"),
        SourceAddress = PhysicalAddress.Parse("02-00-00-00-00-00"),
        SourceAddressMask = PhysicalAddress.Parse("FF-FF-00-00-00-00"),
        Protocol = ProtocolType.Tcp,
        Source = IPNetwork.Parse("10.0.0.0/8"),
        Destination = IPNetwork.Parse("10.1.2.3/32"),
        SourcePorts = 1000,
        DestinationPorts = 80,
        TcpFlags = new Masked<ushort>(0x2, 0x3f),
        Actions = [new GactAction(ActionControl.Drop)],
    };

    private static readonly FlowerFilter s_flowerIPv6 = new()
    {
        Protocol = ProtocolType.Udp,
        Source = IPNetwork.Parse("fd00::/64"),
        Destination = IPNetwork.Parse("fd00::1/128"),
        DestinationPorts = 53,
        TypeOfService = new Masked<byte>(0x10, 0xfc),
        TimeToLive = 64,
        Actions = [new GactAction(ActionControl.Pass)],
    };

    private static readonly FlowerFilter s_flowerVlan = new()
    {
        Vlan = 5,
        VlanPriority = 3,
        VlanEtherType = EtherType.IPv4,
        Protocol = ProtocolType.Icmp,
        IcmpType = 8,
        IcmpCode = 0,
        Actions = [new GactAction(ActionControl.Pass)],
    };

    private static readonly FlowerFilter s_flowerSctp = new() { Protocol = (ProtocolType)132, SourcePorts = 1, DestinationPorts = 2, Actions = [new GactAction(ActionControl.Pass)] };

    private static readonly FlowerFilter s_flowerRange = new()
    {
        Protocol = ProtocolType.Tcp,
        SourcePorts = new FlowerPorts(5, 6),
        DestinationPorts = new FlowerPorts(1000, 2000),
        Actions = [new GactAction(ActionControl.GoToChain(5))],
    };

    private static readonly FlowerFilter s_flowerConnection = new()
    {
        ConnectionState = FlowerConnectionStates.Tracked | FlowerConnectionStates.Established,
        ConnectionStateMask = FlowerConnectionStates.Tracked | FlowerConnectionStates.Established,
        ConnectionZone = 5,
        ConnectionMark = new Masked<uint>(1, 3),
        Actions = [new GactAction(ActionControl.Pass)],
    };

    private static readonly FlowerFilter s_flowerFragment = new()
    {
        IsFragment = true,
        IsFirstFragment = false,
        InputLink = "v1",
        Flags = TrafficFilterFlags.SkipHardware,
        Actions = [new GactAction(ActionControl.Pass)],
    };

    // Without the header of netlink. Tables of transmission times (1024 bytes each) are cut out of tbf, htb and police.
    private static readonly Literal[] s_literals =
    [
        new("qdisc add dev v0 root handle 1: netem delay 50ms", static c => c.AddQdisc(new Qdisc(3, new NetemQdisc { Delay = Milliseconds(50) }) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff000000000a0001006e6574656d0000001c000200c2eb0b00e803000000000000000000000000000000000000"),
        new("qdisc add dev v0 root netem delay 10ms reorder 25% 50% gap 5", static c => c.AddQdisc(3, new NetemQdisc { Delay = Milliseconds(10), Reorder = 0.25, ReorderCorrelation = 0.5, Gap = 5 }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d000000380002005a620200e803000000000000050000000000000000000000100001000000000000000000000000000c0003000000004000000080"),
        new("qdisc add dev v0 root netem loss gemodel 1% 10% 70% 0.1%", static c => c.AddQdisc(3, new NetemQdisc { LossModel = new NetemGilbertElliottLoss(0.01, 0.1) { LossWhenBad = 0.7, LossWhenGood = 0.001 } }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000003400020000000000e8030000000000000000000000000000000000001800058014000200295c8f029a999919cdcccc4c37894100"),
        new("qdisc add dev v0 root netem loss state 1% 20% 30% 5% 40%", static c => c.AddQdisc(3, new NetemQdisc { LossModel = new NetemStateLoss(0.01, 0.2, 0.3, 0.05, 0.4) }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000003800020000000000e8030000000000000000000000000000000000001c00058018000100295c8f0233333333cccccc4c66666666cdcccc0c"),
        new("qdisc add dev v0 root netem loss gemodel 1% ecn", static c => c.AddQdisc(3, new NetemQdisc { LossModel = new NetemGilbertElliottLoss(0.01, 0.99), MarksInsteadOfLoss = true }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000003c00020000000000e80300000000000000000000000000000000000008000700010000001800058014000200295c8f02d6a370fd0000000000000000"),
        new("qdisc add dev v0 root netem rate 1mbit 20 100 5", static c => c.AddQdisc(3, new NetemQdisc { Rate = DataRate.FromMegabits(1), PacketOverhead = 20, CellSize = 100, CellOverhead = 5 }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000003000020000000000e8030000000000000000000000000000000000001400060048e80100140000006400000005000000"),
        new("qdisc add dev v0 root netem rate 100gbit", static c => c.AddQdisc(3, new NetemQdisc { Rate = DataRate.FromGigabits(100) }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000003c00020000000000e8030000000000000000000000000000000000000c00080000dd0ee90200000014000600ffffffff000000000000000000000000"),
        new("qdisc add dev v0 root netem slot 800us 1ms packets 32 bytes 64000", static c => c.AddQdisc(3, new NetemQdisc { Slot = new NetemSlot(TimeSpan.FromMicroseconds(800), Milliseconds(1)) { PacketLimit = 32, ByteLimit = 64000 } }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000004800020000000000e8030000000000000000000000000000000000002c000c0000350c000000000040420f00000000002000000000fa000000000000000000000000000000000000"),
        new("qdisc add dev v0 root netem delay 10s", static c => c.AddQdisc(3, new NetemQdisc { Delay = TimeSpan.FromSeconds(10) }), 36, 0x605, "000000000300000000000000ffffffff000000000a0001006e6574656d0000001c000200902f5009e803000000000000000000000000000000000000"),
        new("qdisc del dev v0 root", static c => c.DeleteQdisc(3, TrafficHandle.Root), 37, 0x5, "000000000300000000000000ffffffff00000000"),
        new("qdisc add dev v0 root handle 1: tbf rate 1mbit burst 10k latency 50ms", static c => c.AddQdisc(new Qdisc(3, new TbfQdisc(DataRate.FromMegabits(1), 10240) { Latency = Milliseconds(50) }) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff000000000800010074626600340002002800010003010000ffff000048e801000000000000000000000000006a40000000881300000000000800060000280000"),
        new("qdisc add dev v0 root handle 1: tbf rate 1mbit burst 10k limit 20k peakrate 2mbit mtu 1514", static c => c.AddQdisc(new Qdisc(3, new TbfQdisc(DataRate.FromMegabits(1), 10240) { Limit = 20480, PeakRate = DataRate.FromMegabits(2), PeakBurst = 1514 }) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff0000000008000100746266003c0002002800010003010000ffff000048e8010003010000ffff000090d003000050000000881300a1710100080006000028000008000700ea050000"),
        new("qdisc add dev v0 root handle 1: htb default 30 r2q 20 direct_qlen 500", static c => c.AddQdisc(new Qdisc(3, new HtbQdisc { DefaultClass = 0x30, RateToQuantum = 20, DirectQueueLength = 500 }) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff0000000008000100687462002400020018000200030000001400000030000000000000000000000008000500f4010000"),
        new("qdisc add dev v0 root handle 1: htb", static c => c.AddQdisc(new Qdisc(3, new HtbQdisc()) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff0000000008000100687462001c00020018000200030000000a000000000000000000000000000000"),
        new("class add dev v0 parent 1: classid 1:1 htb rate 1mbit", static c => c.AddTrafficClass(new TrafficClass(3, new TrafficHandle(1, 0), new TrafficHandle(1, 1), new HtbClass(DataRate.FromMegabits(1)))), 40, 0x605, "00000000030000000100010000000100000000000800010068746200340002003000010003010000ffff000048e8010003010000ffff000048e80100400d0300400d0300000000000000000000000000"),
        new("class add dev v0 parent 1:1 classid 1:10 htb rate 10mbit ceil 20mbit burst 20k cburst 30k prio 3 quantum 3000", static c => c.AddTrafficClass(new TrafficClass(3, new TrafficHandle(1, 1), new TrafficHandle(1, 0x10), new HtbClass(DataRate.FromMegabits(10)) { Ceiling = DataRate.FromMegabits(20), Burst = 20480, CeilingBurst = 30720, Priority = 3, Quantum = 3000 })), 40, 0x605, "00000000030000001000010001000100000000000800010068746200340002003000010003010000ffff0000d012130003010000ffff0000a025260000e8030000ee0200b80b00000000000003000000"),
        new("class change dev v0 parent 1:1 classid 1:10 htb rate 2mbit ceil 4mbit burst 15k cburst 15k", static c => c.ChangeTrafficClass(new TrafficClass(3, new TrafficHandle(1, 1), new TrafficHandle(1, 0x10), new HtbClass(DataRate.FromMegabits(2)) { Ceiling = DataRate.FromMegabits(4), Burst = 15360, CeilingBurst = 15360 })), 40, 0x5, "00000000030000001000010001000100000000000800010068746200340002003000010003010000ffff000090d0030003010000ffff000020a1070000a60e0000530700000000000000000000000000"),
        new("class del dev v0 classid 1:10", static c => c.DeleteTrafficClass(3, new TrafficHandle(1, 0x10)), 41, 0x5, "0000000003000000100001000000000000000000"),
        new("qdisc add dev v0 root handle 1: fq limit 5000 flow_limit 50 quantum 3000 initial_quantum 15000 maxrate 10mbit buckets 512 nopacing refill_delay 20ms orphan_mask 255 low_rate_threshold 1mbit ce_threshold 5ms timer_slack 20us horizon 5s horizon_cap", static c => c.AddQdisc(new Qdisc(3, s_fq) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff0000000007000100667100007400020008000800090000000800010088130000080002003200000008000300b80b000008000400983a0000080005000000000008000700d012130008000b0048e8010008000900204e000008000a00ff00000008000c008813000008000d00204e000008000e00404b4c0005000f0000000000"),
        new("qdisc add dev v0 root fq", static c => c.AddQdisc(3, new FqQdisc()), 36, 0x605, "000000000300000000000000ffffffff00000000070001006671000004000200"),
        new("qdisc add dev v0 root fq_codel limit 5000 flows 256 target 10ms interval 200ms quantum 300 ce_threshold 2ms drop_batch 32 memory_limit 4mb noecn", static c => c.AddQdisc(3, s_fqCodel), 36, 0x605, "000000000300000000000000ffffffff000000000d00010066715f636f64656c000000004c00020008000200881300000800050000010000080006002c01000008000300400d03000800010010270000080004000000000008000700d007000008000900000040000800080020000000"),
        new("qdisc add dev v0 root fq_codel", static c => c.AddQdisc(3, new FqCodelQdisc()), 36, 0x605, "000000000300000000000000ffffffff000000000d00010066715f636f64656c0000000004000200"),
        new("qdisc add dev v0 root handle 1: prio", static c => c.AddQdisc(new Qdisc(3, new PrioQdisc()) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff00000000090001007072696f000000001c000200030000000102020201020000010101010101010104000200"),
        new("qdisc add dev v0 root handle 1: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3", static c => c.AddQdisc(new Qdisc(3, new PrioQdisc { Bands = 4, PriorityMap = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3] }) { Handle = new TrafficHandle(1, 0) }), 36, 0x605, "000000000300000000000100ffffffff00000000090001007072696f000000001c000200040000000102020201020000010101010101010304000200"),
        new("qdisc add dev v0 root pfifo limit 50", static c => c.AddQdisc(3, new PfifoQdisc { PacketLimit = 50 }), 36, 0x605, "000000000300000000000000ffffffff000000000a000100706669666f0000000800020032000000"),
        new("qdisc add dev v0 root bfifo limit 10000", static c => c.AddQdisc(3, new BfifoQdisc { ByteLimit = 10000 }), 36, 0x605, "000000000300000000000000ffffffff000000000a000100626669666f0000000800020010270000"),
        new("qdisc add dev v0 root handle 1: estimator 1s 4s pfifo limit 50", static c => c.AddQdisc(new Qdisc(3, new PfifoQdisc { PacketLimit = 50 }) { Handle = new TrafficHandle(1, 0), Estimator = new RateEstimator(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)) }), 36, 0x605, "000000000300000000000100ffffffff000000000a000100706669666f00000006000500000200000800020032000000"),
        new("qdisc add dev v0 ingress", static c => c.AddQdisc(3, new IngressQdisc()), 36, 0x605, "00000000030000000000fffff1ffffff000000000c000100696e677265737300"),
        new("qdisc add dev v0 clsact", static c => c.AddQdisc(3, new ClsactQdisc()), 36, 0x605, "00000000030000000000fffff1ffffff000000000b000100636c736163740000"),
        new("qdisc del dev v0 clsact", static c => c.DeleteQdisc(new Qdisc(3, new ClsactQdisc())), 37, 0x5, "00000000030000000000fffff1ffffff000000000b000100636c736163740000"),
        new("filter add dev v0 parent 1: protocol ip prio 5 u32 match ip dst 10.0.0.0/8 match ip dport 80 0xffff flowid 1:10", static c => c.AddTrafficFilter(new TrafficFilter(3, new TrafficHandle(1, 0), new U32Filter([.. U32Key.Destination(IPNetwork.Parse("10.0.0.0/8")), U32Key.DestinationPort(80)]) { ClassId = new TrafficHandle(1, 0x10) }) { Priority = 5, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000000001000800050008000100753332004000020008000100100001003400050001000200000000000000000000000000ff0000000a00000010000000000000000000ffff000000501400000000000000"),
        new("filter add dev v0 parent 1: protocol ip prio 5 handle 800::5 u32 match ip src 10.1.2.3 match ip protocol 17 0xff match u32 0x12345678 0xff00ff00 at 20 flowid 1:10", static c => c.AddTrafficFilter(new TrafficFilter(3, new TrafficHandle(1, 0), new U32Filter([.. U32Key.Source(IPNetwork.Parse("10.1.2.3/32")), U32Key.Protocol(ProtocolType.Udp), new U32Key(0x12345678, 0xff00ff00, 20)]) { ClassId = new TrafficHandle(1, 0x10) }) { Priority = 5, Protocol = EtherType.IPv4, Handle = U32Filter.MakeHandle(0x800, 0, 5) }), 44, 0x605, "000000000300000005000080000001000800050008000100753332005000020008000100100001004400050001000300000000000000000000000000ffffffff0a0102030c0000000000000000ff0000001100000800000000000000ff00ff00120056001400000000000000"),
        new("filter add dev v0 parent 1: protocol ip prio 5 u32 match u8 0x40 0xf0 at nexthdr+12 match u16 5 0xffff at -14 flowid 1:10", static c => c.AddTrafficFilter(new TrafficFilter(3, new TrafficHandle(1, 0), new U32Filter(U32Key.OfByte(0x40, 0xf0, 12) with { IsAfterHeader = true }, U32Key.OfUInt16(5, 0xffff, -14)) { ClassId = new TrafficHandle(1, 0x10) }) { Priority = 5, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000000001000800050008000100753332004000020008000100100001003400050001000200000000000000000000000000f0000000400000000c000000ffffffff0000ffff00000005f0ffffff00000000"),
        new("filter add dev v0 parent 1: protocol ipv6 prio 6 u32 match ip6 dst fd00::/64 flowid 1:10", static c => c.AddTrafficFilter(new TrafficFilter(3, new TrafficHandle(1, 0), new U32Filter(U32Key.Destination(IPNetwork.Parse("fd00::/64"))) { ClassId = new TrafficHandle(1, 0x10) }) { Priority = 6, Protocol = EtherType.IPv6 }), 44, 0x605, "0000000003000000000000000000010086dd060008000100753332004000020008000100100001003400050001000200000000000000000000000000fffffffffd0000001800000000000000ffffffff000000001c00000000000000"),
        new("filter add dev v0 ingress protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev v1", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.RedirectToEgress, 2)] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff0003010008000100753332006000020038000700340001000b0001006d69727265640000240002802000020000000000000000000400000000000000000000000100000002000000240005000100010000000000000000000000000000000000000000000000000000000000"),
        new("filter add dev v0 egress protocol all prio 1 matchall action mirred ingress redirect dev v1", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.EgressFilters, new MatchAllFilter { Actions = [new MirredAction(MirredMode.RedirectToIngress, 2)] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f3ffffff000301000d0001006d61746368616c6c000000003c00020038000200340001000b0001006d69727265640000240002802000020000000000000000000400000000000000000000000300000002000000"),
        new("filter add dev v0 egress protocol all prio 1 chain 7 matchall action mirred egress mirror dev v1 pipe action drop", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.EgressFilters, new MatchAllFilter { Actions = [new MirredAction(MirredMode.MirrorToEgress, 2), new GactAction(ActionControl.Drop)] }) { Priority = 1, Chain = 7 }), 44, 0x605, "000000000300000000000000f3ffffff0003010008000b00070000000d0001006d61746368616c6c000000006800020064000200340001000b0001006d697272656400002400028020000200000000000000000003000000000000000000000002000000020000002c0002000900010067616374000000001c000280180002000000000000000000020000000000000000000000"),
        new("filter add dev v0 ingress protocol ip prio 2 handle 0x7 flower dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:00/ff:ff:00:00:00:00 ip_proto tcp src_ip 10.0.0.0/8 dst_ip 10.1.2.3 src_port 1000 dst_port 80 tcp_flags 0x2/0x3f action drop", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerTcp) { Priority = 2, Protocol = EtherType.IPv4, Handle = 7 }), 44, 0x605, "000000000300000007000000f2ffffff080002000b000100666c6f7765720000bc0002000a00040002000000000100000a000500ffffffffffff00000a00060002000000000000000a000700ffff000000000000050009000600000008000a000a00000008000b00ff00000008000c000a01020308000d00ffffffff0600120003e800000600130000500000060047000002000006004800003f0000300003002c0001000900010067616374000000001c00028018000200000000000000000002000000000000000000000008001600000000000600080008000000"),
        new("filter add dev v0 ingress protocol ipv6 prio 3 flower ip_proto udp src_ip fd00::/64 dst_ip fd00::1 dst_port 53 ip_tos 0x10/0xfc ip_ttl 64 action pass", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerIPv6) { Priority = 3, Protocol = EtherType.IPv6 }), 44, 0x605, "000000000300000000000000f2ffffff86dd03000b000100666c6f7765720000c4000200050009001100000014000e00fd00000000000000000000000000000014000f00ffffffffffffffff000000000000000014001000fd00000000000000000000000000000114001100ffffffffffffffffffffffffffffffff0600150000350000050049001000000005004a00fc00000005004b004000000005004c00ff000000300003002c0001000900010067616374000000001c00028018000200000000000000000000000000000000000000000008001600000000000600080086dd0000"),
        new("filter add dev v0 ingress protocol 802.1q prio 4 flower vlan_id 5 vlan_prio 3 vlan_ethtype ipv4 ip_proto icmp type 8 code 0 action pass", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerVlan) { Priority = 4, Protocol = EtherType.Vlan }), 44, 0x605, "000000000300000000000000f2ffffff810004000b000100666c6f7765720000840002000600170005000000050018000300000006001900080000000500090001000000050033000800000005003400ff000000050031000000000005003200ff000000300003002c0001000900010067616374000000001c00028018000200000000000000000000000000000000000000000008001600000000000600080081000000"),
        new("filter add dev v0 ingress protocol ip prio 4 flower ip_proto sctp src_port 1 dst_port 2 action pass", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerSctp) { Priority = 4, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000f2ffffff080004000b000100666c6f77657200005c0002000500090084000000060029000001000006002a0000020000300003002c0001000900010067616374000000001c00028018000200000000000000000000000000000000000000000008001600000000000600080008000000"),
        new("filter add dev v0 ingress protocol ip prio 5 flower ip_proto tcp dst_port 1000-2000 src_port 5-6 action goto chain 5", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerRange) { Priority = 5, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000f2ffffff080005000b000100666c6f77657200006c00020005000900060000000600590003e8000006005a0007d0000006005700000500000600580000060000300003002c0001000900010067616374000000001c00028018000200000000000000000005000020000000000000000008001600000000000600080008000000"),
        new("filter add dev v0 ingress protocol ip prio 6 flower ct_state +trk+est ct_zone 5 ct_mark 1/3 action pass", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerConnection) { Priority = 6, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000f2ffffff080006000b000100666c6f77657200007400020006005b000a00000006005c000a00000006005d000500000006005e00ffff000008005f00010000000800600003000000300003002c0001000900010067616374000000001c00028018000200000000000000000000000000000000000000000008001600000000000600080008000000"),
        new("filter add dev v0 ingress protocol ip prio 7 flower ip_flags frag/nofirstfrag indev v1 skip_hw action pass", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, s_flowerFragment) { Priority = 7, Protocol = EtherType.IPv4 }), 44, 0x605, "000000000300000000000000f2ffffff080007000b000100666c6f77657200005c0002000700020076310000300003002c0001000900010067616374000000001c000280180002000000000000000000000000000000000000000000080016000100000008002f000000000108003000000000030600080008000000"),
        new("filter add dev v0 ingress protocol all prio 1 matchall action police rate 1mbit burst 10k conform-exceed drop/pipe", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new PoliceAction { Rate = DataRate.FromMegabits(1), Burst = 10240, Conform = ActionControl.Pipe }] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff000301000d0001006d61746368616c6c00000000600002005c000200580001000b000100706f6c6963650000480002803c000100000000000200000000000000008813000000000003010000ffff000048e801000000000000000000000000000000000000000000000000000800050003000000"),
        new("filter add dev v0 ingress protocol all prio 1 matchall action police rate 1mbit burst 10k peakrate 2mbit mtu 1514 conform-exceed reclassify", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new PoliceAction { Rate = DataRate.FromMegabits(1), Burst = 10240, PeakRate = DataRate.FromMegabits(2), LargestPacket = 1514, Exceed = ActionControl.Reclassify }] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff000301000d0001006d61746368616c6c000000005800020054000200500001000b000100706f6c6963650000400002803c00010000000000010000000000000000881300ea05000003010000ffff000048e8010003010000ffff000090d00300000000000000000000000000"),
        new("filter add dev v0 ingress protocol all prio 1 matchall action police pkts_rate 1000 pkts_burst 200", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new PoliceAction { PacketRate = 1000, PacketBurst = 200, Exceed = ActionControl.Reclassify }] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff000301000d0001006d61746368616c6c00000000700002006c000200680001000b000100706f6c6963650000580002803c00010000000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000c000a00e8030000000000000c000b0008af2f0000000000"),
        new("filter add dev v0 ingress protocol all prio 1 matchall action gact pass random netrand drop 10", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new GactAction(ActionControl.Pass) { Chance = new GactChance(GactChanceKind.Random, 10, ActionControl.Drop) }] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff000301000d0001006d61746368616c6c00000000400002003c00020038000100090001006761637400000000280002801800020000000000000000000000000000000000000000000c00030001000a0002000000"),
        new("filter add dev v0 ingress protocol all prio 1 matchall action gact pipe random determ drop 10 index 5", static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new GactAction(ActionControl.Pipe) { Index = 5, Chance = new GactChance(GactChanceKind.Counted, 10, ActionControl.Drop) }] }) { Priority = 1 }), 44, 0x605, "000000000300000000000000f2ffffff000301000d0001006d61746368616c6c00000000400002003c00020038000100090001006761637400000000280002801800020005000000000000000300000000000000000000000c00030002000a0002000000"),
        new("filter replace dev v0 ingress protocol all prio 1 handle 1 matchall action gact continue", static c => c.ReplaceTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new GactAction(ActionControl.Continue)] }) { Priority = 1, Handle = 1 }), 44, 0x405, "000000000300000001000000f2ffffff000301000d0001006d61746368616c6c0000000034000200300002002c0001000900010067616374000000001c000280180002000000000000000000ffffffff0000000000000000"),
        new("filter del dev v0 ingress protocol all prio 1 handle 1 matchall", static c => c.DeleteTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new MatchAllFilter()) { Priority = 1, Handle = 1 }), 45, 0x5, "000000000300000001000000f2ffffff000301000d0001006d61746368616c6c00000000"),
        new("filter del dev v0 ingress", static c => c.DeleteTrafficFilters(3, TrafficHandle.IngressFilters), 45, 0x5, "000000000300000000000000f2ffffff00000000"),
        new("filter add dev v0 parent 1: protocol all prio 1 matchall classid 1:10", static c => c.AddTrafficFilter(new TrafficFilter(3, new TrafficHandle(1, 0), new MatchAllFilter { ClassId = new TrafficHandle(1, 0x10) }) { Priority = 1 }), 44, 0x605, "00000000030000000000000000000100000301000d0001006d61746368616c6c000000000c0002000800010010000100"),
        new("actions add action gact drop index 5", static c => c.AddTrafficAction(new GactAction(ActionControl.Drop) { Index = 5 }), 48, 0x605, "00000000300001002c0001000900010067616374000000001c000280180002000500000000000000020000000000000000000000"),
        new("actions add action mirred egress redirect dev v1 index 7", static c => c.AddTrafficAction(new MirredAction(MirredMode.RedirectToEgress, 2) { Index = 7 }), 48, 0x605, "0000000038000100340001000b0001006d69727265640000240002802000020007000000000000000400000000000000000000000100000002000000"),
        new("actions del action gact index 5", static c => c.DeleteTrafficAction(new GactAction(ActionControl.Drop) { Index = 5 }), 49, 0x5, "000000001c000100180001000900010067616374000000000800030005000000"),
    ];

    public static TheoryData<string> Commands => [.. s_literals.Select(l => l.Command)];

    [LinuxTheory]
    [MemberData(nameof(Commands))]
    public void A_request_is_that_of_tc(string command)
    {
        Literal literal = s_literals.Single(l => l.Command == command);
        using var recorder = new Recorder();
        literal.Verb(recorder);
        RequestKind kind = recorder.Requests.Description(0).Kind;
        Assert.Equal((literal.Type, literal.Flags), (kind.Type, (int)(recorder.Requests.Description(0).Flags | NetlinkMessageFlags.NLM_F_REQUEST | NetlinkMessageFlags.NLM_F_ACK)));
        byte[] theirs = Convert.FromHexString(literal.Body), ours = recorder.Requests.Bytes[16..].ToArray();
        int size = kind.Attributes!.FixedSize;
        Assert.Equal(Convert.ToHexString(theirs.AsSpan(0, size)), Convert.ToHexString(ours.AsSpan(0, size)));
        Assert.Equal(Lines(kind.Attributes, theirs.AsSpan(size)), Lines(kind.Attributes, ours.AsSpan(size)));
    }

    // The first times of the table that tc(8) sends for 1 Mbit/s, which 8 bytes take 64 us of.
    [LinuxFact]
    public void A_table_of_transmission_times_is_that_of_tc()
    {
        using var recorder = new Recorder();
        recorder.AddTrafficAction(new PoliceAction { Rate = DataRate.FromMegabits(1), Burst = 10240 });
        int start = recorder.Requests.Bytes.IndexOf(Convert.FromHexString("04040200E8030000D0070000B80B0000A00F00008813000070170000581B0000401F00002823000010270000"));
        Assert.True(start > 0);
        Assert.Equal(256 * 1000, BitConverter.ToInt32(recorder.Requests.Bytes[(start + 1024)..]));
    }

    // Each attribute as a line with its name and those around it. Their order means nothing to the kernel, nor does the flag
    // for nesting, which tc(8) sets here and there.
    private static string[] Lines(AttributeSpace space, ReadOnlySpan<byte> attributes)
    {
        var lines = new List<string>();
        Add(lines, "", space, attributes);
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static void Add(List<string> lines, string around, AttributeSpace space, ReadOnlySpan<byte> attributes)
    {
        string kind = "";
        foreach (Wire.Attribute attribute in new AttributeReader(attributes))
        {
            if (space.IsKind(attribute.Type))
                kind = attribute.Text;
            string name = $"{around}{space.Name(attribute.Type)}";
            if (space.Inside(attribute.Type, kind) is not { } inner)
            {
                lines.Add($"{name} = {Value(space.Name(attribute.Type), attribute.Value, kind)}");
                continue;
            }

            lines.Add($"{name} = {Convert.ToHexString(attribute.Value[..inner.FixedSize])}");
            Add(lines, name + ".", inner, attribute.Value[inner.FixedSize..]);
        }

        // What is 0 is left out by one or the other. The tables are cut out of the literals; the next test has one of them.
        lines.RemoveAll(l => l is "TCA_CHAIN = 00000000" or "TCA_OPTIONS.TCA_FLOWER_FLAGS = 00000000" or "TCA_OPTIONS.TCA_NETEM_CORR = 000000000000000000000000");
        lines.RemoveAll(l => l.Contains("TCA_POLICE_RATE =", StringComparison.Ordinal) || l.Contains("TCA_POLICE_PEAKRATE =", StringComparison.Ordinal));
    }

    private static string Value(string name, ReadOnlySpan<byte> value, string kind)
    {
        byte[] bytes = value.ToArray();
        switch (name)
        {
            // How the table counts (cell_log, cell_align) is nothing without the table.
            case "TCA_TBF_PARMS" or "TCA_HTB_PARMS":
                foreach (int place in (int[])[0, 4, 5, 12, 16, 17])
                    bytes[place] = 0;
                break;

            // No limit for a packet, where tc(8) takes 2040 bytes (see PoliceAction.LargestPacket).
            case "TCA_POLICE_TBF" when BitConverter.ToUInt32(bytes, 16) == uint.MaxValue:
                bytes.AsSpan(16, 4).Clear();
                break;

            // iproute2 appends an empty attribute to the struct of prio.
            case "TCA_OPTIONS" when kind == "prio":
                bytes = bytes[..20];
                break;
        }

        return Convert.ToHexString(bytes);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private sealed record Literal(string Command, Action<RouteChanges> Verb, int Type, int Flags, string Body);

    private sealed class Recorder : RouteChanges, IDisposable
    {
        public RequestBuffer Requests { get; } = new();

        public void Dispose() => Requests.Dispose();

        private protected override void Submit<TBody>(in RequestDescription description, TBody body) => Requests.Append(description, body);
    }
}
