using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Drops the packet and tells the sender (nft(8), REJECT STATEMENT).</summary>
/// <param name="Kind">How the sender is told.</param>
/// <param name="Code">The code of the ICMP message. For <see cref="NftRejection.IcmpOfEither"/>, an NFT_REJECT_ICMPX_…: 0 no route, 1 the port, 2 the host, 3 prohibited.</param>
public sealed record RejectExpression(NftRejection Kind, byte Code = 0) : NftExpression(KindName)
{
    internal const string KindName = "reject";

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(RejectAttribute.NFTA_REJECT_TYPE, (uint)Kind);
        writer.Write(RejectAttribute.NFTA_REJECT_ICMP_CODE, Code);
    }

    internal static RejectExpression ReadData(AttributeReader data)
    {
        var expression = new RejectExpression(NftRejection.Icmp);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (RejectAttribute)attribute.Type switch
            {
                RejectAttribute.NFTA_REJECT_TYPE => expression with { Kind = (NftRejection)attribute.NetworkUInt32 },
                RejectAttribute.NFTA_REJECT_ICMP_CODE => expression with { Code = attribute.Number<byte>() },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>How the sender is told that a packet was rejected.</summary>
public enum NftRejection
{
    /// <summary>ICMP or ICMPv6, destination unreachable (NFT_REJECT_ICMP_UNREACH).</summary>
    Icmp,

    /// <summary>The TCP connection is reset (NFT_REJECT_TCP_RST).</summary>
    TcpReset,

    /// <summary>The one of ICMP and ICMPv6 that fits, in tables for both (NFT_REJECT_ICMPX_UNREACH).</summary>
    IcmpOfEither,
}
