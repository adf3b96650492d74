using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>What packets of a route are wrapped into, beside ip-route(8) both ways.</summary>
public sealed class EncapsulationTests
{
    private static readonly (string Ip, RouteEncapsulation Ours)[] s_kinds =
    [
        ("ip id 5 src 1.2.3.5 dst 1.2.3.4 ttl 9 tos 4 key csum", new IPEncapsulation(Address("1.2.3.4")) { Id = 5, Source = Address("1.2.3.5"), TimeToLive = 9, TypeOfService = 4, Flags = IPEncapsulationFlags.Key | IPEncapsulationFlags.Checksum }),
        ("ip6 id 5 src :: dst fd00::9 hoplimit 9 tc 4", new IPEncapsulation(Address("fd00::9")) { Id = 5, TimeToLive = 9, TypeOfService = 4 }),
        ("seg6 mode encap segs 2 [ fd00::7 fd00::8 ]", new SegmentRoutingEncapsulation(Address("fd00::7"), Address("fd00::8"))),
        ("seg6 mode inline segs 3 [ fd00::7 fd00::8 :: ]", new SegmentRoutingEncapsulation(Address("fd00::7"), Address("fd00::8")) { Mode = SegmentRoutingMode.Inline }),
        ("seg6 mode l2encap segs 1 [ fd00::7 ] hmac 5", new SegmentRoutingEncapsulation(Address("fd00::7")) { Mode = SegmentRoutingMode.EncapsulateFrame, HmacKeyId = 5 }),
        ("seg6local action End", new LocalSegmentEncapsulation(LocalSegmentAction.End)),
        ("seg6local action End.X nh6 fd00::7", new LocalSegmentEncapsulation(LocalSegmentAction.EndByNextHop) { NextHop = Address("fd00::7") }),
        ("seg6local action End.T table 77", new LocalSegmentEncapsulation(LocalSegmentAction.EndByTable) { Table = 77 }),
        ("seg6local action End.DX2 oif v1", new LocalSegmentEncapsulation(LocalSegmentAction.DecapsulateFrame) { OutputInterfaceIndex = 2 }),
        ("seg6local action End.DX6 nh6 fd00::7", new LocalSegmentEncapsulation(LocalSegmentAction.DecapsulateIPv6) { NextHop = Address("fd00::7") }),
        ("seg6local action End.DX4 nh4 10.0.0.7", new LocalSegmentEncapsulation(LocalSegmentAction.DecapsulateIPv4) { NextHop = Address("10.0.0.7") }),
        ("seg6local action End.DT6 table main", new LocalSegmentEncapsulation(LocalSegmentAction.DecapsulateIPv6ByTable) { Table = RouteTable.Main }),
        ("seg6local action End.B6.Encaps segs 2 [ fd00::7 fd00::8 ]", new LocalSegmentEncapsulation(LocalSegmentAction.BindEncapsulated) { Segments = [Address("fd00::7"), Address("fd00::8")] }),
        ("seg6local action End flavors psp,next-csid lblen 32 nflen 16", new LocalSegmentEncapsulation(LocalSegmentAction.End) { Flavors = LocalSegmentFlavors.PenultimatePop | LocalSegmentFlavors.NextCompressed, LocatorBlockBits = 32, LocatorNodeBits = 16 }),
    ];

