using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>The requests of rtnetlink(7), with what their attributes mean.</summary>
internal static class RouteRequestKinds
{
    private static readonly AttributeSpace s_address = AttributeSpace.Of<AddressAttribute>(Unsafe.SizeOf<AddressHeader>());
    private static readonly AttributeSpace s_route = AttributeSpace.Of<RouteAttribute>(Unsafe.SizeOf<RouteHeader>())
        .With(RouteAttribute.RTA_METRICS, AttributeSpace.Of<RouteMetricAttribute>())
        .WithEncapsulation(RouteAttribute.RTA_ENCAP_TYPE, RouteAttribute.RTA_ENCAP);

    private static readonly AttributeSpace s_rule = AttributeSpace.Of<RuleAttribute>(Unsafe.SizeOf<RuleHeader>());
    private static readonly AttributeSpace s_neighbor = AttributeSpace.Of<NeighborAttribute>(Unsafe.SizeOf<NeighborHeader>());

    private static readonly AttributeSpace s_nextHop = AttributeSpace.Of<NextHopAttribute>(Unsafe.SizeOf<NextHopObjectHeader>())
        .With(NextHopAttribute.NHA_RES_GROUP, AttributeSpace.Of<ResilientGroupAttribute>())
        .With(NextHopAttribute.NHA_RES_BUCKET, AttributeSpace.Of<ResilientBucketAttribute>())
        .WithEncapsulation(NextHopAttribute.NHA_ENCAP_TYPE, NextHopAttribute.NHA_ENCAP);

    private static readonly Dictionary<RouteMessageType, RequestKind> s_kinds = Enum.GetValues<RouteMessageType>().ToDictionary(t => t, Make);

    public static RequestKind Of(RouteMessageType type) => s_kinds[type];

    // linux/rtnetlink.h numbers new, delete, get and set four by four.
    private static RequestKind Make(RouteMessageType type) => new((ushort)type, type.ToString(), ((int)type & 3) == 2, AttributesOf(type));

    private static AttributeSpace? AttributesOf(RouteMessageType type) => type switch
    {
        RouteMessageType.RTM_NEWLINK or RouteMessageType.RTM_GETLINK or RouteMessageType.RTM_NEWLINKPROP or RouteMessageType.RTM_DELLINKPROP => LinkAttributes.Space,
        RouteMessageType.RTM_SETLINK or RouteMessageType.RTM_DELLINK => LinkAttributes.BridgeSpace,
        RouteMessageType.RTM_NEWADDR or RouteMessageType.RTM_DELADDR or RouteMessageType.RTM_GETADDR => s_address,
        RouteMessageType.RTM_NEWROUTE or RouteMessageType.RTM_DELROUTE or RouteMessageType.RTM_GETROUTE => s_route,
        RouteMessageType.RTM_NEWRULE or RouteMessageType.RTM_DELRULE or RouteMessageType.RTM_GETRULE => s_rule,
        RouteMessageType.RTM_NEWNEIGH or RouteMessageType.RTM_DELNEIGH or RouteMessageType.RTM_GETNEIGH => s_neighbor,
        RouteMessageType.RTM_NEWNEXTHOP or RouteMessageType.RTM_DELNEXTHOP or RouteMessageType.RTM_GETNEXTHOP or RouteMessageType.RTM_GETNEXTHOPBUCKET => s_nextHop,
        RouteMessageType.RTM_GETMULTICAST or RouteMessageType.RTM_GETANYCAST => s_address,
        RouteMessageType.RTM_NEWQDISC or RouteMessageType.RTM_DELQDISC or RouteMessageType.RTM_GETQDISC => TrafficAttributes.OfQdisc,
        RouteMessageType.RTM_NEWTCLASS or RouteMessageType.RTM_DELTCLASS or RouteMessageType.RTM_GETTCLASS => TrafficAttributes.OfClass,
        RouteMessageType.RTM_NEWTFILTER or RouteMessageType.RTM_DELTFILTER or RouteMessageType.RTM_GETTFILTER => TrafficAttributes.OfFilter,
        RouteMessageType.RTM_NEWACTION or RouteMessageType.RTM_DELACTION or RouteMessageType.RTM_GETACTION => TrafficAttributes.OfActions,
        _ => null,
    };
}
