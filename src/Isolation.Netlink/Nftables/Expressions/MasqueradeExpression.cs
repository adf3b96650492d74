using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Gives connections the address of the link that they leave by (nft(8), NAT STATEMENTS). The chain is of the type nat, at postrouting.</summary>
public sealed record MasqueradeExpression() : NftExpression(KindName)
{
    internal const string KindName = "masq";

    /// <summary>Where the new port is, or the first one; null: the port stays if it can.</summary>
    public NftRegister? Port { get; init; }

    /// <summary>Where the last port is, if there is a range of them.</summary>
    public NftRegister? LastPort { get; init; }

    /// <summary>How ports are chosen.</summary>
    public NftNatOptions Flags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(MasqueradeAttribute.NFTA_MASQ_REG_PROTO_MIN, Port);
        writer.WriteRegister(MasqueradeAttribute.NFTA_MASQ_REG_PROTO_MAX, LastPort);
        if (Flags != NftNatOptions.None)
            writer.WriteNetwork(MasqueradeAttribute.NFTA_MASQ_FLAGS, (uint)Flags);
    }

    internal static MasqueradeExpression ReadData(AttributeReader data)
    {
        var expression = new MasqueradeExpression();
        foreach (Wire.Attribute attribute in data)
        {
            expression = (MasqueradeAttribute)attribute.Type switch
            {
                MasqueradeAttribute.NFTA_MASQ_REG_PROTO_MIN => expression with { Port = NftWire.ReadRegister(attribute) },
                MasqueradeAttribute.NFTA_MASQ_REG_PROTO_MAX => expression with { LastPort = NftWire.ReadRegister(attribute) },
                MasqueradeAttribute.NFTA_MASQ_FLAGS => expression with { Flags = (NftNatOptions)attribute.NetworkUInt32 },
                _ => expression,
            };
        }

        return expression;
    }
}
