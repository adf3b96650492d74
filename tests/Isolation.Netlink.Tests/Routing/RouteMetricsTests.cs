using System.Net;
using System.Text.Json;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>What connections over a route begin with.</summary>
public sealed class RouteMetricsTests
{
    internal static RouteMetrics All { get; } = new()
    {
        Mtu = 1300,
        AdvertisedSegmentSize = 1000,
        Window = 5,
        RoundTripTime = TimeSpan.FromMilliseconds(100),
        RoundTripTimeVariance = TimeSpan.FromMilliseconds(20),
        MinimumRetransmissionTimeout = TimeSpan.FromMilliseconds(30),
        SlowStartThreshold = 9,
        CongestionWindow = 7,
        InitialCongestionWindow = 10,
        InitialReceiveWindow = 11,
        HopLimit = 12,
        QuickAcknowledgement = true,
        CongestionControl = "cubic",
        Features = RouteFeatures.CongestionNotification,
        FastOpenWithoutCookie = true,
        Reordering = 4,
        Locks = RouteMetricLocks.Mtu,
    };

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [InlineData("10.5.0.0/16", "10.0.0.1")]
    [InlineData("fd05::/64", "fd00::1")]
    public void What_we_set_ip_shows_and_we_read_and_delete(string destination, string gateway)
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        var route = new Route(IPNetwork.Parse(destination)) { Gateway = IPAddress.Parse(gateway), Metrics = All };
        network.Client.AddRoute(route);

        string family = destination.Contains(':', StringComparison.Ordinal) ? "-6 " : "";
        JsonElement shown = Assert.Single(network.IpJson($"{family}route show {destination}")).GetProperty("metrics")[0];
        Assert.Equal(
            "mtu=1300 window=5 rtt=100 rttvar=20 ssthresh=9 cwnd=7 advmss=1000 reordering=4 hoplimit=12 initcwnd=10 ecn=null rto_min=30 initrwnd=11 quickack=1 congestion=\"cubic\" fastopen_no_cookie=1",
            string.Join(' ', shown.EnumerateObject().Select(p => $"{p.Name}={(p.Value.ValueKind == JsonValueKind.Null ? "null" : p.Value.GetRawText())}")));
        Assert.Contains("mtu lock 1300", network.Ip($"{family}route show {destination}"), StringComparison.Ordinal);

        Route listed = Assert.Single(network.Client.ListRoutes(), r => r.Destination == route.Destination);
        Assert.Equal(All with { Locks = RouteMetricLocks.Mtu | RouteMetricLocks.MinimumRetransmissionTimeout }, listed.Metrics);
        network.Client.DeleteRoute(listed);
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.Destination == route.Destination);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_sets_is_read()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Ip("route add 10.5.0.0/16 via 10.0.0.1 mtu 1200 rtt 3ms rttvar 1ms quickack 1 hoplimit 3 window lock 900");
        Assert.Equal(
            new RouteMetrics { Mtu = 1200, RoundTripTime = TimeSpan.FromMilliseconds(3), RoundTripTimeVariance = TimeSpan.FromMilliseconds(1), QuickAcknowledgement = true, HopLimit = 3, Window = 900, Locks = RouteMetricLocks.Window },
            Assert.Single(network.Client.ListRoutes(), r => r.Metrics != new RouteMetrics()).Metrics with { });
    }

    [LinuxFact(Needs.Root)]
    public void A_route_is_deleted_as_it_was_added_though_its_lock_was_not_given()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        Route route = Route.Default(IPAddress.Parse("10.0.0.1")) with { Metrics = new RouteMetrics { MinimumRetransmissionTimeout = TimeSpan.FromMilliseconds(5) } };
        network.Client.AddRoute(route);
        network.Client.DeleteRoute(route);
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.IsDefault);
    }

    [LinuxFact(Needs.Root)]
    public void Wrong_metrics_are_refused_before_anything_is_sent()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        foreach (RouteMetrics wrong in new RouteMetrics[] { new() { RoundTripTime = TimeSpan.FromSeconds(-1) }, new() { MinimumRetransmissionTimeout = TimeSpan.MaxValue }, new() { CongestionControl = "" }, new() { CongestionControl = "sixteen-bytes-xx" } })
            Assert.Throws<ArgumentException>(() => network.Client.AddRoute(Route.Default(IPAddress.Parse("10.0.0.1")) with { Metrics = wrong }));
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.IsDefault);
    }

    [LinuxFact(Needs.Root)]
    public void The_kernels_complaint_names_the_metric()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddRoute(Route.Default(IPAddress.Parse("10.0.0.1")) with { Metrics = new RouteMetrics { Features = (RouteFeatures)0x80000000 } }));
        Assert.Equal(Syscalls.Errno.EINVAL, e.Errno);
        Assert.NotNull(e.KernelMessage);
    }

    [Property(MaxTest = 500)]
    public void Metrics_come_back_as_they_were(uint? mtu, uint? segment, uint? window, uint? rtt, uint? variance, uint? minimum, bool? quick, uint? congestion, uint? features, uint locks)
    {
        var metrics = new RouteMetrics
        {
            Mtu = mtu,
            AdvertisedSegmentSize = segment,
            Window = window,
            RoundTripTime = Time(rtt, 1250),
            RoundTripTimeVariance = Time(variance, 2500),
            MinimumRetransmissionTimeout = Time(minimum, 10_000),
            QuickAcknowledgement = quick,
            FastOpenWithoutCookie = !quick,
            CongestionWindow = congestion,
            InitialCongestionWindow = congestion + 1,
            InitialReceiveWindow = congestion + 2,
            SlowStartThreshold = congestion + 3,
            Reordering = congestion + 4,
            HopLimit = congestion + 5,
            CongestionControl = congestion is null ? null : "c" + (congestion % 1000),
            Features = (RouteFeatures?)features,
            Locks = (RouteMetricLocks)locks | (minimum is null ? 0 : RouteMetricLocks.MinimumRetransmissionTimeout),
        };
        var route = new Route(Route.DefaultIPv4) { Metrics = metrics };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWROUTE, 0, "test", null), new NewRouteRequest(route));
        Assert.Equal(metrics, Route.Read(bytes.AsSpan(16)).Metrics);

        static TimeSpan? Time(uint? units, long ticks) => units is { } known ? TimeSpan.FromTicks(known * ticks) : null;
    }
}
