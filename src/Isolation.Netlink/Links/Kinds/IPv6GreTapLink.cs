using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Ethernet over GRE over IPv6 (ip-link(8)).</summary>
public sealed record IPv6GreTapLink : GreTunnel
{
    internal const string KindName = "ip6gretap";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPv6GreTapLink()
        : base(KindName)
    {
    }

    private IPv6GreTapLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPv6GreTapLink(data), AttributeSpace.Of<GreAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetworkV6;
}
