using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Filters and their actions, beside tc(8) both ways.</summary>
public sealed class TrafficFilterTests
{
    private static readonly GactAction s_pass = new(ActionControl.Pass) { Index = 1 }, s_drop = new(ActionControl.Drop) { Index = 1 };

    // What tc(8) takes, and what it is here, with the action's index as the kernel numbers it. v1 is link 2.
    private static readonly (string Arguments, TrafficFilter Filter)[] s_filters =
    [
        ("protocol ip prio 5 handle 800::5 u32 match ip src 10.1.2.3 match ip protocol 17 0xff match u32 0x12345678 0xff00ff00 at 20 match u16 5 0xffff at -14 action mirred egress redirect dev v1", Filter(new U32Filter([.. U32Key.Source(IPNetwork.Parse("10.1.2.3/32")), U32Key.Protocol(ProtocolType.Udp), new U32Key(0x12005600, 0xff00ff00, 20), U32Key.OfUInt16(5, 0xffff, -14)]) { Actions = [new MirredAction(MirredMode.RedirectToEgress, 2) { Index = 1, Control = ActionControl.Stolen }] }, EtherType.IPv4, 5, 0x800_00_005)),
        ("protocol ip prio 5 u32 match u8 0x40 0xf0 at nexthdr+12 action mirred egress mirror dev v1", Filter(new U32Filter(U32Key.OfByte(0x40, 0xf0, 12) with { IsAfterHeader = true }) { Actions = [new MirredAction(MirredMode.MirrorToEgress, 2) { Index = 1, Control = ActionControl.Pipe }] }, EtherType.IPv4, 5, 0x800_00_800)),
        ("protocol ipv6 prio 5 u32 match ip6 src fd00::/48 action mirred ingress redirect dev v1", Filter(new U32Filter(U32Key.Source(IPNetwork.Parse("fd00::/48"))) { Actions = [new MirredAction(MirredMode.RedirectToIngress, 2) { Index = 1, Control = ActionControl.Stolen }] }, EtherType.IPv6, 5, 0x800_00_800)),
        ("protocol all prio 1 matchall action pass", Filter(new MatchAllFilter { Actions = [s_pass] })),
        ("protocol all prio 1 chain 7 matchall action mirred ingress mirror dev v1 pipe action drop", Filter(new MatchAllFilter { Actions = [new MirredAction(MirredMode.MirrorToIngress, 2) { Index = 1, Control = ActionControl.Pipe }, s_drop] }) with { Chain = 7 }),
        ("protocol all prio 1 matchall action gact pass random netrand drop 10", Filter(new MatchAllFilter { Actions = [s_pass with { Chance = new GactChance(GactChanceKind.Random, 10, ActionControl.Drop) }] })),
        ("protocol all prio 1 matchall action gact pipe random determ drop 10 index 5", Filter(new MatchAllFilter { Actions = [new GactAction(ActionControl.Pipe) { Index = 5, Chance = new GactChance(GactChanceKind.Counted, 10, ActionControl.Drop) }] })),
        ("protocol all prio 1 matchall action gact continue", Filter(new MatchAllFilter { Actions = [new GactAction(ActionControl.Continue) { Index = 1 }] })),
        ("protocol all prio 1 matchall action police rate 1mbit burst 10k mtu 64k conform-exceed drop/pipe", Filter(new MatchAllFilter { Actions = [new PoliceAction { Index = 1, Rate = DataRate.FromMegabits(1), Burst = 10240, LargestPacket = 65536, Conform = ActionControl.Pipe }] })),
        ("protocol all prio 1 matchall action police rate 1mbit burst 10k peakrate 2mbit mtu 1514 conform-exceed reclassify", Filter(new MatchAllFilter { Actions = [new PoliceAction { Index = 1, Rate = DataRate.FromMegabits(1), Burst = 10240, PeakRate = DataRate.FromMegabits(2), LargestPacket = 1514, Exceed = ActionControl.Reclassify }] })),
        ("protocol all prio 1 matchall action police pkts_rate 1000 pkts_burst 200 conform-exceed drop", Filter(new MatchAllFilter { Actions = [new PoliceAction { Index = 1, PacketRate = 1000, PacketBurst = 200 }] })),
        (
            "protocol ip prio 2 handle 0x7 flower dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:00/ff:ff:00:00:00:00 ip_proto tcp src_ip 10.0.0.0/8 dst_ip 10.1.2.3 src_port 1000 dst_port 80/0xff00 tcp_flags 0x2/0x3f action drop",
            Filter(
                new FlowerFilter
                {
                    DestinationAddress = new([2, 0, 0, 0, 0, 1]),
                    SourceAddress = new([2, 0, 0, 0, 0, 0]),
                    SourceAddressMask = new([255, 255, 0, 0, 0, 0]),
                    Protocol = ProtocolType.Tcp,
                    Source = IPNetwork.Parse("10.0.0.0/8"),
                    Destination = IPNetwork.Parse("10.1.2.3/32"),
                    SourcePorts = 1000,
                    DestinationPorts = new FlowerPorts(80) { Mask = 0xff00 },
                    TcpFlags = new Masked<ushort>(0x2, 0x3f),
                    Actions = [s_drop],
                },
                EtherType.IPv4,
                2,
                7)),
        ("protocol ipv6 prio 3 flower ip_proto udp src_ip fd00::/64 dst_ip fd00::1 dst_port 53 ip_tos 0x10/0xfc ip_ttl 64 action pass", Filter(new FlowerFilter { Protocol = ProtocolType.Udp, Source = IPNetwork.Parse("fd00::/64"), Destination = IPNetwork.Parse("fd00::1/128"), DestinationPorts = 53, TypeOfService = new Masked<byte>(0x10, 0xfc), TimeToLive = 64, Actions = [s_pass] }, EtherType.IPv6, 3)),
        ("protocol 802.1q prio 4 flower vlan_id 5 vlan_prio 3 vlan_ethtype ipv4 ip_proto icmp type 8 code 0 action pass", Filter(new FlowerFilter { Vlan = 5, VlanPriority = 3, VlanEtherType = EtherType.IPv4, Protocol = ProtocolType.Icmp, IcmpType = 8, IcmpCode = 0, Actions = [s_pass] }, EtherType.Vlan, 4)),
        ("protocol ipv6 prio 4 flower ip_proto icmpv6 type 128 code 0 action pass", Filter(new FlowerFilter { Protocol = ProtocolType.IcmpV6, IcmpType = 128, IcmpCode = 0, Actions = [s_pass] }, EtherType.IPv6, 4)),
        ("protocol ip prio 4 flower ip_proto sctp src_port 1 dst_port 2 action pass", Filter(new FlowerFilter { Protocol = (ProtocolType)132, SourcePorts = 1, DestinationPorts = 2, Actions = [s_pass] }, EtherType.IPv4, 4)),
        ("protocol ip prio 5 flower ip_proto tcp dst_port 1000-2000 src_port 5-6 action goto chain 5", Filter(new FlowerFilter { Protocol = ProtocolType.Tcp, SourcePorts = new FlowerPorts(5, 6), DestinationPorts = new FlowerPorts(1000, 2000), Actions = [new GactAction(ActionControl.GoToChain(5)) { Index = 1 }] }, EtherType.IPv4, 5)),
        ("protocol ip prio 6 flower ct_state +trk+est ct_zone 5 ct_mark 1/3 action pass", Filter(new FlowerFilter { ConnectionState = FlowerConnectionStates.Tracked | FlowerConnectionStates.Established, ConnectionStateMask = FlowerConnectionStates.Tracked | FlowerConnectionStates.Established, ConnectionZone = 5, ConnectionMark = new Masked<uint>(1, 3), Actions = [s_pass] }, EtherType.IPv4, 6)),
        ("protocol ip prio 7 flower ip_flags frag/nofirstfrag indev v1 skip_hw action pass", Filter(new FlowerFilter { IsFragment = true, IsFirstFragment = false, InputLink = "v1", Flags = TrafficFilterFlags.SkipHardware, Actions = [s_pass] }, EtherType.IPv4, 7)),
    ];

