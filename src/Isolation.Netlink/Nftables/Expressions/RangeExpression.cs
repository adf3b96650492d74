using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Compares a value with a range (nft(8), EXPRESSIONS).</summary>
/// <param name="First">The lowest value that is in the range.</param>
/// <param name="Last">The highest value that is in the range.</param>
public sealed record RangeExpression(NftData First, NftData Last) : NftExpression(KindName)
{
    internal const string KindName = "range";

    /// <summary>Where the value is.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>The rule goes on when the value is not in the range.</summary>
    public bool IsInverted { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(RangeAttribute.NFTA_RANGE_SREG, Register);
        writer.WriteNetwork(RangeAttribute.NFTA_RANGE_OP, IsInverted ? 1u : 0u);
        NftWire.WriteValue(writer, RangeAttribute.NFTA_RANGE_FROM_DATA, First);
        NftWire.WriteValue(writer, RangeAttribute.NFTA_RANGE_TO_DATA, Last);
    }

    internal static RangeExpression ReadData(AttributeReader data)
    {
        var expression = new RangeExpression(default, default);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (RangeAttribute)attribute.Type switch
            {
                RangeAttribute.NFTA_RANGE_SREG => expression with { Register = NftWire.ReadRegister(attribute) },
                RangeAttribute.NFTA_RANGE_OP => expression with { IsInverted = attribute.NetworkUInt32 != 0 },
                RangeAttribute.NFTA_RANGE_FROM_DATA => expression with { First = NftWire.ReadValue(attribute) },
                RangeAttribute.NFTA_RANGE_TO_DATA => expression with { Last = NftWire.ReadValue(attribute) },
                _ => expression,
            };
        }

        return expression;
    }
}
