using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Ethernet over GRE over IPv4 (ip-link(8)).</summary>
public sealed record GreTapLink : GreTunnel
{
    internal const string KindName = "gretap";

    /// <summary>Describes one of which nothing is said yet.</summary>
    public GreTapLink()
        : base(KindName)
    {
    }

    private GreTapLink(AttributeReader data)
        : base(KindName, data)
    {
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new GreTapLink(data), AttributeSpace.Of<GreAttribute>());

    private protected override AddressFamily Family => AddressFamily.InterNetwork;
}
