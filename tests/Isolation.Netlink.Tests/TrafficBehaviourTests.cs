using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Tests;

/// <summary>What traffic control does to packets, between two network namespaces.</summary>
public sealed class TrafficBehaviourTests
{
    [LinuxFact(Needs.Root)]
    public void A_delay_of_50_ms_shows_in_a_round_trip()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        pair.RoundTrip();
        pair.Near.Try(c => c.AddQdisc(pair.NearIndex, new NetemQdisc { Delay = TimeSpan.FromMilliseconds(50) }));
        TimeSpan?[] times = [.. Enumerable.Range(0, 5).Select(_ => pair.RoundTrip())];
        Assert.All(times, t => Assert.True(t >= TimeSpan.FromMilliseconds(50), $"{t}"));
        Assert.InRange(times.Order().ElementAt(2)!.Value.TotalMilliseconds, 50, 150);
    }

    [LinuxFact(Needs.Root)]
    public void A_loss_of_everything_loses_everything_until_it_is_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        Assert.NotNull(pair.RoundTrip());
        pair.Near.Try(c => c.AddQdisc(pair.NearIndex, new NetemQdisc { Loss = 1 }));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(pair.RoundTrip(milliseconds: 200)));
        Qdisc netem = Assert.Single(pair.Near.Client.ListQdiscs(pair.NearIndex));
        Assert.True(netem.Statistics is { Drops: >= 3, Packets: 0 }, netem.Statistics.ToString());
        pair.Near.Client.DeleteQdisc(netem);
        Assert.NotNull(pair.RoundTrip());
    }

    [LinuxFact(Needs.Root)]
    public void A_token_bucket_limits_a_transfer_to_its_rate()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        DataRate rate = DataRate.FromMegabits(10);
        pair.Near.Client.AddQdisc(new Qdisc(pair.NearIndex, new TbfQdisc(rate, 20_000) { Latency = TimeSpan.FromMilliseconds(100) }) { Estimator = new RateEstimator(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)) });
        AssertNear(rate, pair.Transfer(TimeSpan.FromSeconds(2)));
        Qdisc tbf = Assert.Single(pair.Near.Client.ListQdiscs(pair.NearIndex));
        Assert.True(tbf.Statistics is { Overlimits: > 0, Bytes: > 1_000_000, Packets: > 500, Rate.BytesPerSecond: > 0 }, tbf.Statistics.ToString());
    }

    [LinuxFact(Needs.Root)]
    public void A_class_limits_a_transfer_to_its_ceiling_and_counts_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        DataRate rate = DataRate.FromMegabits(10);
        TrafficHandle root = new(1, 0), all = new(1, 1), slow = new(1, 2), other = new(1, 3);
        RouteClient client = pair.Near.Client;
        client.AddQdisc(new Qdisc(pair.NearIndex, new HtbQdisc { DefaultClass = 3 }) { Handle = root });
        client.AddTrafficClass(new TrafficClass(pair.NearIndex, root, all, new HtbClass(DataRate.FromGigabits(1)) { Quantum = 20_000 }));
        client.AddTrafficClass(new TrafficClass(pair.NearIndex, all, slow, new HtbClass(DataRate.FromMegabits(1)) { Ceiling = rate, Quantum = 2000 }));
        client.AddTrafficClass(new TrafficClass(pair.NearIndex, all, other, new HtbClass(DataRate.FromGigabits(1)) { Quantum = 20_000 }));
        client.AddTrafficFilter(new TrafficFilter(pair.NearIndex, root, new U32Filter([.. U32Key.Destination(new IPNetwork(Pair.FarAddress, 32)), U32Key.DestinationPort(Pair.Port)]) { ClassId = slow }) { Protocol = EtherType.IPv4, Priority = 1 });
        AssertNear(rate, pair.Transfer(TimeSpan.FromSeconds(2)));
        TrafficClass counted = client.ListTrafficClasses(pair.NearIndex).Single(c => c.Id == slow);
        Assert.True(counted.Statistics is { Bytes: > 1_000_000, Overlimits: > 0 }, counted.Statistics.ToString());
        Assert.True(counted.KindStatistics is HtbClassStatistics { Borrows: > 0, Lends: > 0 }, counted.KindStatistics?.ToString());
    }

    [LinuxFact(Needs.Root)]
    public void A_redirection_moves_packets_to_another_link_and_counts_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        Assert.NotNull(pair.RoundTrip());
        pair.Far.AddVeth("w0", "w1", isUp: true);
        int w0 = pair.Far.Client.GetLink("w0").Index;
        pair.Far.Client.AddQdisc(pair.FarIndex, new ClsactQdisc());
        pair.Far.Client.AddTrafficFilter(new TrafficFilter(pair.FarIndex, TrafficHandle.IngressFilters, new U32Filter([.. U32Key.Source(new IPNetwork(Pair.NearAddress, 32)), U32Key.Protocol(ProtocolType.Udp)]) { Actions = [new MirredAction(MirredMode.RedirectToEgress, w0)] }) { Protocol = EtherType.IPv4, Priority = 1 });
        long before = pair.Far.Client.GetLink("w1").Statistics.ReceivedPackets;
        for (int i = 0; i < 5; i++)
            Assert.Null(pair.RoundTrip(milliseconds: 50));
        Assert.True(pair.Far.Client.GetLink("w1").Statistics.ReceivedPackets >= before + 5);
        TrafficFilter filter = Assert.Single(pair.Far.Client.ListTrafficFilters(pair.FarIndex, TrafficHandle.IngressFilters));
        Assert.True(Assert.Single(filter.Kind.Actions).Statistics is { Packets: 5, Bytes: > 5 * 28 }, filter.ToString());
        Assert.Equal(5, Assert.Single(pair.Far.Client.ListTrafficActions("mirred")).Statistics.Packets);
        pair.Far.Client.DeleteTrafficFilter(filter);
        Assert.NotNull(pair.RoundTrip());
    }

    [LinuxFact(Needs.Root)]
    public void A_bpf_program_that_drops_drops()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        Assert.NotNull(pair.RoundTrip());
        pair.Near.Client.AddQdisc(pair.NearIndex, new ClsactQdisc());
        using var program = BpfProgram.Return(ActionControl.Drop.Value);
        pair.Near.Try(c => c.AddTrafficFilter(new TrafficFilter(pair.NearIndex, TrafficHandle.EgressFilters, new BpfFilter { Program = program, IsDirectAction = true }) { Priority = 1 }));
        Assert.Null(pair.RoundTrip(milliseconds: 200));
        pair.Near.Client.DeleteTrafficFilters(pair.NearIndex, TrafficHandle.EgressFilters);
        Assert.NotNull(pair.RoundTrip());
    }

    [LinuxFact(Needs.Root)]
    public void A_flower_filter_drops_one_port_and_leaves_the_others()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        Assert.NotNull(pair.RoundTrip());
        pair.Near.Client.AddQdisc(pair.NearIndex, new ClsactQdisc());
        var filter = new TrafficFilter(pair.NearIndex, TrafficHandle.EgressFilters, new FlowerFilter { Protocol = ProtocolType.Udp, Destination = new IPNetwork(Pair.FarAddress, 32), DestinationPorts = Pair.Port + 1, Actions = [new GactAction(ActionControl.Drop)] }) { Protocol = EtherType.IPv4, Priority = 1 };
        pair.Near.Try(c => c.AddTrafficFilter(filter));
        Assert.NotNull(pair.RoundTrip());
        pair.Near.Client.ReplaceTrafficFilter(Assert.Single(pair.Near.Client.ListTrafficFilters(pair.NearIndex, TrafficHandle.EgressFilters)) with { Kind = ((FlowerFilter)filter.Kind) with { DestinationPorts = Pair.Port } });
        Assert.Null(pair.RoundTrip(milliseconds: 200));
        TrafficFilter only = Assert.Single(pair.Near.Client.ListTrafficFilters(pair.NearIndex, TrafficHandle.EgressFilters));
        Assert.True(Assert.Single(only.Kind.Actions).Statistics is { Drops: 1, Packets: 1 }, only.Kind.Actions[0].Statistics.ToString());
    }

    [LinuxFact(Needs.Root)]
    public void A_police_action_limits_what_comes_in()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        Assert.NotNull(pair.RoundTrip());
        pair.Far.Client.AddQdisc(pair.FarIndex, new IngressQdisc());
        pair.Far.Try(c => c.AddTrafficFilter(new TrafficFilter(pair.FarIndex, TrafficHandle.IngressFilters, new MatchAllFilter { Actions = [new PoliceAction { PacketRate = 1, PacketBurst = 5 }] }) { Priority = 1 }));
        int patience = Machine.Missing(Needs.FullSpeed) is null ? 20 : 200;
        int answered = Enumerable.Range(0, 20).Count(_ => pair.RoundTrip(patience) is not null);
        Assert.InRange(answered, 1, 15);
        MatchAllFilter filter = Assert.IsType<MatchAllFilter>(Assert.Single(pair.Far.Client.ListTrafficFilters(pair.FarIndex, TrafficHandle.IngressFilters)).Kind);
        Assert.True(filter.Hits >= 20 && filter.Actions[0].Statistics.Drops >= 5, $"{filter.Hits} {filter.Actions[0].Statistics}");
    }

    [LinuxFact(Needs.Root)]
    public void What_comes_in_is_shaped_through_an_ifb()
    {
        using var nothingLeft = new ResidueCheck();
        using var pair = new Pair();
        DataRate rate = DataRate.FromMegabits(10);
        RouteClient client = pair.Far.Client;
        pair.Far.Try(c => c.AddLink("ifb0", new GenericLink("ifb"), new LinkSettings { IsUp = true }));
        int ifb = client.GetLink("ifb0").Index;
        using RouteBatch batch = client.CreateBatch();
        batch.AddQdisc(pair.FarIndex, new IngressQdisc());
        batch.AddTrafficFilter(new TrafficFilter(pair.FarIndex, TrafficHandle.IngressFilters, new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.RedirectToEgress, ifb)] }));
        batch.AddQdisc(ifb, new TbfQdisc(rate, 100_000) { Latency = TimeSpan.FromMilliseconds(50) });
        batch.Send();
        AssertNear(rate, pair.Transfer(TimeSpan.FromSeconds(2)));
        Assert.True(client.ListQdiscs(ifb).Single().Statistics.Bytes > 1_000_000);
    }

    // What TCP carries is 66 bytes a packet less than what a discipline counts. An emulated machine may be too slow for the rate.
    private static void AssertNear(DataRate rate, DataRate measured)
        => Assert.InRange(measured.BytesPerSecond, rate.BytesPerSecond * (Machine.Missing(Needs.FullSpeed) is null ? 0.8 : 0.4), rate.BytesPerSecond * 1.2);

    /// <summary>Two namespaces with a link between them, and an echo of UDP in the far one.</summary>
    private sealed class Pair : IDisposable
    {
        public const int Port = 7000;

        private readonly Socket _echo, _client;
        private readonly Thread _echoing;
        private int _number;

        public Pair()
        {
            Near.Client.AddLink("v0", new VethLink { Peer = new LinkSettings { Name = "v1", NetworkNamespace = Far.Namespace } }, new LinkSettings { IsUp = true });
            Far.Client.ChangeLink("v1", new LinkSettings { IsUp = true });
            Far.Client.ChangeLink(1, new LinkSettings { IsUp = true });
            NearIndex = Near.Client.GetLink("v0").Index;
            FarIndex = Far.Client.GetLink("v1").Index;
            Near.Client.AddAddress(new InterfaceAddress(NearIndex, NearAddress, 24));
            Far.Client.AddAddress(new InterfaceAddress(FarIndex, FarAddress, 24));
            _echo = Far.Run(() => Bound(ProtocolType.Udp, FarAddress, Port));
            _client = Near.Run(() => Bound(ProtocolType.Udp, NearAddress, 0));
            _client.Connect(FarAddress, Port);
            _echoing = new Thread(Echo) { IsBackground = true };
            _echoing.Start();
        }

        public static IPAddress NearAddress { get; } = IPAddress.Parse("10.9.0.1");

        public static IPAddress FarAddress { get; } = IPAddress.Parse("10.9.0.2");

        public TestNetwork Near { get; } = new();

        public TestNetwork Far { get; } = new();

        public int NearIndex { get; }

        public int FarIndex { get; }

        /// <summary>How long a packet takes there and back; null when none came back in time.</summary>
        public TimeSpan? RoundTrip(int milliseconds = 5000)
        {
            byte[] sent = BitConverter.GetBytes(++_number), received = new byte[64];
            long start = Stopwatch.GetTimestamp();
            _client.Send(sent);
            while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed.TotalMilliseconds < milliseconds)
            {
                if (!_client.Poll(TimeSpan.FromMilliseconds(milliseconds) - elapsed, SelectMode.SelectRead))
                    break;
                int length = _client.Receive(received);
                if (received.AsSpan(0, length).SequenceEqual(sent))
                    return Stopwatch.GetElapsedTime(start);
            }

            return null;
        }

        /// <summary>Sends by TCP as fast as it goes, and measures what arrives after the first half second.</summary>
        public DataRate Transfer(TimeSpan duration)
        {
            using Socket listener = Far.Run(() => Bound(ProtocolType.Tcp, FarAddress, Port)), sender = Near.Run(() => Bound(ProtocolType.Tcp, NearAddress, 0));
            listener.Listen();
            sender.Connect(FarAddress, Port);
            using Socket receiver = listener.Accept();
            using var stop = new CancellationTokenSource();
            var sending = new Thread(() =>
            {
                byte[] block = new byte[16384];
                try
                {
                    while (!stop.IsCancellationRequested)
                        sender.Send(block);
                }
                catch (SocketException)
                {
                    // The receiver has had enough.
                }
            });
            sending.Start();
            byte[] buffer = new byte[65536];
            long bytes = 0, start = Stopwatch.GetTimestamp(), from = 0;
            while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < duration + TimeSpan.FromSeconds(0.5))
            {
                // Timeouts of a socket would start the runtime's event loop.
                Assert.True(receiver.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead), "Nothing arrives.");
                int length = receiver.Receive(buffer);
                if (elapsed.TotalSeconds < 0.5)
                    continue;
                if (from == 0)
                    from = Stopwatch.GetTimestamp();
                else
                    bytes += length;
            }

            double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
            stop.Cancel();
            receiver.Close(0);
            sending.Join();
            return new DataRate((long)(bytes / seconds));
        }

        public void Dispose()
        {
            // The echo ends with a packet of no bytes, by a way that nothing delays.
            using (Socket last = Far.Run(() => Bound(ProtocolType.Udp, FarAddress, 0)))
                last.SendTo([], new IPEndPoint(FarAddress, Port));
            _echoing.Join();
            _echo.Dispose();
            _client.Dispose();
            Near.Dispose();
            Far.Dispose();
        }

        private static Socket Bound(ProtocolType protocol, IPAddress address, int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }

        private void Echo()
        {
            byte[] buffer = new byte[64];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            while (_echo.ReceiveFrom(buffer, ref from) is > 0 and var length)
                _echo.SendTo(buffer.AsSpan(0, length), from);
        }
    }
}