    public static TheoryData<string> Kinds => [.. s_kinds.Select(k => k.Ip)];

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Kinds))]
    public void What_we_make_ip_shows_and_we_read_and_delete(string ip)
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        RouteEncapsulation ours = s_kinds.Single(k => k.Ip == ip).Ours;
        var route = new Route(IPNetwork.Parse("fd53::/64")) { InterfaceIndex = v0, Encapsulation = ours };
        RoutingNetwork.SkipIfUnsupported("such encapsulation", () => network.Client.AddRoute(route));
        Assert.Contains($"fd53::/64  encap {ip} dev v0", network.Ip("-6 route show fd53::/64"), StringComparison.Ordinal);
        Route listed = Assert.Single(network.Client.ListRoutes(), r => r.Destination == route.Destination);
        Assert.Equal(ours, listed.Encapsulation);
        network.Client.DeleteRoute(listed);
        Assert.Empty(network.Ip("-6 route show fd53::/64"));
    }

    [LinuxFact(Needs.Root)]
    public void Packets_for_a_local_segment_are_counted_if_that_is_asked_for()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        RoutingNetwork.SkipIfUnsupported("SEG6", () => network.Client.AddRoute(new Route(IPNetwork.Parse("fd53::/64")) { InterfaceIndex = v0, Encapsulation = new LocalSegmentEncapsulation(LocalSegmentAction.End) { Counters = default(LocalSegmentCounters) } }));
        Route listed = Assert.Single(network.Client.ListRoutes(), r => r.Encapsulation is not null);
        Assert.Equal(default(LocalSegmentCounters), Assert.IsType<LocalSegmentEncapsulation>(listed.Encapsulation).Counters);
        network.Client.DeleteRoute(listed);
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.Encapsulation is not null);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Each_way_of_several_can_have_its_own_and_all_is_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        NextHop[] hops = [new NextHop(Address("10.0.0.1"), v0) { Weight = 2, Realms = new RouteRealms(5, 6) }, new NextHop(null, v0) { Encapsulation = s_kinds[0].Ours }];
        RoutingNetwork.SkipIfUnsupported("such encapsulation", () => network.Client.AddRoute(new Route(IPNetwork.Parse("10.8.0.0/16")) { NextHops = [.. hops] }));
        Assert.Contains("nexthop  encap ip id 5", network.Ip("route show 10.8.0.0/16"), StringComparison.Ordinal);
        Assert.Contains("realms 5/6", network.Ip("route show 10.8.0.0/16"), StringComparison.Ordinal);
        Route listed = Assert.Single(network.Client.ListRoutes(), r => !r.NextHops.IsEmpty);
        Assert.Equal(hops, listed.NextHops);
        network.Client.DeleteRoute(listed);
        Assert.Empty(network.Ip("route show 10.8.0.0/16"));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void An_IPv4_route_with_an_encapsulation_is_deleted_as_listed_and_not_with_another_one()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        var route = new Route(IPNetwork.Parse("10.8.0.0/16")) { InterfaceIndex = v0, Encapsulation = s_kinds[0].Ours };
        RoutingNetwork.SkipIfUnsupported("such encapsulation", () => network.Client.AddRoute(route));
        Assert.Equal(Errno.ESRCH, Assert.Throws<NetlinkException>(() => network.Client.DeleteRoute(route with { Encapsulation = new IPEncapsulation(Address("1.2.3.4")) { Id = 6 } })).Errno);
        network.Client.DeleteRoute(Assert.Single(network.Client.ListRoutes(), r => r.Encapsulation is not null));
        Assert.Empty(network.Ip("route show 10.8.0.0/16"));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Labels_of_MPLS_are_put_on()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        var route = new Route(IPNetwork.Parse("10.8.0.0/16")) { Gateway = Address("10.0.0.1"), Encapsulation = new MplsEncapsulation(100, 1_048_575) { TimeToLive = 9 } };
        RoutingNetwork.SkipIfUnsupported("MPLS", () => network.Client.AddRoute(route));
        JsonElement shown = Assert.Single(network.IpJson("route show 10.8.0.0/16"));
        Assert.Equal(("mpls", "100/1048575", 9), (shown.Text("encap"), shown.Text("dst"), shown.Number("ttl")));
        Assert.Equal(route.Encapsulation, Assert.Single(network.Client.ListRoutes(), r => r.Encapsulation is not null).Encapsulation);
    }

    // Of BPF there is no type here: its attributes are nested and stay as they are.
    [LinuxFact(Needs.Root)]
    public void A_kind_without_a_type_goes_through_as_bytes()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);

        // LWT_BPF_XMIT_HEADROOM, a u32, without a program.
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddRoute(new Route(IPNetwork.Parse("10.8.0.0/16")) { InterfaceIndex = v0, Encapsulation = new RawEncapsulation(6, [8, 0, 4, 0, 8, 0, 0, 0]) }));
        Assert.Contains(e.Errno, new[] { Errno.EINVAL, Errno.EOPNOTSUPP });
        Assert.DoesNotContain(network.Client.ListRoutes(), r => r.Encapsulation is not null);
    }

    [LinuxFact(Needs.Root)]
    public void A_complaint_names_the_attribute_inside_the_encapsulation()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        byte[] request = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWROUTE, 0, "test", null), new NewRouteRequest(new Route(Route.DefaultIPv6) { Encapsulation = s_kinds[5].Ours }));
        int at = request.AsSpan().IndexOf((ReadOnlySpan<byte>)[8, 0, 1, 0, 1, 0, 0, 0]);
        Assert.True(at > 0);
        Assert.Equal("RTA_ENCAP.SEG6_LOCAL_ACTION", Transport.AttributePath.At(((RequestKind)RouteMessageType.RTM_NEWROUTE).Attributes, request, at));
    }

    [LinuxFact]
    public void Wrong_descriptions_are_refused()
    {
        RouteEncapsulation[] wrong =
        [
            new MplsEncapsulation(),
            new MplsEncapsulation(1 << 20),
            new MplsEncapsulation(-1),
            new SegmentRoutingEncapsulation(),
            new SegmentRoutingEncapsulation(IPAddress.Loopback),
            new SegmentRoutingEncapsulation([.. Enumerable.Repeat(IPAddress.IPv6Loopback, 200)]),
            new IPEncapsulation(IPAddress.Loopback) { Source = IPAddress.IPv6Loopback },
            new IPEncapsulation(IPAddress.Loopback) { Options = default },
            new LocalSegmentEncapsulation(LocalSegmentAction.End) { HmacKeyId = 1 },
            new LocalSegmentEncapsulation(LocalSegmentAction.End) { LocatorBlockBits = 1 },
        ];
        foreach (RouteEncapsulation encapsulation in wrong)
            Assert.Throws<ArgumentException>(() => new RecordedChanges().AddRoute(new Route(Route.DefaultIPv4) { Encapsulation = encapsulation }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawEncapsulation(0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawEncapsulation(65536, []));
        Assert.Throws<ArgumentNullException>(() => new IPEncapsulation(null!));
    }

    [Property(MaxTest = 1000)]
    public void An_encapsulation_comes_back_as_it_was(byte kind, uint[] numbers, ulong id, byte small, ushort flags, uint? key, bool isV6)
    {
        ImmutableArray<IPAddress> segments = [.. numbers.Append(1u).Take(20).Select(n => new IPAddress(n | 1).MapToIPv6())];
        RouteEncapsulation encapsulation = (kind % 6) switch
        {
            0 => new MplsEncapsulation([.. numbers.Append(3u).Select(n => (int)(n % (1 << 20)))]) { TimeToLive = small > 9 ? small : null },
            1 => new IPEncapsulation(Any(numbers.FirstOrDefault())) { Source = id % 2 == 0 ? null : Any((uint)id | 1), Id = id, TimeToLive = small, TypeOfService = (byte)flags, Flags = (IPEncapsulationFlags)flags, Options = [.. numbers.Select(n => (byte)n)] },
            2 => new SegmentRoutingEncapsulation(segments) { Mode = (SegmentRoutingMode)(small % 5), HmacKeyId = key },
            3 => new LocalSegmentEncapsulation((LocalSegmentAction)(small % 17))
            {
                Segments = id % 2 == 0 ? [] : segments,
                HmacKeyId = id % 2 == 0 ? null : key,
                NextHop = id % 3 == 0 ? null : Any((uint)id),
                Table = (int?)key,
                VrfTable = flags % 2 == 0 ? null : flags,
                InputInterfaceIndex = flags % 3 == 0 ? null : flags,
                OutputInterfaceIndex = flags % 5 == 0 ? null : flags,
                Flavors = (LocalSegmentFlavors)(flags | 1),
                LocatorBlockBits = small % 2 == 0 ? null : small,
                LocatorNodeBits = small % 3 == 0 ? null : small,
                Counters = key is null ? null : new LocalSegmentCounters((long)id, small, flags),
            },
            4 => new RawEncapsulation(100 + small, [.. numbers.Select(n => (byte)n)]),
            _ => new RawEncapsulation((int)EncapsulationType.LWTUNNEL_ENCAP_SEG6_LOCAL, [8, 0, 1, 0, 15, 0, 0, 0, 4, 0, 8, 0]),
        };
        var route = new Route(Route.DefaultIPv6) { Encapsulation = encapsulation };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWROUTE, 0, "test", null), new NewRouteRequest(route));
        Assert.Equal(encapsulation, Route.Read(bytes.AsSpan(16)).Encapsulation);

        IPAddress Any(uint value) => isV6 ? new IPAddress(value | 1).MapToIPv6() : new IPAddress(value | 1);
    }

    private static IPAddress Address(string text) => IPAddress.Parse(text);
}
