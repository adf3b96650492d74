using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Logs the packet in the kernel's log, or, with a group, gives it to a program (nft(8), LOG STATEMENT).</summary>
/// <param name="Prefix">What the line begins with: at most 127 bytes.</param>
public sealed record LogExpression(string? Prefix = null) : NftExpression(KindName)
{
    internal const string KindName = "log";

    /// <summary>The level in the kernel's log; null for warnings.</summary>
    public NftLogLevel? Level { get; init; }

    /// <summary>The group of NETLINK_NETFILTER's log that the packet goes to, instead of the kernel's log.</summary>
    public ushort? Group { get; init; }

    /// <summary>How many bytes of the packet a group gets.</summary>
    public uint? CopiedBytes { get; init; }

    /// <summary>How many packets are given to a group at once.</summary>
    public ushort? QueueLength { get; init; }

    /// <summary>What else is logged (NF_LOG_… of linux/netfilter/nf_log.h).</summary>
    public uint Flags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        if (Prefix is not null)
            writer.WriteText(LogAttribute.NFTA_LOG_PREFIX, CheckPrefix(Prefix));
        writer.WriteBigEndian(LogAttribute.NFTA_LOG_GROUP, Group);
        writer.WriteNetwork(LogAttribute.NFTA_LOG_SNAPLEN, CopiedBytes);
        writer.WriteBigEndian(LogAttribute.NFTA_LOG_QTHRESHOLD, QueueLength);
        writer.WriteNetwork(LogAttribute.NFTA_LOG_LEVEL, (uint?)Level);
        if (Flags != 0)
            writer.WriteNetwork(LogAttribute.NFTA_LOG_FLAGS, Flags);
    }

    internal static LogExpression ReadData(AttributeReader data)
    {
        var expression = new LogExpression();
        foreach (Wire.Attribute attribute in data)
        {
            expression = (LogAttribute)attribute.Type switch
            {
                LogAttribute.NFTA_LOG_PREFIX => expression with { Prefix = attribute.Text },
                LogAttribute.NFTA_LOG_GROUP => expression with { Group = attribute.UInt16BigEndian },
                LogAttribute.NFTA_LOG_SNAPLEN => expression with { CopiedBytes = attribute.NetworkUInt32 },
                LogAttribute.NFTA_LOG_QTHRESHOLD => expression with { QueueLength = attribute.UInt16BigEndian },
                LogAttribute.NFTA_LOG_LEVEL => expression with { Level = (NftLogLevel)attribute.NetworkUInt32 },
                LogAttribute.NFTA_LOG_FLAGS => expression with { Flags = attribute.NetworkUInt32 },
                _ => expression,
            };
        }

        return expression;
    }

    // NF_LOG_PREFIXLEN, with the zero byte.
    private static string CheckPrefix(string prefix)
        => System.Text.Encoding.UTF8.GetByteCount(prefix) < 128 && !prefix.Contains('\0', StringComparison.Ordinal) ? prefix : throw new ArgumentException($"The prefix '{prefix}' has a zero byte, or more than 127 bytes.");
}

/// <summary>The levels of the kernel's log.</summary>
public enum NftLogLevel
{
    /// <summary>NFT_LOGLEVEL_EMERG.</summary>
    Emergency,

    /// <summary>NFT_LOGLEVEL_ALERT.</summary>
    Alert,

    /// <summary>NFT_LOGLEVEL_CRIT.</summary>
    Critical,

    /// <summary>NFT_LOGLEVEL_ERR.</summary>
    Error,

    /// <summary>NFT_LOGLEVEL_WARNING.</summary>
    Warning,

    /// <summary>NFT_LOGLEVEL_NOTICE.</summary>
    Notice,

    /// <summary>NFT_LOGLEVEL_INFO.</summary>
    Information,

    /// <summary>NFT_LOGLEVEL_DEBUG.</summary>
    Debug,

    /// <summary>To the audit log (NFT_LOGLEVEL_AUDIT).</summary>
    Audit,
}
