using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>IPv6 over IPv4 (RFC 4213, ip-link(8)).</summary>
public sealed record SitLink : IPTunnel
{
    internal const string KindName = "sit";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public SitLink()
        : base(KindName)
    {
    }

    private SitLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new SitLink(data), AttributeSpace.Of<IPTunnelAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetwork;
}
