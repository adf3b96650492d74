using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Goes on as often as a rate allows (nft(8), LIMIT STATEMENT).</summary>
/// <param name="Rate">How many packets or bytes in the unit.</param>
/// <param name="Unit">The time that the rate is for, in whole seconds.</param>
public sealed record LimitExpression(ulong Rate, TimeSpan Unit) : NftExpression(KindName)
{
    internal const string KindName = "limit";

    /// <summary>How many packets or bytes may come at once.</summary>
    public uint Burst { get; init; } = 5;

    /// <summary>The rate is one of bytes, not of packets.</summary>
    public bool IsOfBytes { get; init; }

    /// <summary>It goes on when the rate is exceeded.</summary>
    public bool IsInverted { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        if (Unit < TimeSpan.FromSeconds(1) || Rate == 0)
            throw new ArgumentException($"There is no limit of {Rate} in {Unit}: rates are 1 or more, units whole seconds.");
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork64(LimitAttribute.NFTA_LIMIT_RATE, Rate);
        writer.WriteNetwork64(LimitAttribute.NFTA_LIMIT_UNIT, (ulong)(Unit.Ticks / TimeSpan.TicksPerSecond));
        writer.WriteNetwork(LimitAttribute.NFTA_LIMIT_BURST, Burst);
        writer.WriteNetwork(LimitAttribute.NFTA_LIMIT_TYPE, IsOfBytes ? 1u : 0u);
        writer.WriteNetwork(LimitAttribute.NFTA_LIMIT_FLAGS, IsInverted ? NftablesConstants.NFT_LIMIT_F_INV : 0);
    }

    internal static LimitExpression ReadData(AttributeReader data)
    {
        var expression = new LimitExpression(0, default);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (LimitAttribute)attribute.Type switch
            {
                LimitAttribute.NFTA_LIMIT_RATE => expression with { Rate = attribute.NetworkUInt64 },
                LimitAttribute.NFTA_LIMIT_UNIT => expression with { Unit = ReadUnit(attribute) },
                LimitAttribute.NFTA_LIMIT_BURST => expression with { Burst = attribute.NetworkUInt32 },
                LimitAttribute.NFTA_LIMIT_TYPE => expression with { IsOfBytes = attribute.NetworkUInt32 != 0 },
                LimitAttribute.NFTA_LIMIT_FLAGS => expression with { IsInverted = (attribute.NetworkUInt32 & NftablesConstants.NFT_LIMIT_F_INV) != 0 },
                _ => expression,
            };
        }

        return expression;
    }

    private static TimeSpan ReadUnit(Wire.Attribute attribute)
    {
        ulong seconds = attribute.NetworkUInt64;
        return seconds <= (ulong)TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromTicks((long)seconds * TimeSpan.TicksPerSecond) : throw NetlinkException.Malformed($"a limit in {seconds} s");
    }
}
