using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Messages of traffic control: round trips, and bytes that are none of the kernel's.</summary>
[NativeOnly]
public sealed class TrafficWireTests
{
    private delegate void Reader(ReadOnlySpan<byte> bytes);

    private static readonly Reader[] s_readers =
    [
        static bytes => Qdisc.Read(bytes),
        static bytes => TrafficClass.Read(bytes),
        static bytes => TrafficFilter.Read(bytes),
        static bytes => TrafficAction.ReadAll(new AttributeReader(bytes), []),
        static bytes => TrafficStatistics.Read(new AttributeReader(bytes), out _),
    ];

    [Property(MaxTest = 1000)]
    public void Netem_comes_back_as_it_was(uint[] shares, long delay, int jitter, uint limit, uint gap, long rate, int overhead, uint cell, (uint Minimum, uint More, int Packets, int Bytes) slot, int model, bool marks, bool isNew)
    {
        double Share(int index) => shares.Length == 0 ? 0 : TrafficUnits.FromProbability(shares[index % shares.Length] * 2654435761u);
        bool hasRate = rate != 0 && rate != long.MinValue;
        double reorder = delay == 0 ? 0 : Share(5);
        var netem = new NetemQdisc
        {
            Delay = TimeSpan.FromTicks((delay & long.MaxValue) / 100),
            Jitter = TimeSpan.FromTicks((jitter & int.MaxValue) / 100),
            DelayCorrelation = Share(0),
            Limit = limit,
            Loss = model == 0 ? Share(1) : 0,
            LossCorrelation = Share(2),
            LossModel = (model & 3) switch
            {
                1 => new NetemStateLoss(Share(1), Share(2), Share(3), Share(4), Share(5)),
                2 => new NetemGilbertElliottLoss(Share(1), Share(2)) { LossWhenBad = Share(3), LossWhenGood = Share(4) },
                _ => null,
            },
            MarksInsteadOfLoss = marks,
            Duplicate = Share(3),
            DuplicateCorrelation = Share(4),
            Corrupt = Share(6),
            CorruptCorrelation = Share(7),
            Reorder = delay / 100 == 0 ? 0 : reorder,
            ReorderCorrelation = Share(8),
            Gap = Math.Max(gap, 1),
            Rate = hasRate ? new DataRate(Math.Abs(rate)) : null,
            PacketOverhead = hasRate ? overhead : 0,
            CellSize = hasRate ? cell : 0,
            CellOverhead = hasRate ? -overhead : 0,
            Slot = slot.Minimum + slot.More == 0 ? null : new NetemSlot(TimeSpan.FromTicks(slot.Minimum), TimeSpan.FromTicks((long)slot.Minimum + slot.More)) { PacketLimit = slot.Packets & 0xFFFF, ByteLimit = slot.Bytes & 0xFFFFF },
        };
        Assert.Equal(netem, RoundTrip(netem, isNew));
    }

    [Property(MaxTest = 1000)]
    public void A_token_bucket_comes_back_as_it_was(uint rate, ushort burst, uint limit, uint peak, ushort peakBurst, ushort overhead, ushort smallest, bool isLarge)
    {
        long factor = isLarge ? 1000 : 1;
        var tbf = new TbfQdisc(new DataRate((rate + 1000L) * factor), burst + 1000) { Limit = Math.Max(limit, 1), Overhead = overhead, MinimumPacket = smallest };
        if (peak % 2 == 0)
            tbf = tbf with { PeakRate = new DataRate(tbf.Rate.BytesPerSecond + peak + 1), PeakBurst = peakBurst + 1 };
        TbfQdisc read = (TbfQdisc)RoundTrip(tbf, isNew: true);

        // A burst is kept in ticks of 64 ns.
        Assert.InRange(read.Burst, tbf.Burst, tbf.Burst + tbf.Rate.BytesPerSecond * 96 / 1_000_000_000 + 1);
        Assert.Equal(tbf, read with { Burst = tbf.Burst, PeakBurst = tbf.PeakBurst });
    }

