using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>IP over IPv6 (RFC 2473, ip-link(8)).</summary>
public sealed record IPv6TunnelLink : IPTunnel
{
    internal const string KindName = "ip6tnl";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPv6TunnelLink()
        : base(KindName)
    {
    }

    private IPv6TunnelLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPv6TunnelLink(data), AttributeSpace.Of<IPTunnelAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetworkV6;
}
