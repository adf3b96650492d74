using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>IPv4 over IPv4 (RFC 2003, ip-link(8)).</summary>
public sealed record IPInIPLink : IPTunnel
{
    internal const string KindName = "ipip";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public IPInIPLink()
        : base(KindName)
    {
    }

    private IPInIPLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IPInIPLink(data), AttributeSpace.Of<IPTunnelAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetwork;
}