    [Property(MaxTest = 500)]
    public void The_other_disciplines_come_back_as_they_were(uint? first, uint? second, ushort third, bool? flag, byte bands, byte[] map, byte[] raw)
    {
        int count = 2 + bands % 15;
        QdiscKind[] kinds =
        [
            new HtbQdisc { DefaultClass = third, RateToQuantum = third + 1, DirectQueueLength = third + 1 },
            new FqQdisc
            {
                PacketLimit = first,
                FlowPacketLimit = second,
                Quantum = third + 1,
                InitialQuantum = third + 2,
                HasPacing = flag,
                MaximumFlowRate = new DataRate(third + 1),
                LowRateThreshold = first is null ? null : new DataRate(first.Value),
                Buckets = 1 << (bands % 19),
                RefillDelay = Microseconds(first),
                OrphanMask = second,
                CongestionThreshold = Microseconds(second),
                TimerSlack = first is null ? null : TimeSpan.FromTicks(first.Value / 100),
                Horizon = Microseconds(first),
                DropsBeyondHorizon = flag,
            },
            new FqCodelQdisc { PacketLimit = third + 1, Flows = third + 1, Target = Microseconds(first), Interval = Microseconds(second), Quantum = third + 1, MarksInsteadOfDrop = flag, CongestionThreshold = Microseconds(first), DropBatchSize = third + 1, MemoryLimit = third + 1 },
            new PrioQdisc { Bands = count, PriorityMap = [.. Enumerable.Range(0, 16).Select(i => (byte)((map.Length == 0 ? i : map[i % map.Length]) % count))] },
            new PfifoQdisc { PacketLimit = first ?? 0 },
            new BfifoQdisc { ByteLimit = second ?? 0 },
        ];
        foreach (QdiscKind kind in kinds)
            Assert.Equal(kind, RoundTrip(kind, isNew: true));
        Assert.Equal(raw, ((GenericQdisc)RoundTrip(new GenericQdisc("some") { Options = raw }, isNew: true)).Options.ToArray());

        static TimeSpan? Microseconds(uint? count) => count is { } known ? TimeSpan.FromMicroseconds(known) : null;
    }

    [Property(MaxTest = 500)]
    public void A_class_comes_back_as_it_was(uint rate, uint more, ushort burst, ushort ceilingBurst, byte priority, uint quantum, ushort overhead, ushort major, ushort minor, uint parent)
    {
        HtbClass kind = new(new DataRate(rate % 1_000_000 + 1000)) { Ceiling = new DataRate(rate % 1_000_000 + 1000L + more), Burst = burst + 1, CeilingBurst = ceilingBurst + 1, Priority = priority % 8, Quantum = quantum, Overhead = overhead, MinimumPacket = minor };
        TrafficClass read = TrafficClass.Read(Encode(new TrafficClassRequest(new TrafficClass(7, new TrafficHandle(parent), new TrafficHandle((ushort)(major | 1), (ushort)(minor | 1)), kind))));
        HtbClass readKind = Assert.IsType<HtbClass>(read.Kind);
        Assert.Equal((7, parent, (ushort)(major | 1), (ushort)(minor | 1)), (read.InterfaceIndex, read.Parent.Value, read.Id.Major, read.Id.Minor));
        Assert.InRange(readKind.CeilingBurst!.Value, kind.CeilingBurst.Value, kind.CeilingBurst.Value + kind.Ceiling.Value.BytesPerSecond * 64 / 1_000_000_000 + 1);
        Assert.Equal(kind, readKind with { CeilingBurst = kind.CeilingBurst });
    }

