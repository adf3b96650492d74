using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Loads something that is known of a packet's connection, or sets it (nft(8), CONNTRACK EXPRESSIONS).</summary>
/// <param name="Key">What.</param>
public sealed record ConntrackExpression(NftConntrackKey Key) : NftExpression(KindName)
{
    internal const string KindName = "ct";

    /// <summary>Where it goes, or, if it is set, comes from.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>Of which direction: 0 the original one, 1 the replies; null where it has none.</summary>
    public byte? Direction { get; init; }

    /// <summary>It is set, not loaded.</summary>
    public bool IsSet { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(ConntrackAttribute.NFTA_CT_KEY, (uint)Key);
        writer.WriteRegister(IsSet ? ConntrackAttribute.NFTA_CT_SREG : ConntrackAttribute.NFTA_CT_DREG, Register);
        writer.Write(ConntrackAttribute.NFTA_CT_DIRECTION, Direction);
    }

    internal static ConntrackExpression ReadData(AttributeReader data)
    {
        var expression = new ConntrackExpression(NftConntrackKey.State);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (ConntrackAttribute)attribute.Type switch
            {
                ConntrackAttribute.NFTA_CT_KEY => expression with { Key = (NftConntrackKey)attribute.NetworkUInt32 },
                ConntrackAttribute.NFTA_CT_DREG => expression with { Register = NftWire.ReadRegister(attribute) },
                ConntrackAttribute.NFTA_CT_SREG => expression with { Register = NftWire.ReadRegister(attribute), IsSet = true },
                ConntrackAttribute.NFTA_CT_DIRECTION => expression with { Direction = attribute.Number<byte>() },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>What is known of a connection. Numbers have four bytes in the machine's order where nothing else is said.</summary>
public enum NftConntrackKey
{
    /// <summary>What the packet is in it: <see cref="NftConnectionStates"/> (NFT_CT_STATE).</summary>
    State,

    /// <summary>Whether it goes in the original direction, one byte (NFT_CT_DIRECTION).</summary>
    Direction,

    /// <summary>The connection's status bits (NFT_CT_STATUS).</summary>
    Status,

    /// <summary>Its mark (NFT_CT_MARK).</summary>
    Mark,

    /// <summary>Its mark of mandatory access control (NFT_CT_SECMARK).</summary>
    SecurityMark,

    /// <summary>The milliseconds that it stays (NFT_CT_EXPIRATION).</summary>
    Expiration,

    /// <summary>The name of its helper (NFT_CT_HELPER).</summary>
    Helper,

    /// <summary>IPv4 or IPv6, one byte (NFT_CT_L3PROTOCOL).</summary>
    Family,

    /// <summary>The source address, of a direction (NFT_CT_SRC).</summary>
    Source,

    /// <summary>The destination address, of a direction (NFT_CT_DST).</summary>
    Destination,

    /// <summary>The protocol above IP, one byte, of a direction (NFT_CT_PROTOCOL).</summary>
    Protocol,

    /// <summary>The source port, two bytes, big endian, of a direction (NFT_CT_PROTO_SRC).</summary>
    SourcePort,

    /// <summary>The destination port, two bytes, big endian, of a direction (NFT_CT_PROTO_DST).</summary>
    DestinationPort,

    /// <summary>Its labels, 16 bytes (NFT_CT_LABELS).</summary>
    Labels,

    /// <summary>How many packets it had, eight bytes (NFT_CT_PKTS).</summary>
    Packets,

    /// <summary>How many bytes it had, eight bytes (NFT_CT_BYTES).</summary>
    Bytes,

    /// <summary>The bytes of an average packet, eight bytes (NFT_CT_AVGPKT).</summary>
    AveragePacket,

    /// <summary>Its zone, two bytes (NFT_CT_ZONE).</summary>
    Zone,

    /// <summary>Which events it tells (NFT_CT_EVENTMASK).</summary>
    EventMask,

    /// <summary>The IPv4 source address, of a direction (NFT_CT_SRC_IP).</summary>
    SourceIPv4,

    /// <summary>The IPv4 destination address, of a direction (NFT_CT_DST_IP).</summary>
    DestinationIPv4,

    /// <summary>The IPv6 source address, of a direction (NFT_CT_SRC_IP6).</summary>
    SourceIPv6,

    /// <summary>The IPv6 destination address, of a direction (NFT_CT_DST_IP6).</summary>
    DestinationIPv6,

    /// <summary>Its number (NFT_CT_ID).</summary>
    Id,
}

/// <summary>What a packet is in its connection (nft(8), CONNTRACK EXPRESSIONS).</summary>
[Flags]
public enum NftConnectionStates
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It fits no connection.</summary>
    Invalid = 1,

    /// <summary>Of one that has had packets in both directions.</summary>
    Established = 2,

    /// <summary>It begins one that belongs to another one, or tells an error of one.</summary>
    Related = 4,

    /// <summary>It begins one.</summary>
    New = 8,

    /// <summary>It is not tracked.</summary>
    Untracked = 64,
}

/// <summary>Status bits of a connection (enum ip_conntrack_status).</summary>
internal static class ConnectionStatus
{
    /// <summary>IPS_DST_NAT: its destination is rewritten.</summary>
    public const uint DestinationNat = 0x20;
}
