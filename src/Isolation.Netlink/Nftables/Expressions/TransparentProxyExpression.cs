using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Gives packets to a local socket without changing them (nft(8), TPROXY STATEMENT).</summary>
/// <param name="Family">IPv4, IPv6, or any.</param>
public sealed record TransparentProxyExpression(NftFamily Family) : NftExpression(KindName)
{
    internal const string KindName = "tproxy";

    /// <summary>Where the address of the socket is.</summary>
    public NftRegister? Address { get; init; }

    /// <summary>Where the port of the socket is.</summary>
    public NftRegister? Port { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(TproxyAttribute.NFTA_TPROXY_FAMILY, (uint)Family);
        writer.WriteRegister(TproxyAttribute.NFTA_TPROXY_REG_ADDR, Address);
        writer.WriteRegister(TproxyAttribute.NFTA_TPROXY_REG_PORT, Port);
    }

    internal static TransparentProxyExpression ReadData(AttributeReader data)
    {
        var expression = new TransparentProxyExpression(NftFamily.Any);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (TproxyAttribute)attribute.Type switch
            {
                TproxyAttribute.NFTA_TPROXY_FAMILY => expression with { Family = (NftFamily)attribute.NetworkUInt32 },
                TproxyAttribute.NFTA_TPROXY_REG_ADDR => expression with { Address = NftWire.ReadRegister(attribute) },
                TproxyAttribute.NFTA_TPROXY_REG_PORT => expression with { Port = NftWire.ReadRegister(attribute) },
                _ => expression,
            };
        }

        return expression;
    }
}
