using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Queueing disciplines, beside tc(8) both ways.</summary>
public sealed class QdiscTests
{
    // What tc(8) takes and prints (its options as JSON), and what it is here. netem prints shares to six digits.
    private static readonly (string Arguments, string Json, QdiscKind Kind)[] s_kinds =
    [
        ("netem delay 50ms", """{"limit":1000,"delay":{"delay":0.05,"jitter":0,"correlation":0},"ecn":false,"gap":0}""", new NetemQdisc { Delay = Milliseconds(50) }),
        (
            "netem delay 100ms 10ms 25% loss 1% 30% duplicate 2% 10% corrupt 0.5% 5% limit 2000",
            """{"limit":2000,"delay":{"delay":0.1,"jitter":0.01,"correlation":0.25},"loss-random":{"loss":0.01,"correlation":0.3},"duplicate":{"duplicate":0.02,"correlation":0.1},"corrupt":{"corrupt":0.005,"correlation":0.05},"ecn":false,"gap":0}""",
            new NetemQdisc { Delay = Milliseconds(100), Jitter = Milliseconds(10), DelayCorrelation = 0.25, Loss = 0.01, LossCorrelation = 0.3, Duplicate = 0.02, DuplicateCorrelation = 0.1, Corrupt = 0.005, CorruptCorrelation = 0.05, Limit = 2000 }),
        ("netem delay 10ms reorder 25% 50% gap 5", """{"limit":1000,"delay":{"delay":0.01,"jitter":0,"correlation":0},"reorder":{"reorder":0.25,"correlation":0.5},"ecn":false,"gap":5}""", new NetemQdisc { Delay = Milliseconds(10), Reorder = 0.25, ReorderCorrelation = 0.5, Gap = 5 }),
        ("netem loss gemodel 1% 10% 70% 0.1%", """{"limit":1000,"loss-gemodel":{"p":0.01,"r":0.1,"1-h":0.7,"1-k":0.001},"ecn":false,"gap":0}""", new NetemQdisc { LossModel = new NetemGilbertElliottLoss(0.01, 0.1) { LossWhenBad = 0.7, LossWhenGood = 0.001 } }),
        ("netem loss state 1% 20% 30% 5% 40%", """{"limit":1000,"loss-state":{"p13":0.01,"p31":0.2,"p32":0.3,"p23":0.05,"p14":0.4},"ecn":false,"gap":0}""", new NetemQdisc { LossModel = new NetemStateLoss(0.01, 0.2, 0.3, 0.05, 0.4) }),
        ("netem loss gemodel 1% ecn", """{"limit":1000,"loss-gemodel":{"p":0.01,"r":0.99,"1-h":1,"1-k":0},"ecn":true,"gap":0}""", new NetemQdisc { LossModel = new NetemGilbertElliottLoss(0.01, 0.99), MarksInsteadOfLoss = true }),
        ("netem rate 1mbit 20 100 5", """{"limit":1000,"rate":{"rate":125000,"packetoverhead":20,"cellsize":100,"celloverhead":5},"ecn":false,"gap":0}""", new NetemQdisc { Rate = DataRate.FromMegabits(1), PacketOverhead = 20, CellSize = 100, CellOverhead = 5 }),
        ("netem rate 100gbit", """{"limit":1000,"rate":{"rate":12500000000,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":0}""", new NetemQdisc { Rate = DataRate.FromGigabits(100) }),
        ("netem slot 800us 1ms packets 32 bytes 64000", """{"limit":1000,"slot":{"min-delay":0.0008,"max-delay":0.001,"packets":32,"bytes":64000},"ecn":false,"gap":0}""", new NetemQdisc { Slot = new NetemSlot(TimeSpan.FromMicroseconds(800), Milliseconds(1)) { PacketLimit = 32, ByteLimit = 64000 } }),
        ("netem delay 10s", """{"limit":1000,"delay":{"delay":10,"jitter":0,"correlation":0},"ecn":false,"gap":0}""", new NetemQdisc { Delay = TimeSpan.FromSeconds(10) }),
        (
            "fq limit 5000 flow_limit 50 quantum 3000 initial_quantum 15000 maxrate 10mbit buckets 512 nopacing refill_delay 20ms orphan_mask 255 low_rate_threshold 1mbit ce_threshold 5ms timer_slack 20us horizon 5s horizon_cap",
            """{"limit":5000,"flow_limit":50,"buckets":512,"orphan_mask":255,"pacing":false,"quantum":3000,"initial_quantum":15000,"maxrate":1250000,"low_rate_threshold":125000,"refill_delay":20000,"ce_threshold":5000,"timer_slack":20000,"horizon":5000000,"horizon_cap":null}""",
            new FqQdisc
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
            }),
        (
            "fq_codel limit 5000 flows 256 target 10ms interval 200ms quantum 300 ce_threshold 2ms drop_batch 32 memory_limit 4mb noecn",
            """{"limit":5000,"flows":256,"quantum":300,"target":9999,"ce_threshold":1999,"interval":199999,"memory_limit":4194304,"drop_batch":32}""",
            new FqCodelQdisc
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
            }),
        ("prio", """{"bands":3,"priomap":[1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,1],"multiqueue":false}""", new PrioQdisc()),
        ("prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3", """{"bands":4,"priomap":[1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,3],"multiqueue":false}""", new PrioQdisc { Bands = 4, PriorityMap = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3] }),
        ("tbf rate 1mbit burst 10k limit 20k", """{"rate":125000,"burst":"10Kb/1","mpu":0,"lat":81920,"linklayer":"ethernet"}""", new TbfQdisc(DataRate.FromMegabits(1), 10240) { Limit = 20480 }),
        ("tbf rate 1mbit burst 10k limit 20k peakrate 2mbit mtu 1514", """{"rate":125000,"burst":"10Kb/1","mpu":0,"mtu":"1514b/1","mpu":0,"lat":81920,"linklayer":"ethernet"}""", new TbfQdisc(DataRate.FromMegabits(1), 10240) { Limit = 20480, PeakRate = DataRate.FromMegabits(2), PeakBurst = 1514 }),
        ("tbf rate 100gbit burst 1m limit 10m", """{"rate":12500000000,"burst":"1037500b/1","mpu":0,"lat":755,"linklayer":"ethernet"}""", new TbfQdisc(DataRate.FromGigabits(100), 1 << 20) { Limit = 10 << 20 }),
        ("pfifo limit 50", """{"limit":50}""", new PfifoQdisc { PacketLimit = 50 }),
        ("bfifo limit 10000", """{"limit":10000}""", new BfifoQdisc { ByteLimit = 10000 }),
        ("htb default 0x30 r2q 20 direct_qlen 500", """{"r2q":20,"default":"0x30","direct_packets_stat":0,"ver":"3.17","direct_qlen":500}""", new HtbQdisc { DefaultClass = 0x30, RateToQuantum = 20, DirectQueueLength = 500 }),
    ];

    public static TheoryData<string> Kinds => [.. s_kinds.Select(k => k.Arguments)];

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Kinds))]
    public void What_tc_makes_is_read_attribute_by_attribute(string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Tc($"qdisc add dev v0 root handle 1: {arguments}");
        Qdisc read = Assert.Single(network.Client.ListQdiscs(veth));
        Assert.Equal((TrafficHandle.Root, new TrafficHandle(1, 0)), (read.Parent, read.Handle));
        Assert.Equal(AsKernelTells(Kind(arguments)), read.Kind);
        network.Client.DeleteQdisc(read);
        Assert.Empty(network.Client.ListQdiscs(veth));
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Kinds))]
    public void What_we_make_tc_shows_attribute_by_attribute(string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Try(c => c.AddQdisc(new Qdisc(veth, Kind(arguments)) { Handle = new TrafficHandle(1, 0) }));
        JsonElement shown = Assert.Single(network.TcJson("qdisc show dev v0"));
        Assert.Equal((Kind(arguments).Name, "1:", true), (shown.GetProperty("kind").GetString(), shown.GetProperty("handle").GetString(), shown.GetProperty("root").GetBoolean()));
        Assert.Equal(s_kinds.Single(k => k.Arguments == arguments).Json, JsonSerializer.Serialize(shown.GetProperty("options")));
    }

    [LinuxTheory(Needs.Root)]
    [MemberData(nameof(Kinds))]
    public void What_is_listed_can_be_added_again(string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Try(c => c.AddQdisc(veth, Kind(arguments)));
        Qdisc first = Assert.Single(network.Client.ListQdiscs(veth));
        network.Client.DeleteQdisc(first);
        network.Client.AddQdisc(first);
        Qdisc second = Assert.Single(network.Client.ListQdiscs(veth));

        // Times of fq_codel lose a little each time.
        if (first.Kind is not FqCodelQdisc)
            Assert.Equal(first, second);

        // htb itself cannot be changed, only its classes.
        if (first.Kind is HtbQdisc)
            Assert.Equal("Change operation not supported by specified qdisc", Assert.Throws<NetlinkException>(() => network.Client.ReplaceQdisc(second)).KernelMessage);
        else
            network.Client.ReplaceQdisc(second.Kind is FqCodelQdisc codel ? second with { Kind = codel with { Flows = null } } : second);
        Assert.Equal(second.Handle, Assert.Single(network.Client.ListQdiscs(veth)).Handle);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Ingress_and_clsact_stand_beside_the_root()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int v0 = network.AddVeth("v0", "v1").Index, v1 = network.Client.GetLink("v1").Index;
        network.Client.AddQdisc(v0, new ClsactQdisc());
        network.Client.AddQdisc(v0, new PfifoQdisc());
        network.Tc("qdisc add dev v1 ingress");
        JsonElement[] shown = network.TcJson("qdisc show dev v0");
        Assert.Equal(["pfifo", "clsact"], shown.Select(s => s.GetProperty("kind").GetString()));
        Assert.Equal(("ffff:", "ffff:fff1"), (shown[1].GetProperty("handle").GetString(), shown[1].GetProperty("parent").GetString()));
        Qdisc ingress = Assert.Single(network.Client.ListQdiscs(v1), q => q.Kind is IngressQdisc);
        Assert.Equal(new Qdisc(v1, new IngressQdisc()), ingress);
        Assert.Equal([(v1, "ingress"), (v0, "clsact"), (v0, "pfifo")], network.Client.ListQdiscs().Select(q => (q.InterfaceIndex, q.Kind.Name)).Order());
        network.Client.DeleteQdisc(ingress);
        network.Client.DeleteQdisc(v0, TrafficHandle.Ingress);
        Assert.DoesNotContain(network.Client.ListQdiscs(), q => q.Parent == TrafficHandle.Ingress);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_discipline_is_changed_and_replaced()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        var tbf = new Qdisc(veth, new TbfQdisc(DataRate.FromMegabits(1), 10_000) { Latency = Milliseconds(80) });
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.ChangeQdisc(tbf)).Errno);
        network.Client.ReplaceQdisc(tbf);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddQdisc(tbf));
        Assert.Equal((Errno.EEXIST, "add the qdisc", $"tbf parent root of link {veth}"), (e.Errno, e.Operation, e.Target));
        TrafficHandle handle = Assert.Single(network.Client.ListQdiscs(veth)).Handle;
        network.Client.ChangeQdisc(tbf with { Kind = new TbfQdisc(DataRate.FromMegabits(2), 20_000) { Limit = 30_000 } });
        Qdisc changed = Assert.Single(network.Client.ListQdiscs(veth));
        Assert.Equal((new TbfQdisc(DataRate.FromMegabits(2), 20_000) { Limit = 30_000 }, handle), (changed.Kind, changed.Handle));
        network.Client.ReplaceQdisc(new Qdisc(veth, new PfifoQdisc { PacketLimit = 7 }));
        Assert.Equal(new PfifoQdisc { PacketLimit = 7 }, Assert.Single(network.Client.ListQdiscs(veth)).Kind);
        e = Assert.Throws<NetlinkException>(() => network.Client.DeleteQdisc(changed with { Handle = TrafficHandle.None }));
        Assert.Equal(Errno.EINVAL, e.Errno);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_change_of_netem_leaves_nothing_of_what_was_before()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Tc("qdisc add dev v0 root netem delay 100ms 10ms 25% loss 1% 30% duplicate 2% 10% corrupt 0.5% 5% reorder 25% rate 1mbit 20 100 5 ecn slot 1ms 2ms");
        network.Client.ChangeQdisc(new Qdisc(veth, new NetemQdisc { Delay = Milliseconds(20) }));
        Assert.Equal(new NetemQdisc { Delay = Milliseconds(20) }, Assert.Single(network.Client.ListQdiscs(veth)).Kind);
        network.Client.ReplaceQdisc(new Qdisc(veth, new NetemQdisc { Loss = 1 }));
        Assert.Equal(new NetemQdisc { Loss = 1 }, Assert.Single(network.Client.ListQdiscs(veth)).Kind);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Times_and_distributions_of_netem_go_beyond_those_of_tc()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;

        // Neither is a multiple of the scheduler's ticks of 64 ns, and the first does not fit into 32 bits of them.
        var netem = new NetemQdisc { Delay = TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(1), Jitter = TimeSpan.FromTicks(1_234_567), Distribution = NetemDistribution.Normal };
        network.Try(c => c.AddQdisc(veth, netem));
        Assert.Equal(netem with { Distribution = null }, Assert.Single(network.Client.ListQdiscs(veth)).Kind);
        network.Client.ChangeQdisc(new Qdisc(veth, netem with { Distribution = NetemDistribution.Pareto }));
    }

    [LinuxFact(Needs.Root)]
    public void A_kind_without_a_type_is_made_and_read_with_its_raw_settings()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;

        // pfifo_head_drop has the struct of pfifo.
        network.Client.AddQdisc(veth, new GenericQdisc("pfifo_head_drop") { Options = new byte[] { 9, 0, 0, 0 } });
        GenericQdisc kind = Assert.IsType<GenericQdisc>(Assert.Single(network.Client.ListQdiscs(veth)).Kind);
        Assert.Equal("pfifo_head_drop", kind.Name);
        Assert.Equal([9, 0, 0, 0], kind.Options.ToArray());
    }

    [LinuxFact(Needs.Root)]
    public void Many_are_added_and_deleted_in_a_batch()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        using RouteBatch batch = network.Client.CreateBatch();
        var root = new TrafficHandle(1, 0);
        batch.AddQdisc(new Qdisc(veth, new HtbQdisc { DefaultClass = 1 }) { Handle = root });
        for (ushort i = 1; i <= 100; i++)
        {
            batch.AddTrafficClass(new TrafficClass(veth, root, new TrafficHandle(1, i), new HtbClass(DataRate.FromMegabits(i))));
            batch.AddQdisc(new Qdisc(veth, new PfifoQdisc { PacketLimit = i }) { Parent = new TrafficHandle(1, i) });
        }

        batch.Send();
        Assert.Equal((101, 100), (network.Client.ListQdiscs(veth).Count, network.Client.ListTrafficClasses(veth).Count));
        network.Client.DeleteQdisc(veth, TrafficHandle.Root);
        Assert.Empty(network.Client.ListTrafficClasses(veth));
    }

    [LinuxFact(Needs.Root)]
    public void An_error_has_the_kernels_words()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddQdisc(veth, new GenericQdisc("nosuchkind")));
        Assert.Equal((Errno.ENOENT, "RTM_NEWQDISC", "Specified qdisc kind is unknown"), (e.Errno, e.Call, e.KernelMessage?.TrimEnd('.')));
        e = Assert.Throws<NetlinkException>(() => network.Client.AddQdisc(new Qdisc(veth, new PfifoQdisc()) { Parent = new TrafficHandle(7, 7) }));
        Assert.Equal(Errno.ENOENT, e.Errno);
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.AddQdisc(99, new PfifoQdisc())).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteQdisc(veth, TrafficHandle.Ingress)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_description_is_refused_before_anything_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        DataRate rate = DataRate.FromMegabits(1);
        QdiscKind[] wrong =
        [
            new NetemQdisc { Loss = -0.1 },
            new NetemQdisc { Loss = 1.0001 },
            new NetemQdisc { Loss = double.NaN },
            new NetemQdisc { Duplicate = 2 },
            new NetemQdisc { Loss = 0.5, LossCorrelation = -1 },
            new NetemQdisc { Corrupt = double.PositiveInfinity },
            new NetemQdisc { Delay = Milliseconds(1), Reorder = 7 },
            new NetemQdisc { Reorder = 0.5 },
            new NetemQdisc { Delay = Milliseconds(-1) },
            new NetemQdisc { Delay = TimeSpan.MaxValue },
            new NetemQdisc { Delay = Milliseconds(5000), Jitter = Milliseconds(2148) },
            new NetemQdisc { Distribution = NetemDistribution.Normal },
            new NetemQdisc { Loss = 0.5, LossModel = new NetemStateLoss(0, 0, 0, 0, 0) },
            new NetemQdisc { LossModel = new NetemStateLoss(0, 0, 1.5, 0, 0) },
            new NetemQdisc { LossModel = new NetemGilbertElliottLoss(0, 0) { LossWhenBad = -1 } },
            new NetemQdisc { Limit = -1 },
            new NetemQdisc { Limit = 1L << 32 },
            new NetemQdisc { Gap = -1 },
            new NetemQdisc { Rate = new DataRate(0) },
            new NetemQdisc { Rate = new DataRate(-1) },
            new NetemQdisc { PacketOverhead = 1 },
            new NetemQdisc { Slot = new NetemSlot(Milliseconds(2), Milliseconds(1)) },
            new NetemQdisc { Slot = new NetemSlot(TimeSpan.Zero, TimeSpan.Zero) },
            new TbfQdisc(new DataRate(0), 1000) { Limit = 1000 },
            new TbfQdisc(rate, 0) { Limit = 1000 },
            new TbfQdisc(rate, 1000),
            new TbfQdisc(rate, 1000) { Limit = 1000, Latency = Milliseconds(1) },
            new TbfQdisc(rate, 1000) { Limit = -1 },
            new TbfQdisc(rate, 1000) { Latency = TimeSpan.FromDays(10) },
            new TbfQdisc(rate, 1000) { Latency = Milliseconds(-1) },
            new TbfQdisc(rate, 1000) { Limit = 1000, PeakRate = DataRate.FromMegabits(2) },
            new TbfQdisc(rate, 1000) { Limit = 1000, PeakRate = rate, PeakBurst = 1000 },
            new TbfQdisc(new DataRate(1), 1000) { Limit = 1000 },
            new HtbQdisc { RateToQuantum = 0 },
            new HtbQdisc { DirectQueueLength = -1 },
            new FqQdisc { Buckets = 3 },
            new FqQdisc { Buckets = 524_288 },
            new FqQdisc { Quantum = 0 },
            new FqQdisc { Horizon = Milliseconds(-1) },
            new FqQdisc { Horizon = TimeSpan.FromHours(2) },
            new FqQdisc { MaximumFlowRate = DataRate.FromGigabits(100) },
            new FqCodelQdisc { Flows = 0 },
            new FqCodelQdisc { Target = TimeSpan.FromHours(2) },
            new PrioQdisc { Bands = 1 },
            new PrioQdisc { Bands = 17 },
            new PrioQdisc { Bands = 2 },
            new PrioQdisc { PriorityMap = [1] },
            new PrioQdisc { PriorityMap = default },
            new PfifoQdisc { PacketLimit = -1 },
            new BfifoQdisc { ByteLimit = 1L << 32 },
        ];
        foreach (QdiscKind kind in wrong)
            Assert.ThrowsAny<ArgumentException>(() => network.Client.AddQdisc(veth, kind));
        Assert.Throws<ArgumentException>(() => network.Client.AddQdisc(new Qdisc(veth, new PfifoQdisc()) { Handle = new TrafficHandle(1, 1) }));
        Assert.Throws<ArgumentException>(() => network.Client.AddQdisc(new Qdisc(veth, new PfifoQdisc()) { Parent = TrafficHandle.Ingress }));
        Assert.Throws<ArgumentException>(() => network.Client.AddQdisc(new Qdisc(veth, new ClsactQdisc()) { Parent = TrafficHandle.Root }));
        Assert.Throws<ArgumentException>(() => network.Client.AddQdisc(new Qdisc(veth, new PfifoQdisc()) { Estimator = new RateEstimator(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9)) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Client.AddQdisc(0, new PfifoQdisc()));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Client.DeleteQdisc(-1, TrafficHandle.Root));
        Assert.Throws<ArgumentNullException>(() => new Qdisc(veth, null!));
        Assert.Empty(network.Client.ListQdiscs(veth));
    }

    private static QdiscKind Kind(string arguments) => s_kinds.Single(k => k.Arguments == arguments).Kind;

    // The kernel's units are coarser: 1.024 us of fq_codel, cut; ticks of 64 ns, in which a burst at 100 Gbit/s has steps of 800 bytes.
    private static QdiscKind AsKernelTells(QdiscKind kind) => kind switch
    {
        FqCodelQdisc codel => codel with { Target = TimeSpan.FromMicroseconds(9999), Interval = TimeSpan.FromMicroseconds(199_999), CongestionThreshold = TimeSpan.FromMicroseconds(1999) },
        TbfQdisc tbf when tbf.Rate == DataRate.FromGigabits(100) => tbf with { Burst = 1_048_400 },
        _ => kind,
    };

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
