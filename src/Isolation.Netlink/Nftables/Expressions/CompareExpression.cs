using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Compares a value: the rule goes on when it holds (nft(8), EXPRESSIONS).</summary>
/// <param name="Comparison">How the value is compared.</param>
/// <param name="Value">With what. If it is shorter than what the register has, so much is compared.</param>
public sealed record CompareExpression(NftComparison Comparison, NftData Value) : NftExpression(KindName)
{
    internal const string KindName = "cmp";

    /// <summary>Where the value is.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(CompareAttribute.NFTA_CMP_SREG, Register);
        writer.WriteNetwork(CompareAttribute.NFTA_CMP_OP, (uint)Comparison);
        NftWire.WriteValue(writer, CompareAttribute.NFTA_CMP_DATA, Value);
    }

    internal static CompareExpression ReadData(AttributeReader data)
    {
        var expression = new CompareExpression(NftComparison.Equal, default);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (CompareAttribute)attribute.Type switch
            {
                CompareAttribute.NFTA_CMP_SREG => expression with { Register = NftWire.ReadRegister(attribute) },
                CompareAttribute.NFTA_CMP_OP => expression with { Comparison = (NftComparison)attribute.NetworkUInt32 },
                CompareAttribute.NFTA_CMP_DATA => expression with { Value = NftWire.ReadValue(attribute) },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>How values are compared, byte by byte from the first one.</summary>
public enum NftComparison
{
    /// <summary>They are equal (NFT_CMP_EQ).</summary>
    Equal,

    /// <summary>They are not equal (NFT_CMP_NEQ).</summary>
    NotEqual,

    /// <summary>The packet's is lower (NFT_CMP_LT).</summary>
    Less,

    /// <summary>The packet's is not higher (NFT_CMP_LTE).</summary>
    LessOrEqual,

    /// <summary>The packet's is higher (NFT_CMP_GT).</summary>
    Greater,

    /// <summary>The packet's is not lower (NFT_CMP_GTE).</summary>
    GreaterOrEqual,
}