    [Property(MaxTest = 1000)]
    public void A_filter_comes_back_as_it_was((uint Value, uint Mask, int Offset, bool IsAfter)[] keys, ushort priority, ushort protocol, uint handle, int chain, uint classId, int control, ushort every, uint rate, ushort burst, int target)
    {
        GactChance? chance = every == 0 ? null : new GactChance(GactChanceKind.Counted, every, new ActionControl(control));
        TrafficFilterKind[] kinds =
        [
            new U32Filter([U32Key.Any, .. keys.Take(100).Select(k => new U32Key(k.Value & k.Mask, k.Mask, k.Offset & ~3) { IsAfterHeader = k.IsAfter })]),
            new MatchAllFilter(),
        ];
        foreach (TrafficFilterKind bare in kinds)
        {
            TrafficFilterKind kind = bare with
            {
                ClassId = new TrafficHandle(classId),
                Flags = (TrafficFilterFlags)(every % 4),
                Actions =
                [
                    new GactAction(new ActionControl(control)) { Chance = chance, Index = every },
                    new MirredAction(MirredMode.MirrorToIngress, (target & int.MaxValue) | 1) { Control = new ActionControl(control) },
                    new PoliceAction { Rate = new DataRate(rate % 1_000_000 + 1000), Burst = burst + 1, LargestPacket = burst + 1, Exceed = new ActionControl(control), Conform = ActionControl.Pipe },
                    new PoliceAction { PacketRate = rate % 1_000_000 + 1000, PacketBurst = burst + 1 },
                ],
            };
            var filter = new TrafficFilter(3, new TrafficHandle(handle), kind) { Priority = priority, Protocol = (EtherType)protocol, Chain = chain & int.MaxValue, Handle = handle | 1 };
            Assert.Equal(filter, TrafficFilter.Read(Encode(new TrafficFilterRequest(filter))));
        }
    }

    [Property(MaxTest = 1000)]
    public void A_flower_filter_comes_back_as_it_was(byte which, uint source, uint destination, byte prefix, bool isV6, ushort port, ushort mask, ushort other, byte type, byte typeMask, bool? isFragment, uint mark)
    {
        ProtocolType protocol = (which % 5) switch
        {
            0 => ProtocolType.Tcp,
            1 => ProtocolType.Udp,
            2 => (ProtocolType)132,
            3 => ProtocolType.Icmp,
            _ => ProtocolType.IcmpV6,
        };
        bool hasPorts = which % 5 < 3;
        var flower = new FlowerFilter
        {
            InputLink = "eth0",
            SourceAddress = new PhysicalAddress([2, type, typeMask, 0, 0, 1]),
            SourceAddressMask = which % 2 == 0 ? null : new PhysicalAddress([255, 255, 0, 0, 0, 0]),
            DestinationAddress = which % 3 == 0 ? null : new PhysicalAddress([2, 0, 0, 0, 0, type]),
            Vlan = port % 4096,
            VlanPriority = type % 8,
            VlanEtherType = isV6 ? EtherType.IPv6 : EtherType.IPv4,
            Protocol = protocol,
            Source = Network(source),
            Destination = Network(destination),
            SourcePorts = hasPorts ? new FlowerPorts(port) { Mask = mask } : null,
            DestinationPorts = hasPorts ? new FlowerPorts(Math.Min(port, other), Math.Max(port, other)) : null,
            TcpFlags = new Masked<ushort>(port, mask),
            TypeOfService = type,
            TimeToLive = new Masked<byte>(type, typeMask),
            IcmpType = hasPorts ? null : new Masked<byte>(type, typeMask),
            IcmpCode = hasPorts ? null : typeMask,
            IsFragment = isFragment,
            IsFirstFragment = isFragment is null ? true : null,
            ConnectionState = FlowerConnectionStates.Tracked,
            ConnectionStateMask = FlowerConnectionStates.Tracked | FlowerConnectionStates.Invalid,
            ConnectionZone = port,
            ConnectionMark = new Masked<uint>(mark, destination),
            ClassId = new TrafficHandle(source),
            Actions = [new GactAction(ActionControl.Drop)],
        };
        var filter = new TrafficFilter(3, TrafficHandle.EgressFilters, flower) { Protocol = EtherType.Vlan, Handle = 9 };
        Assert.Equal(filter, TrafficFilter.Read(Encode(new TrafficFilterRequest(filter))));

        IPNetwork Network(uint address)
        {
            byte[] bytes = isV6 ? new IPAddress(address).MapToIPv6().GetAddressBytes() : new IPAddress(address).GetAddressBytes();
            int length = prefix % (bytes.Length * 8 + 1);
            for (int i = length; i < bytes.Length * 8; i++)
                bytes[i / 8] &= (byte)~(0x80 >> (i % 8));
            return new IPNetwork(new IPAddress(bytes), length);
        }
    }

