using System.Net;

namespace Isolation.Netlink;

/// <summary>A way that packets of a route can go.</summary>
/// <param name="Gateway">The router that they go to, of either family; null when the destination is on the link.</param>
/// <param name="InterfaceIndex">The index of the link that they leave by; 0 to let the kernel find it by the gateway.</param>
public sealed record NextHop(IPAddress? Gateway, int InterfaceIndex = 0)
{
    /// <summary>How many of the packets, in comparison with the other ways of the route: 1 to 256.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The gateway is on the link, whatever the addresses say (RTNH_F_ONLINK).</summary>
    public bool IsOnLink { get; init; }

    /// <summary>What packets are wrapped into; null for nothing.</summary>
    public RouteEncapsulation? Encapsulation { get; init; }

    /// <summary>IPv4: the realms; null for none.</summary>
    public RouteRealms? Realms { get; init; }

    /// <summary>What the kernel tells of it.</summary>
    public RouteFlags Flags { get; internal init; }
}
