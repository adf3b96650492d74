using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Loads bytes of a packet (nft(8), PAYLOAD EXPRESSIONS).</summary>
/// <param name="Base">The header that they are counted from.</param>
/// <param name="Offset">How many bytes after its beginning.</param>
/// <param name="Length">How many bytes: 1 to 64.</param>
public sealed record PayloadExpression(NftPayloadBase Base, uint Offset, uint Length) : NftExpression(KindName)
{
    internal const string KindName = "payload";

    /// <summary>Where they go.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(PayloadAttribute.NFTA_PAYLOAD_DREG, Register);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_BASE, (uint)Base);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_OFFSET, Offset);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_LEN, Length);
    }

    internal static NftExpression ReadData(AttributeReader data)
    {
        var expression = new PayloadExpression(default, 0, 0);
        PayloadWriteExpression? write = null;
        foreach (Wire.Attribute attribute in data)
        {
            expression = (PayloadAttribute)attribute.Type switch
            {
                PayloadAttribute.NFTA_PAYLOAD_BASE => expression with { Base = (NftPayloadBase)attribute.NetworkUInt32 },
                PayloadAttribute.NFTA_PAYLOAD_OFFSET => expression with { Offset = attribute.NetworkUInt32 },
                PayloadAttribute.NFTA_PAYLOAD_LEN => expression with { Length = attribute.NetworkUInt32 },
                PayloadAttribute.NFTA_PAYLOAD_DREG => expression with { Register = NftWire.ReadRegister(attribute) },
                _ => expression,
            };
            write = PayloadWriteExpression.ReadFurther(write, attribute);
        }

        return write is null ? expression : write with { Base = expression.Base, Offset = expression.Offset, Length = expression.Length };
    }
}

/// <summary>Writes bytes into a packet (nft(8), PAYLOAD STATEMENT).</summary>
/// <param name="Base">The header that they are counted from.</param>
/// <param name="Offset">How many bytes after its beginning.</param>
/// <param name="Length">How many bytes.</param>
public sealed record PayloadWriteExpression(NftPayloadBase Base, uint Offset, uint Length) : NftExpression(PayloadExpression.KindName)
{
    /// <summary>Where they come from.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>What checksum the header has that has to be made anew (NFT_PAYLOAD_CSUM_…): 0 none, 1 of IP, 2 of SCTP.</summary>
    public uint ChecksumType { get; init; }

    /// <summary>How many bytes after the header's beginning the checksum is.</summary>
    public uint ChecksumOffset { get; init; }

    /// <summary>1: the checksum of TCP or UDP has to be made anew too (NFT_PAYLOAD_L4CSUM_PSEUDOHDR).</summary>
    public uint ChecksumFlags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(PayloadAttribute.NFTA_PAYLOAD_SREG, Register);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_BASE, (uint)Base);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_OFFSET, Offset);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_LEN, Length);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_CSUM_TYPE, ChecksumType);
        writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_CSUM_OFFSET, ChecksumOffset);
        if (ChecksumFlags != 0)
            writer.WriteNetwork(PayloadAttribute.NFTA_PAYLOAD_CSUM_FLAGS, ChecksumFlags);
    }

    // Which of the two it is shows with the first attribute that only this one has.
    internal static PayloadWriteExpression? ReadFurther(PayloadWriteExpression? write, Wire.Attribute attribute) => (PayloadAttribute)attribute.Type switch
    {
        PayloadAttribute.NFTA_PAYLOAD_SREG => (write ?? s_empty) with { Register = NftWire.ReadRegister(attribute) },
        PayloadAttribute.NFTA_PAYLOAD_CSUM_TYPE => (write ?? s_empty) with { ChecksumType = attribute.NetworkUInt32 },
        PayloadAttribute.NFTA_PAYLOAD_CSUM_OFFSET => (write ?? s_empty) with { ChecksumOffset = attribute.NetworkUInt32 },
        PayloadAttribute.NFTA_PAYLOAD_CSUM_FLAGS => (write ?? s_empty) with { ChecksumFlags = attribute.NetworkUInt32 },
        _ => write,
    };

    private static readonly PayloadWriteExpression s_empty = new(default, 0, 0);
}

/// <summary>The headers of a packet.</summary>
public enum NftPayloadBase
{
    /// <summary>Of the link, such as Ethernet (NFT_PAYLOAD_LL_HEADER).</summary>
    Link,

    /// <summary>IP (NFT_PAYLOAD_NETWORK_HEADER).</summary>
    Network,

    /// <summary>TCP, UDP and their like (NFT_PAYLOAD_TRANSPORT_HEADER).</summary>
    Transport,

    /// <summary>What that one carries (NFT_PAYLOAD_INNER_HEADER).</summary>
    Inner,
}