    [LinuxFact]
    public void Statistics_are_read_large_and_small()
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWQDISC, 0, "test", null), new StatisticsBody());
        Qdisc read = Qdisc.Read(buffer.Bytes[16..]);
        Assert.Equal(new TrafficStatistics(5_000_000_000, 6_000_000_000, 1, 2, 3, 4, 5, new DataRate(7_000_000_000), 8), read.Statistics);
        Assert.Equal(new FqStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), read.KindStatistics);
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_or_a_typed_error(byte[] bytes) => AssertTyped(bytes);

    // Bytes at random are hardly ever nearly a message, so these are real ones with a few bytes changed, or cut.
    [Property(MaxTest = 5000)]
    public void Any_mutated_message_is_read_or_a_typed_error(int which, (ushort Place, byte Value)[] changes, ushort cut)
    {
        var rate = DataRate.FromMegabits(1);
        TrafficFilter filter = new(3, TrafficHandle.IngressFilters, new U32Filter(U32Key.Any, U32Key.DestinationPort(80)) { Actions = [new MirredAction(MirredMode.MirrorToEgress, 2)] }) { Handle = 1 };
        byte[][] real =
        [
            Encode(new QdiscRequest(new Qdisc(3, new NetemQdisc { Delay = TimeSpan.FromTicks(1), LossModel = new NetemStateLoss(0.1, 0.2, 0.3, 0.4, 0.5), Rate = rate }), IsNew: false)),
            Encode(new QdiscRequest(new Qdisc(3, new TbfQdisc(rate, 1000) { Limit = 1000 }), IsNew: true)),
            Encode(new QdiscRequest(new Qdisc(3, new FqQdisc { Quantum = 1, Buckets = 4, Horizon = TimeSpan.Zero }), IsNew: true)),
            Encode(new QdiscRequest(new Qdisc(3, new PrioQdisc()), IsNew: true)),
            Encode(new QdiscRequest(new Qdisc(3, new PfifoQdisc { PacketLimit = 1 }), IsNew: true)),
            Encode(new StatisticsBody()),
            Encode(new TrafficClassRequest(new TrafficClass(3, new TrafficHandle(1, 0), new TrafficHandle(1, 1), new HtbClass(rate)))),
            Encode(new TrafficFilterRequest(filter)),
            Encode(new TrafficFilterRequest(filter with { Kind = new FlowerFilter { Protocol = ProtocolType.Tcp, SourcePorts = 1, Source = IPNetwork.Parse("10.0.0.0/8"), Destination = IPNetwork.Parse("fd00::/64"), Actions = [new GactAction(ActionControl.Drop)] } })),
            Encode(new ActionRequest(new PoliceAction { PacketRate = 10, PacketBurst = 10 }))[8..],
        ];
        byte[] message = [.. real[(uint)which % real.Length]];
        foreach ((ushort place, byte value) in changes)
            message[place % message.Length] = value;
        AssertTyped(message.AsSpan(0, message.Length - (cut % 4 == 0 ? cut / 4 % message.Length : 0)));
    }

    [LinuxTheory]
    [InlineData(0, "TCA_KIND")]
    [InlineData(8, "TCA_OPTIONS")]
    [InlineData(8 + 4, "TCA_OPTIONS.TCA_U32_SEL")]
    [InlineData(8 + 4 + 36, "TCA_OPTIONS.TCA_U32_ACT")]
    [InlineData(8 + 4 + 36 + 4, "TCA_OPTIONS.TCA_U32_ACT.1")]
    [InlineData(8 + 4 + 36 + 4 + 4, "TCA_OPTIONS.TCA_U32_ACT.1.TCA_ACT_KIND")]
    [InlineData(8 + 4 + 36 + 4 + 4 + 12, "TCA_OPTIONS.TCA_U32_ACT.1.TCA_ACT_OPTIONS")]
    [InlineData(8 + 4 + 36 + 4 + 4 + 12 + 4, "TCA_OPTIONS.TCA_U32_ACT.1.TCA_ACT_OPTIONS.TCA_MIRRED_PARMS")]
    public void An_offset_in_a_filter_is_turned_into_the_attributes_name(int offset, string name)
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWTFILTER, 0, "test", null), new TrafficFilterRequest(new TrafficFilter(3, TrafficHandle.IngressFilters, new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.MirrorToEgress, 2)] })));
        Assert.Equal(name, AttributePath.At(TrafficAttributes.OfFilter, buffer.Bytes, 16 + 20 + offset));
    }

    [LinuxFact]
    public void An_offset_in_netem_is_turned_into_the_attributes_name()
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWQDISC, 0, "test", null), new QdiscRequest(new Qdisc(3, new NetemQdisc { LossModel = new NetemStateLoss(0, 0, 0, 0, 0) }), IsNew: true));
        int options = 16 + 20 + 12;
        Assert.Equal("TCA_OPTIONS.TCA_NETEM_LOSS", AttributePath.At(TrafficAttributes.OfQdisc, buffer.Bytes, options + 4 + 24));
        Assert.Equal("TCA_OPTIONS.TCA_NETEM_LOSS.NETEM_LOSS_GI", AttributePath.At(TrafficAttributes.OfQdisc, buffer.Bytes, options + 4 + 24 + 4));
    }

    private static QdiscKind RoundTrip(QdiscKind kind, bool isNew) => Qdisc.Read(Encode(new QdiscRequest(new Qdisc(3, kind), isNew))).Kind;

    private static byte[] Encode<TBody>(TBody body)
        where TBody : IRequestBody
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_NEWQDISC, 0, "test", null), body);
        return buffer.Bytes[16..].ToArray();
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

    private readonly record struct StatisticsBody : IRequestBody
    {
        public void WriteTo(MessageWriter writer)
        {
            writer.WriteHeader(new TrafficHeader { tcm_ifindex = 3 });
            writer.WriteText(TrafficAttribute.TCA_KIND, "fq");
            using (writer.Nest(TrafficAttribute.TCA_STATS2))
            {
                writer.Write(StatisticsAttribute.TCA_STATS_BASIC, new BasicStatisticsData { bytes = 5_000_000_000, packets = 77 });
                writer.Write(StatisticsAttribute.TCA_STATS_PKT64, 6_000_000_000);
                writer.Write(StatisticsAttribute.TCA_STATS_QUEUE, new QueueStatisticsData { drops = 1, overlimits = 2, requeues = 3, qlen = 4, backlog = 5 });
                writer.Write(StatisticsAttribute.TCA_STATS_RATE_EST64, new RateStatistics64Data { bps = 7_000_000_000, pps = 8 });
                writer.Write(StatisticsAttribute.TCA_STATS_RATE_EST, new RateStatisticsData { bps = uint.MaxValue, pps = 8 });
                writer.Write(StatisticsAttribute.TCA_STATS_APP, new FqStatisticsData { flows = 1, inactive_flows = 2, throttled_flows = 3, gc_flows = 4, highprio_packets = 5, throttled = 6, flows_plimit = 7, ce_mark = 8, horizon_drops = 9, horizon_caps = 10 });
            }
        }
    }
}