    public static TheoryData<string> Filters => [.. s_filters.Select(f => f.Arguments)];

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Filters))]
    public void What_tc_makes_is_read_and_can_be_deleted(string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        TrafficFilter expected = Prepare(network, arguments);
        network.Tc($"filter add dev v0 ingress {arguments}");
        TrafficFilter read = Assert.Single(network.Client.ListTrafficFilters(expected.InterfaceIndex, TrafficHandle.IngressFilters));
        Assert.Equal(expected, WithoutHardware(read));
        network.Client.DeleteTrafficFilter(read);
        Assert.Empty(network.Client.ListTrafficFilters(expected.InterfaceIndex, TrafficHandle.IngressFilters));
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Filters))]
    public void What_we_make_tc_shows_as_its_own(string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = new(), beside = new();
        TrafficFilter filter = Prepare(network, arguments);
        Prepare(beside, arguments);
        beside.Tc($"filter add dev v0 ingress {arguments}");

        // The kernel numbers these as it numbers those of tc(8).
        network.Try(c => c.AddTrafficFilter(filter with { Handle = arguments.Contains("handle", StringComparison.Ordinal) ? filter.Handle : 0, Kind = filter.Kind with { Actions = [.. filter.Kind.Actions.Select(a => a.Index == 5 ? a : a with { Index = 0 })] } }));
        Assert.Equal(Shown(beside), Shown(network));

        static string Shown(TestNetwork of)
        {
            JsonElement[] filters = [.. of.TcJson("filter show dev v0 ingress").Where(f => f.TryGetProperty("options", out JsonElement options) && (options.TryGetProperty("handle", out _) || options.TryGetProperty("fh", out JsonElement fh) && fh.GetString()!.EndsWith(":0", StringComparison.Ordinal) == false))];
            string text = JsonSerializer.Serialize(filters);
            Assert.Contains("\"kind\"", text, StringComparison.Ordinal);

            // Times depend on the moment; tc(8) leaves out some that are not told yet.
            return System.Text.RegularExpressions.Regex.Replace(text, "\"(installed|last_used|first_used)\":[0-9]+,", "");
        }
    }

    [LinuxFact(Needs.Root)]
    public void Filters_are_listed_by_place_chain_and_priority_and_deleted_together()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(veth, new ClsactQdisc());
        var filter = new TrafficFilter(veth, TrafficHandle.EgressFilters, new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.MirrorToEgress, network.Client.GetLink("v1").Index)] });
        network.Client.AddTrafficFilter(filter with { Priority = 3 });
        network.Client.AddTrafficFilter(filter with { Priority = 4, Protocol = EtherType.IPv6 });
        network.Client.AddTrafficFilter(filter with { Priority = 4, Protocol = EtherType.IPv6 });
        network.Client.AddTrafficFilter(filter with { Priority = 5, Chain = 2 });
        network.Client.AddTrafficFilter(filter with { Parent = TrafficHandle.IngressFilters, Priority = 6 });
        Assert.Equal([3, 4, 4, 5], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters)));
        Assert.Equal([5], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters, chain: 2)));
        Assert.Equal([4, 4], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters, priority: 4)));
        Assert.Equal([6], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.IngressFilters)));
        Assert.Equal(5, network.Client.ListTrafficActions("mirred").Count);

        network.Client.DeleteTrafficFilter(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters, priority: 4)[0]);
        Assert.Equal([4], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters, priority: 4)));
        network.Client.DeleteTrafficFilter(filter with { Priority = 4, Protocol = EtherType.IPv6 });
        Assert.Equal([3, 5], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters)));
        network.Client.DeleteTrafficFilters(veth, TrafficHandle.EgressFilters);
        Assert.Equal([5], Priorities(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters)));
        network.Client.DeleteTrafficFilters(veth, TrafficHandle.EgressFilters, chain: 2);
        Assert.Empty(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters));

        static int[] Priorities(Listing<TrafficFilter> filters) => [.. filters.Select(f => f.Priority).Order()];
    }

    [LinuxFact(Needs.Root)]
    public void A_filter_of_a_discipline_gives_packets_to_a_class_and_is_replaced()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        var root = new TrafficHandle(1, 0);
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = root });
        network.Client.AddTrafficClass(new TrafficClass(veth, root, new TrafficHandle(1, 1), new HtbClass(DataRate.FromMegabits(1))));
        var filter = new TrafficFilter(veth, root, new U32Filter([.. U32Key.Destination(IPNetwork.Parse("10.0.0.0/8")), U32Key.DestinationPort(80)]) { ClassId = new TrafficHandle(1, 1) }) { Protocol = EtherType.IPv4, Priority = 9, Handle = U32Filter.MakeHandle(0x800, 0, 1) };
        network.Client.AddTrafficFilter(filter);
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(filter)).Errno);
        TrafficFilter read = Assert.Single(network.Client.ListTrafficFilters(veth, root));
        Assert.Equal(filter, WithoutHardware(read));
        TrafficFilter other = filter with { Kind = filter.Kind with { ClassId = new TrafficHandle(1, 2) } };
        network.Client.ReplaceTrafficFilter(other);
        Assert.Equal(other, WithoutHardware(Assert.Single(network.Client.ListTrafficFilters(veth, root))));
        network.Client.DeleteTrafficFilter(read);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteTrafficFilter(read)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_bpf_program_is_a_filter()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(veth, new ClsactQdisc());
        using (var program = BpfProgram.Return(ActionControl.Drop.Value))
            network.Try(c => c.AddTrafficFilter(new TrafficFilter(veth, TrafficHandle.EgressFilters, new BpfFilter { Program = program, ProgramName = "drops", IsDirectAction = true }) { Priority = 1 }));
        TrafficFilter read = Assert.Single(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters));
        BpfFilter bpf = Assert.IsType<BpfFilter>(read.Kind);
        Assert.Equal(("drops", true, 16), (bpf.ProgramName, bpf.IsDirectAction, bpf.ProgramTag?.Length));
        Assert.True(bpf.ProgramId > 0);
        network.Client.DeleteTrafficFilter(read);
        Assert.Throws<ArgumentException>(() => network.Client.AddTrafficFilter(read));
        Assert.Empty(network.Client.ListTrafficFilters(veth, TrafficHandle.EgressFilters));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Actions_are_shared_listed_and_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int v0 = network.AddVeth("v0", "v1").Index, v1 = network.Client.GetLink("v1").Index;
        var shared = new MirredAction(MirredMode.RedirectToEgress, v1) { Index = 7, Control = ActionControl.Stolen };
        network.Client.AddTrafficAction(shared);
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AddTrafficAction(shared)).Errno);
        network.Tc("actions add action mirred egress mirror dev v1 index 9");
        Assert.Equal([shared, new MirredAction(MirredMode.MirrorToEgress, v1) { Index = 9, Control = ActionControl.Pipe }], network.Client.ListTrafficActions("mirred").OrderBy(a => a.Index));
        Assert.Contains("index 7", network.Tc("actions ls action mirred"), StringComparison.Ordinal);

        network.Client.AddQdisc(v0, new ClsactQdisc());
        network.Client.AddTrafficFilter(new TrafficFilter(v0, TrafficHandle.EgressFilters, new U32Filter(U32Key.Any) { Actions = [shared] }) { Priority = 1 });
        Assert.Equal(Errno.EPERM, Assert.Throws<NetlinkException>(() => network.Client.DeleteTrafficAction(shared)).Errno);
        network.Client.ReplaceTrafficAction(shared with { Mode = MirredMode.MirrorToEgress, Control = ActionControl.Pipe });
        MirredAction used = Assert.IsType<MirredAction>(Assert.Single(Assert.Single(network.Client.ListTrafficFilters(v0, TrafficHandle.EgressFilters)).Kind.Actions));
        Assert.Equal((7, MirredMode.MirrorToEgress), (used.Index, used.Mode));
        network.Client.DeleteTrafficFilters(v0, TrafficHandle.EgressFilters);
        foreach (TrafficAction action in network.Client.ListTrafficActions("mirred"))
            DeleteWhenFree(network.Client, action);
        Assert.Empty(network.Client.ListTrafficActions("mirred"));
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteTrafficAction(shared)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void More_actions_than_a_message_holds_are_listed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int v1 = network.AddVeth("v0", "v1").ParentIndex;
        using RouteBatch batch = network.Client.CreateBatch();
        for (int i = 1; i <= 500; i++)
            batch.AddTrafficAction(new MirredAction(MirredMode.MirrorToEgress, v1) { Index = i });
        batch.Send();
        Assert.Equal(Enumerable.Range(1, 500), network.Client.ListTrafficActions("mirred").Select(a => a.Index).Order());
    }

    [LinuxFact(Needs.Root)]
    public void A_filter_and_an_action_without_a_type_keep_their_raw_settings()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        var root = new TrafficHandle(1, 0);
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = root });

        // TCA_FW_CLASSID (1) 1:1; the mark is the handle.
        network.Try(c => c.AddTrafficFilter(new TrafficFilter(veth, root, new GenericFilter("fw") { Options = new byte[] { 8, 0, 1, 0, 1, 0, 1, 0 } }) { Priority = 1, Protocol = EtherType.IPv4, Handle = 6 }));
        TrafficFilter read = Assert.Single(network.Client.ListTrafficFilters(veth, root));
        Assert.Equal(("fw", 6), (read.Kind.Name, read.Handle));
        Assert.Equal([8, 0, 1, 0, 1, 0, 1, 0], Assert.IsType<GenericFilter>(read.Kind).Options.ToArray());

        // TCA_CSUM_PARMS (1), a struct tc_csum: pipe (3), the checksum of IPv4 (1).
        network.Try(c => c.AddTrafficAction(new GenericAction("csum") { Options = new byte[] { 28, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 } }));
        TrafficAction action = Assert.Single(network.Client.ListTrafficActions("csum"));
        Assert.Equal("csum", action.Name);
        network.Client.DeleteTrafficAction(action with { Index = 1 });
        Assert.Empty(network.Client.ListTrafficActions("csum"));
    }

    [LinuxFact(Needs.Root)]
    public void An_error_has_the_kernels_words_and_the_attribute()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        TrafficFilter Filter(TrafficFilterKind kind) => new(veth, TrafficHandle.IngressFilters, kind) { Priority = 1 };
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(Filter(new U32Filter(U32Key.Any))));
        Assert.Equal((Errno.EINVAL, "RTM_NEWTFILTER", $"u32 prio 1 handle 0x0 parent ffff:fff2 of link {veth}"), (e.Errno, e.Call, e.Target));
        Assert.NotNull(e.KernelMessage);
        network.Client.AddQdisc(veth, new ClsactQdisc());
        e = Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(Filter(new GenericFilter("nosuchkind"))));
        Assert.Equal((Errno.ENOENT, "TC classifier not found"), (e.Errno, e.KernelMessage));
        e = Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(Filter(new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.MirrorToEgress, 99)] })));
        Assert.Equal(Errno.ENODEV, e.Errno);
        e = Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(Filter(new U32Filter(U32Key.Any) { Actions = [new GenericAction("mirred")] })));
        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.EndsWith("Mirred requires attributes to be passed", e.KernelMessage, StringComparison.Ordinal);

        // TCA_MIRRED_PARMS (2) of four bytes, where a struct is wanted.
        e = Assert.Throws<NetlinkException>(() => network.Client.AddTrafficFilter(Filter(new U32Filter(U32Key.Any) { Actions = [new GenericAction("mirred") { Options = new byte[] { 8, 0, 2, 0, 1, 0, 0, 0 } }] })));
        Assert.Equal("TCA_OPTIONS.TCA_U32_ACT.1.TCA_ACT_OPTIONS.TCA_MIRRED_PARMS", e.Attribute);
        Assert.Empty(network.Client.ListTrafficActions("nosuchkind"));
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_description_is_refused_before_anything_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(veth, new ClsactQdisc());
        DataRate rate = DataRate.FromMegabits(1);
        TrafficAction[] actions =
        [
            new MirredAction(MirredMode.MirrorToEgress, 0),
            new MirredAction((MirredMode)9, 1),
            new MirredAction(MirredMode.MirrorToEgress, 1) { Index = -1 },
            new GactAction(ActionControl.Pass) { Chance = new GactChance(GactChanceKind.Random, 0, ActionControl.Drop) },
            new GactAction(ActionControl.Pass) { Chance = new GactChance((GactChanceKind)7, 1, ActionControl.Drop) },
            new PoliceAction(),
            new PoliceAction { Rate = rate },
            new PoliceAction { Burst = 1 },
            new PoliceAction { Rate = rate, Burst = 0 },
            new PoliceAction { Rate = new DataRate(0), Burst = 1 },
            new PoliceAction { Rate = rate, Burst = 1, PacketRate = 1, PacketBurst = 1 },
            new PoliceAction { Rate = rate, Burst = 1, PeakRate = rate },
            new PoliceAction { PacketRate = 1 },
            new PoliceAction { PacketRate = 0, PacketBurst = 1 },
            new PoliceAction { PacketRate = 1, PacketBurst = 1000 },
        ];
        foreach (TrafficAction action in actions)
        {
            Assert.ThrowsAny<ArgumentException>(() => network.Client.AddTrafficAction(action));
            Assert.ThrowsAny<ArgumentException>(() => Add(new U32Filter(U32Key.Any) { Actions = [action] }));
        }

        TrafficFilterKind[] kinds =
        [
            new U32Filter(),
            new U32Filter([.. Enumerable.Repeat(U32Key.Any, 129)]),
            new U32Filter(new U32Key(0, 0, 1)),
            new U32Filter(U32Key.Any) { Actions = [.. Enumerable.Repeat(s_pass, 33)] },
            new FlowerFilter { SourcePorts = 1 },
            new FlowerFilter { Protocol = ProtocolType.Tcp, SourcePorts = 65_536 },
            new FlowerFilter { Protocol = ProtocolType.Tcp, SourcePorts = new FlowerPorts(2, 1) },
            new FlowerFilter { Protocol = ProtocolType.Tcp, SourcePorts = new FlowerPorts(1, 2) { Mask = 1 } },
            new FlowerFilter { IcmpType = 1 },
            new FlowerFilter { Vlan = 4096 },
            new FlowerFilter { VlanPriority = 8 },
            new FlowerFilter { SourceAddress = new([1, 2]) },
            new FlowerFilter { SourceAddressMask = new([1, 2, 3, 4, 5, 6]) },
            new FlowerFilter { InputLink = "a/b" },
            new BpfFilter(),
            new GenericFilter("fw") { ClassId = new TrafficHandle(1, 1) },
        ];
        foreach (TrafficFilterKind kind in kinds)
            Assert.ThrowsAny<ArgumentException>(() => Add(kind));
        Assert.Throws<ArgumentException>(() => Add(new U32Filter(U32Key.Any), f => f with { Priority = 65_536 }));
        Assert.Throws<ArgumentException>(() => Add(new U32Filter(U32Key.Any), f => f with { Handle = -1 }));
        Assert.Throws<ArgumentException>(() => Add(new U32Filter(U32Key.Any), f => f with { Chain = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Add(new U32Filter(U32Key.Any), f => f with { InterfaceIndex = 0 }));
        Assert.Throws<ArgumentException>(() => U32Key.OfUInt16(1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => U32Key.DestinationPort(65_536));
        Assert.Throws<ArgumentOutOfRangeException>(() => U32Filter.MakeHandle(0x1000, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActionControl.Jump(1 << 28));
        Assert.Empty(network.Client.ListTrafficFilters(veth, TrafficHandle.IngressFilters));

        void Add(TrafficFilterKind kind, Func<TrafficFilter, TrafficFilter>? change = null)
        {
            var filter = new TrafficFilter(veth, TrafficHandle.IngressFilters, kind) { Priority = 1 };
            network.Client.AddTrafficFilter(change is null ? filter : change(filter));
        }
    }

    // A filter that was deleted lets its actions go a moment later.
    private static void DeleteWhenFree(RouteClient client, TrafficAction action)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                client.DeleteTrafficAction(action);
                return;
            }
            catch (NetlinkException e) when (e.Errno == Errno.EPERM && attempt < 100)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static TrafficFilter Prepare(TestNetwork network, string arguments)
    {
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(veth, new ClsactQdisc());
        Assert.Equal(2, network.Client.GetLink("v1").Index);
        return s_filters.Single(f => f.Arguments == arguments).Filter with { InterfaceIndex = veth };
    }

    private static TrafficFilter Filter(TrafficFilterKind kind, EtherType protocol = EtherType.All, int priority = 1, long handle = 1)
        => new(1, TrafficHandle.IngressFilters, kind) { Protocol = protocol, Priority = priority, Handle = handle };

    // That a filter is not in hardware is told of each.
    private static TrafficFilter WithoutHardware(TrafficFilter filter) => filter with { Kind = filter.Kind with { Flags = filter.Kind.Flags & ~TrafficFilterFlags.NotInHardware } };
}
