using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Counts packets (nft(8), COUNTER STATEMENT).</summary>
/// <param name="Packets">How many packets; of a new one, where it begins.</param>
/// <param name="Bytes">How many bytes; of a new one, where it begins.</param>
public sealed record CounterExpression(ulong Packets = 0, ulong Bytes = 0) : NftExpression(KindName)
{
    internal const string KindName = "counter";

    private static readonly CounterExpression s_zero = new();

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        if (this != s_zero)
            WriteCount(writer);
    }

    internal static CounterExpression ReadData(AttributeReader data)
    {
        var expression = new CounterExpression();
        foreach (Wire.Attribute attribute in data)
        {
            expression = (CounterAttribute)attribute.Type switch
            {
                CounterAttribute.NFTA_COUNTER_BYTES => expression with { Bytes = attribute.NetworkUInt64 },
                CounterAttribute.NFTA_COUNTER_PACKETS => expression with { Packets = attribute.NetworkUInt64 },
                _ => expression,
            };
        }

        return expression;
    }

    internal void WriteCount(MessageWriter writer)
    {
        writer.WriteNetwork64(CounterAttribute.NFTA_COUNTER_BYTES, Bytes);
        writer.WriteNetwork64(CounterAttribute.NFTA_COUNTER_PACKETS, Packets);
    }
}
