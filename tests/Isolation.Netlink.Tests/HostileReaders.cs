using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Nftables;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests;

/// <summary>Reads the bytes of what the kernel sent.</summary>
internal delegate void HostileRead(ReadOnlySpan<byte> bytes);

/// <summary>What reads bytes of the kernel, for <see cref="HostileMessageTests"/>.</summary>
/// <param name="Name">What it reads, as a failure tells it.</param>
/// <param name="List">The request that lists messages of its kind, which are what is mutated; null: whole datagrams are.</param>
/// <param name="FixedSize">The bytes of that request's fixed part.</param>
/// <param name="Read">Reads the body of one, or a datagram.</param>
internal sealed record HostileReader(string Name, RouteMessageType? List, int FixedSize, HostileRead Read)
{
    /// <summary>The address family that the list is asked for.</summary>
    public byte Family { get; init; }

    /// <summary>The type that it makes, which has to be here: see <see cref="HostileMessageTests.Every_reader_is_in_the_table"/>.</summary>
    public Type? Made { get; init; }

    /// <summary>What is mutated, where it is not what a list says.</summary>
    public Func<IEnumerable<byte[]>>? Bodies { get; init; }

    /// <summary>All readers. Each new noun is a new line.</summary>
    public static IReadOnlyList<HostileReader> All { get; } =
    [
        Of("links", RouteMessageType.RTM_GETLINK, Unsafe.SizeOf<LinkHeader>(), 0, Link.Read),
        Of("addresses", RouteMessageType.RTM_GETADDR, Unsafe.SizeOf<AddressHeader>(), 0, InterfaceAddress.Read),
        Of("IPv4 routes", RouteMessageType.RTM_GETROUTE, Unsafe.SizeOf<RouteHeader>(), NetlinkConstants.AF_INET, Route.Read),
        Of("IPv6 routes", RouteMessageType.RTM_GETROUTE, Unsafe.SizeOf<RouteHeader>(), NetlinkConstants.AF_INET6, Route.Read),
        OfEntry<RouteEntry>("routes where they are", RouteMessageType.RTM_GETROUTE, Unsafe.SizeOf<RouteHeader>(), NetlinkConstants.AF_INET, static entry => entry.Table + entry.Destination.Length + (entry.Family == System.Net.Sockets.AddressFamily.InterNetwork ? 1 : 0)),
        Of("rules", RouteMessageType.RTM_GETRULE, Unsafe.SizeOf<RuleHeader>(), NetlinkConstants.AF_INET, RoutingRule.Read),
        Of("neighbours", RouteMessageType.RTM_GETNEIGH, Unsafe.SizeOf<NeighborHeader>(), NetlinkConstants.AF_INET, Neighbor.Read),
        OfEntry<NeighborEntry>("neighbours where they are", RouteMessageType.RTM_GETNEIGH, Unsafe.SizeOf<NeighborHeader>(), NetlinkConstants.AF_INET, static entry => entry.InterfaceIndex),
        Of("tables of neighbours", RouteMessageType.RTM_GETNEIGHTBL, Unsafe.SizeOf<NeighborTableHeader>(), 0, NeighborTable.Read),
        Of("forwarding entries", RouteMessageType.RTM_GETNEIGH, Unsafe.SizeOf<NeighborHeader>(), NetlinkConstants.AF_BRIDGE, ForwardingEntry.Read),
        OfEntry<ForwardingSpanEntry>("forwarding entries where they are", RouteMessageType.RTM_GETNEIGH, Unsafe.SizeOf<NeighborHeader>(), NetlinkConstants.AF_BRIDGE, static entry => entry.Vlan + entry.Address.Length),
        Of("next hops", RouteMessageType.RTM_GETNEXTHOP, Unsafe.SizeOf<NextHopObjectHeader>(), 0, NextHopObject.Read),
        OfBodies("queueing disciplines", Qdisc.Read, static () => [Recorded(static c => c.AddQdisc(new Qdisc(3, new NetemQdisc { LossModel = new NetemStateLoss(0.1, 0.2, 0.3, 0.1, 0.1), Delay = TimeSpan.FromMilliseconds(5) }))), Recorded(static c => c.AddQdisc(new Qdisc(3, new HtbQdisc())))]),
        OfBodies("classes", TrafficClass.Read, static () => [Recorded(static c => c.AddTrafficClass(new TrafficClass(3, new TrafficHandle(1, 0), new TrafficHandle(1, 2), new HtbClass(DataRate.FromMegabits(10)) { Quantum = 2000 })))]),
        OfBodies("filters", TrafficFilter.Read, static () => [Recorded(static c => c.AddTrafficFilter(new TrafficFilter(3, TrafficHandle.IngressFilters, new U32Filter(U32Key.Any) { Actions = [new MirredAction(MirredMode.RedirectToEgress, 2)] }) { Priority = 1 }))]),
        OfBodies("tables of nf_tables", NftTable.Read, static () => [Body(new NftTable(NftFamily.Inet, "t") { Comment = "text" })]),
        OfBodies("chains", NftChain.Read, static () => [Body(new NftChain(NftFamily.Inet, "t", "c"))]),
        OfBodies("sets", NftSet.Read, static () => [Body(new NftSet(new NftTable(NftFamily.Inet, "t"), "s", NftDataType.IPv4Address))]),
        OfBodies("counters", NftCounter.Read, static () => [Body(new NftCounter(NftFamily.Inet, "t", "n"))]),
        OfBodies("rules of nf_tables", NftRule.Read, static () => [Body(new NftRule(new NftChain(NftFamily.Inet, "t", "c")).MatchMark(7).Append(new GenericExpression("counter")))]),
        OfBodies("families of generic netlink", GenericNetlinkFamily.Read, HostileMessageTests.CapturedFamilies),
        new("datagrams", null, 0, ReadDatagram),
        new("an attribute's policy", null, 0, static bytes => AttributePolicy.Describe(new AttributeReader(bytes))),
    ];

