using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Leads connections to this machine (nft(8), NAT STATEMENTS). The chain is of the type nat, at prerouting or output.</summary>
public sealed record RedirectExpression() : NftExpression(KindName)
{
    internal const string KindName = "redir";

    /// <summary>Where the new port is, or the first one; null: the port stays if it can.</summary>
    public NftRegister? Port { get; init; }

    /// <summary>Where the last port is, if there is a range of them.</summary>
    public NftRegister? LastPort { get; init; }

    /// <summary>How ports are chosen.</summary>
    public NftNatOptions Flags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(RedirectAttribute.NFTA_REDIR_REG_PROTO_MIN, Port);
        writer.WriteRegister(RedirectAttribute.NFTA_REDIR_REG_PROTO_MAX, LastPort);
        if (Flags != NftNatOptions.None)
            writer.WriteNetwork(RedirectAttribute.NFTA_REDIR_FLAGS, (uint)Flags);
    }

    internal static RedirectExpression ReadData(AttributeReader data)
    {
        var expression = new RedirectExpression();
        foreach (Wire.Attribute attribute in data)
        {
            expression = (RedirectAttribute)attribute.Type switch
            {
                RedirectAttribute.NFTA_REDIR_REG_PROTO_MIN => expression with { Port = NftWire.ReadRegister(attribute) },
                RedirectAttribute.NFTA_REDIR_REG_PROTO_MAX => expression with { LastPort = NftWire.ReadRegister(attribute) },
                RedirectAttribute.NFTA_REDIR_FLAGS => expression with { Flags = (NftNatOptions)attribute.NetworkUInt32 },
                _ => expression,
            };
        }

        return expression;
    }
}
