using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Looks a value up in a set: the rule goes on when it is there. In a map, the value is loaded (nft(8), SETS and MAPS).</summary>
/// <param name="Set">The name of the set.</param>
public sealed record LookupExpression(string Set) : NftExpression(KindName)
{
    internal const string KindName = "lookup";

    /// <summary>Where the key is.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>Where the value goes, in a map; <see cref="NftRegister.Verdict"/> in a map of verdicts.</summary>
    public NftRegister? Result { get; init; }

    /// <summary>The number of a set that the same transaction makes (<see cref="NftSet.Id"/>); 0 for none. The kernel does not tell it.</summary>
    public uint SetId { get; init; }

    /// <summary>The rule goes on when the key is not there.</summary>
    public bool IsInverted { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(LookupAttribute.NFTA_LOOKUP_SREG, Register);
        writer.WriteRegister(LookupAttribute.NFTA_LOOKUP_DREG, Result);
        writer.WriteText(LookupAttribute.NFTA_LOOKUP_SET, NftNames.Check(Set, "set"));
        if (SetId != 0)
            writer.WriteNetwork(LookupAttribute.NFTA_LOOKUP_SET_ID, SetId);
        if (IsInverted)
            writer.WriteNetwork(LookupAttribute.NFTA_LOOKUP_FLAGS, NftablesConstants.NFT_LOOKUP_F_INV);
    }

    internal static LookupExpression ReadData(AttributeReader data)
    {
        var expression = new LookupExpression("");
        foreach (Wire.Attribute attribute in data)
        {
            expression = (LookupAttribute)attribute.Type switch
            {
                LookupAttribute.NFTA_LOOKUP_SREG => expression with { Register = NftWire.ReadRegister(attribute) },
                LookupAttribute.NFTA_LOOKUP_DREG => expression with { Result = NftWire.ReadRegister(attribute) },
                LookupAttribute.NFTA_LOOKUP_SET => expression with { Set = attribute.Text },
                LookupAttribute.NFTA_LOOKUP_SET_ID => expression with { SetId = attribute.NetworkUInt32 },
                LookupAttribute.NFTA_LOOKUP_FLAGS => expression with { IsInverted = (attribute.NetworkUInt32 & NftablesConstants.NFT_LOOKUP_F_INV) != 0 },
                _ => expression,
            };
        }

        return expression;
    }
}
