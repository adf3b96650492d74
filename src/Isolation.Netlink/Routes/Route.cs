using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink;

/// <summary>A route (ip-route(8)). What a list returns can be deleted.</summary>
/// <param name="Destination">Where it leads. The default route leads to <see cref="DefaultIPv4"/> or <see cref="DefaultIPv6"/>.</param>
public sealed partial record Route(IPNetwork Destination)
{
    /// <summary>All IPv4 addresses, 0.0.0.0/0: the destination of the default route.</summary>
    public static IPNetwork DefaultIPv4 { get; } = new(IPAddress.Any, 0);

    /// <summary>All IPv6 addresses, ::/0: the destination of the default route.</summary>
    public static IPNetwork DefaultIPv6 { get; } = new(IPAddress.IPv6Any, 0);

    /// <summary>The default route by a gateway, of the gateway's family.</summary>
    public static Route Default(IPAddress gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        return new Route(gateway.AddressFamily == AddressFamily.InterNetworkV6 ? DefaultIPv6 : DefaultIPv4) { Gateway = gateway };
    }

    /// <summary>Whether it leads to all addresses of its family.</summary>
    public bool IsDefault => Destination.PrefixLength == 0;

    /// <summary>The router, of either family; null when the destination is on the link, or when there are several <see cref="NextHops"/>.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The index of the link that packets leave by; 0 for none, or to let the kernel find it by the gateway.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>The gateway is on the link, whatever the addresses say (RTNH_F_ONLINK).</summary>
    public bool IsOnLink { get; init; }

    /// <summary>The ways, where there are several. <see cref="Gateway"/> and <see cref="InterfaceIndex"/> are not used then.</summary>
    public ImmutableArray<NextHop> NextHops { get; init; } = [];

    /// <summary>The id of a next-hop object, instead of a gateway or ways (ip-nexthop(8)); null for none.</summary>
    public int? NextHopId { get; init; }

    /// <summary>The source address that packets get.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>IPv6: the source addresses that it is for; null for all.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>IPv4: the type of service that it is for; 0 for all.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>The metric: of routes to the same destination, the lowest wins. 0: the kernel's choice for a new one, any when deleting.</summary>
    public uint Metric { get; init; }

    /// <summary>The number of the table. The kernel's have no sign: those from 2147483648 on are negative here.</summary>
    public int Table { get; init; } = RouteTable.Main;

    /// <summary>What happens to packets.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Who made it. Null: <see cref="RouteProtocol.Boot"/> for a new one, as ip(8) does; any when deleting.</summary>
    public RouteProtocol? Protocol { get; init; }

    /// <summary>How far the destination is. Null: as far as the gateway makes it for a new one; any when deleting.</summary>
    public RouteScope? Scope { get; init; }

    /// <summary>What connections over it begin with.</summary>
    public RouteMetrics Metrics { get; init; } = RouteMetrics.None;

    /// <summary>What packets are wrapped into; null for nothing.</summary>
    public RouteEncapsulation? Encapsulation { get; init; }

    /// <summary>IPv4: the realms; null for none.</summary>
    public RouteRealms? Realms { get; init; }

    /// <summary>IPv6: which of several default routers is preferred.</summary>
    public RoutePreference Preference { get; init; }

    /// <summary>IPv6: after how long it goes away, rounded up to whole seconds; of a listed one, how long is left. Null for never.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>What the kernel tells of it.</summary>
    public RouteFlags Flags { get; internal init; }

    /// <summary>As ip(8) writes it, in short: <c>default via 10.0.0.1</c>.</summary>
    public override string ToString()
    {
        string type = Type == RouteType.Unicast ? "" : Type.ToString().ToLowerInvariant() + " ";
        string via = Gateway is null ? "" : $" via {Gateway}";
        return $"{type}{(IsDefault ? "default" : Destination.ToString())}{via}";
    }

    /// <summary>Compares all properties, the ways one by one.</summary>
    public bool Equals(Route? other)
        => other is not null
            && (Destination, InterfaceIndex, IsOnLink, NextHopId, Source, TypeOfService) == (other.Destination, other.InterfaceIndex, other.IsOnLink, other.NextHopId, other.Source, other.TypeOfService)
            && (Metric, Table, Type, Protocol, Scope) == (other.Metric, other.Table, other.Type, other.Protocol, other.Scope)
            && (Realms, Preference, Lifetime, Flags) == (other.Realms, other.Preference, other.Lifetime, other.Flags)
            && Metrics == other.Metrics
            && Encapsulation == other.Encapsulation
            && Equals(Gateway, other.Gateway)
            && Equals(PreferredSource, other.PreferredSource)
            && NextHops.SequenceEqual(other.NextHops);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Destination, Gateway, InterfaceIndex, Metric, Table, Type, NextHops.Length);
}