    private static HostileReader Of<T>(string name, RouteMessageType list, int fixedSize, byte family, AnswerReader<T> read)
        => new(name, list, fixedSize, bytes => read(bytes)) { Family = family, Made = typeof(T) };

    private static HostileReader OfBodies<T>(string name, AnswerReader<T> read, Func<IEnumerable<byte[]>> bodies)
        => new(name, null, 0, bytes => read(bytes)) { Made = typeof(T), Bodies = bodies };

    // What we write has the form of what the kernel says.
    private static byte[] Recorded(Action<RouteChanges> verb)
    {
        var recorded = new Routing.RecordedChanges();
        verb(recorded);
        return recorded.Bytes[Unsafe.SizeOf<NetlinkHeader>()..];
    }

    private static byte[] Body<TBody>(TBody body)
        where TBody : IRequestBody
        => Routing.RecordedChanges.Record(new RequestDescription(NftRequestKinds.Begin, 0, "test", null), body)[Unsafe.SizeOf<NetlinkHeader>()..];

    // What is read where it was received is looked at too.
    private static HostileReader OfEntry<T>(string name, RouteMessageType list, int fixedSize, byte family, Func<T, int> look)
        where T : ISpanEntry<T>, allows ref struct
        => new(name, list, fixedSize, bytes => look(T.Read(bytes))) { Family = family };

    // What a connection does with a datagram: acknowledgements, with the request that they point into, and the ends of dumps.
    private static void ReadDatagram(ReadOnlySpan<byte> datagram)
    {
        foreach (Message message in new MessageReader(datagram))
        {
            ExtendedAcknowledgement.ReadError(message, LinkAttributes.Space, s_request, out _);
            ExtendedAcknowledgement.ReadDone(message, LinkAttributes.Space, s_request, out _);
        }
    }

    private static readonly byte[] s_request = MakeRequest();

    private static byte[] MakeRequest()
    {
        using var buffer = new RequestBuffer();
        buffer.Append(
            new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "test", null),
            new NewLinkRequest(new VethLink { Peer = new LinkSettings { Name = "v1" } }, new LinkSettings { Name = "v0", Mtu = 1400 }));
        return buffer.Bytes.ToArray();
    }
}
