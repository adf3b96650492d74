using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Loads something that is known of a packet but not in it, or sets it (nft(8), META EXPRESSIONS).</summary>
/// <param name="Key">What.</param>
public sealed record MetaExpression(NftMetaKey Key) : NftExpression(KindName)
{
    internal const string KindName = "meta";

    /// <summary>Where it goes, or, if it is set, comes from.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>It is set, not loaded.</summary>
    public bool IsSet { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(MetaAttribute.NFTA_META_KEY, (uint)Key);
        writer.WriteRegister(IsSet ? MetaAttribute.NFTA_META_SREG : MetaAttribute.NFTA_META_DREG, Register);
    }

    internal static MetaExpression ReadData(AttributeReader data)
    {
        var expression = new MetaExpression(NftMetaKey.Length);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (MetaAttribute)attribute.Type switch
            {
                MetaAttribute.NFTA_META_KEY => expression with { Key = (NftMetaKey)attribute.NetworkUInt32 },
                MetaAttribute.NFTA_META_DREG => expression with { Register = NftWire.ReadRegister(attribute) },
                MetaAttribute.NFTA_META_SREG => expression with { Register = NftWire.ReadRegister(attribute), IsSet = true },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>What is known of a packet but not in it. Numbers have four bytes in the machine's order where nothing else is said.</summary>
public enum NftMetaKey
{
    /// <summary>The packet's length (NFT_META_LEN).</summary>
    Length,

    /// <summary>The Ethernet type, two bytes, big endian (NFT_META_PROTOCOL).</summary>
    Protocol,

    /// <summary>The traffic class (NFT_META_PRIORITY).</summary>
    Priority,

    /// <summary>The packet's mark (NFT_META_MARK).</summary>
    Mark,

    /// <summary>The index of the link that it came in by (NFT_META_IIF).</summary>
    InputInterface,

    /// <summary>The index of the link that it leaves by (NFT_META_OIF).</summary>
    OutputInterface,

    /// <summary>The name of the link that it came in by (NFT_META_IIFNAME).</summary>
    InputInterfaceName,

    /// <summary>The name of the link that it leaves by (NFT_META_OIFNAME).</summary>
    OutputInterfaceName,

    /// <summary>The hardware type of the former, two bytes (NFT_META_IFTYPE).</summary>
    InputInterfaceType,

    /// <summary>The hardware type of the latter, two bytes (NFT_META_OIFTYPE).</summary>
    OutputInterfaceType,

    /// <summary>The user of the socket that it comes from (NFT_META_SKUID).</summary>
    UserId,

    /// <summary>The group of that socket (NFT_META_SKGID).</summary>
    GroupId,

    /// <summary>Whether the packet is traced, one byte (NFT_META_NFTRACE).</summary>
    Trace,

    /// <summary>The routing realm (NFT_META_RTCLASSID).</summary>
    RealmId,

    /// <summary>The mark of mandatory access control (NFT_META_SECMARK).</summary>
    SecurityMark,

    /// <summary>IPv4 or IPv6, one byte: an <see cref="NftFamily"/> (NFT_META_NFPROTO).</summary>
    Family,

    /// <summary>The protocol above IP, one byte (NFT_META_L4PROTO).</summary>
    TransportProtocol,

    /// <summary>The name of the bridge that it came in by (NFT_META_BRI_IIFNAME).</summary>
    BridgeInputInterfaceName,

    /// <summary>The name of the bridge that it leaves by (NFT_META_BRI_OIFNAME).</summary>
    BridgeOutputInterfaceName,

    /// <summary>To whom the frame was sent, one byte (NFT_META_PKTTYPE).</summary>
    PacketType,

    /// <summary>The number of the processor (NFT_META_CPU).</summary>
    Processor,

    /// <summary>The group of the link that it came in by (NFT_META_IIFGROUP).</summary>
    InputInterfaceGroup,

    /// <summary>The group of the link that it leaves by (NFT_META_OIFGROUP).</summary>
    OutputInterfaceGroup,

    /// <summary>The class of the socket's cgroup v1 (NFT_META_CGROUP).</summary>
    CgroupClass,

    /// <summary>A random number (NFT_META_PRANDOM).</summary>
    Random,

    /// <summary>Whether it came through IPsec, one byte (NFT_META_SECPATH).</summary>
    IsIpsec,

    /// <summary>The kind of the link that it came in by (NFT_META_IIFKIND).</summary>
    InputInterfaceKind,

    /// <summary>The kind of the link that it leaves by (NFT_META_OIFKIND).</summary>
    OutputInterfaceKind,
}
