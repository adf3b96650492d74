using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Loads a value.</summary>
/// <param name="Register">Where it goes.</param>
/// <param name="Value">The value.</param>
public sealed record ImmediateExpression(NftRegister Register, NftData Value) : NftExpression(KindName)
{
    internal const string KindName = "immediate";

    private protected override void WriteData(MessageWriter writer)
    {
        if (Register == NftRegister.Verdict)
            throw new ArgumentException("The register of verdicts holds no value: see VerdictExpression.");
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(ImmediateAttribute.NFTA_IMMEDIATE_DREG, Register);
        NftWire.WriteValue(writer, ImmediateAttribute.NFTA_IMMEDIATE_DATA, Value);
    }

    internal static NftExpression ReadData(AttributeReader data)
    {
        NftRegister register = default;
        NftData value = default;
        NftVerdict? verdict = null;
        foreach (Wire.Attribute attribute in data)
        {
            if (attribute.Type == (ushort)ImmediateAttribute.NFTA_IMMEDIATE_DREG)
                register = NftWire.ReadRegister(attribute);
            else if (attribute.Type == (ushort)ImmediateAttribute.NFTA_IMMEDIATE_DATA)
                value = NftWire.ReadData(attribute, out verdict);
        }

        return verdict is { } known ? new VerdictExpression(known) : new ImmediateExpression(register, value);
    }
}

/// <summary>Decides about the packet (nft(8), VERDICT STATEMENTS).</summary>
/// <param name="Verdict">What becomes of it.</param>
public sealed record VerdictExpression(NftVerdict Verdict) : NftExpression(ImmediateExpression.KindName)
{
    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(ImmediateAttribute.NFTA_IMMEDIATE_DREG, NftRegister.Verdict);
        NftWire.WriteVerdict(writer, ImmediateAttribute.NFTA_IMMEDIATE_DATA, Verdict);
    }
}
