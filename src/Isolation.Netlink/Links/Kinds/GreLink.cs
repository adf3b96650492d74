using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>IP over GRE over IPv4 (ip-link(8)).</summary>
public sealed record GreLink : GreTunnel
{
    internal const string KindName = "gre";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public GreLink()
        : base(KindName)
    {
    }

    private GreLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new GreLink(data), AttributeSpace.Of<GreAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetwork;
}
