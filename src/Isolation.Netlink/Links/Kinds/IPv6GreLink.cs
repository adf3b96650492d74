using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>IP over GRE over IPv6 (ip-link(8)).</summary>
public sealed record IPv6GreLink : GreTunnel
{
    internal const string KindName = "ip6gre";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPv6GreLink()
        : base(KindName)
    {
    }

    private IPv6GreLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPv6GreLink(data), AttributeSpace.Of<GreAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetworkV6;
}
