using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>
/// The routes of a monitor. A route has no key of its own but all that it is: several can lead to one destination with one metric.
/// Where the kernel's message does not say which of them it is about, the routes are listed again.
/// </summary>
internal sealed class MonitoredRoutes(bool remembers) : MonitoredTable<Route, Route>(remembers)
{
    private readonly Dictionary<RoutePlace, ImmutableArray<Route>> _places = [];

    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_IPV4_ROUTE, MulticastGroup.RTNLGRP_IPV6_ROUTE];

    /// <summary>Looks whether routes are told of that the kernel may have dropped without a word.</summary>
    public void Suspect(SilentRemovals removals)
    {
        if (removals.Any && Remembers && Told.Any(removals.Concern))
            IsStale = true;
    }

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        switch ((RouteMessageType)message.Header.nlmsg_type)
        {
            case RouteMessageType.RTM_NEWROUTE:
                Put(Route.Read(message.Body), origin, changes);
                return true;
            case RouteMessageType.RTM_DELROUTE:
                Take(Route.Read(message.Body), origin, changes);
                return true;
            default:
                return false;
        }
    }

    private protected override Route KeyOf(Route value) => RouteIdentity.Of(value);

    private protected override Listing<Route> ListAll(RouteClient client) => client.ListRoutes();

    private protected override bool TryFindReplaced(Route value, in ChangeOrigin origin, [MaybeNullWhen(false)] out Route replaced)
    {
        replaced = null;
        if (IsTold(value) || !_places.TryGetValue(RoutePlace.Of(value), out ImmutableArray<Route> others))
            return false;
        if (IsReplacement(origin) && others is [var only])
        {
            replaced = only;
            return true;
        }

        // One of several is replaced; or the kernel makes one IPv6 route with several ways of what is appended, and tells the whole.
        IsStale |= IsReplacement(origin) || (IsIPv6(value) && (IsAppended(origin) || value.NextHops.Length > 0 || others.Any(o => o.NextHops.Length > 0)));
        return false;
    }

    // One way of several: the kernel tells the way that is gone, not the route that is left.
    private protected override void OnUnknownRemoved(Route value) => IsStale |= _places.ContainsKey(RoutePlace.Of(value));

    private protected override void OnKeyAdded(Route key)
    {
        RoutePlace place = RoutePlace.Of(key);
        _places[place] = _places.TryGetValue(place, out ImmutableArray<Route> others) ? others.Add(key) : [key];
    }

    private protected override void OnKeyRemoved(Route key)
    {
        RoutePlace place = RoutePlace.Of(key);
        ImmutableArray<Route> left = _places[place].Remove(key);
        if (left.IsEmpty)
            _places.Remove(place);
        else
            _places[place] = left;
    }

    // A lifetime is less each time, and flags change with the link, without a message.
    private protected override bool AreSame(Route before, Route now, TimeSpan between) => (before.Lifetime is null) == (now.Lifetime is null);

    private protected override NetworkEvent ToChange(Route value, Route? previous, in ChangeOrigin origin)
        => new RouteChanged(value) { Previous = previous, IsReplacement = IsReplacement(origin), IsAppended = IsAppended(origin), Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(Route value, in ChangeOrigin origin)
        => new RouteRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };

    private static bool IsReplacement(in ChangeOrigin origin) => origin.Flags.HasFlag(NetlinkMessageFlags.NLM_F_REPLACE);

    private static bool IsAppended(in ChangeOrigin origin) => ((ushort)origin.Flags & MonitorConstants.NLM_F_APPEND) != 0;

    private static bool IsIPv6(Route route) => route.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
}

/// <summary>Where a route stands: what the kernel looks for when one is to replace another.</summary>
internal readonly record struct RoutePlace(int Table, IPNetwork Destination, IPNetwork? Source, byte TypeOfService, uint Metric)
{
    public static RoutePlace Of(Route route) => new(route.Table, route.Destination, route.Source, route.TypeOfService, route.Metric);
}

/// <summary>What tells routes apart: all of it but what the kernel alone says, which changes with time and with the link.</summary>
internal static class RouteIdentity
{
    public static Route Of(Route route)
        => route with { Lifetime = null, Flags = RouteFlags.None, NextHops = route.NextHops.IsEmpty ? route.NextHops : [.. route.NextHops.Select(h => h with { Flags = RouteFlags.None })] };
}
