using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Rewrites the addresses of a connection (nft(8), NAT STATEMENTS). The chain is of the type nat.</summary>
/// <param name="Kind">Which address.</param>
/// <param name="Family">IPv4 or IPv6.</param>
public sealed record NatExpression(NftNatKind Kind, NftFamily Family) : NftExpression(KindName)
{
    internal const string KindName = "nat";

    /// <summary>Where the new address is, or the first one; null: the address stays.</summary>
    public NftRegister? Address { get; init; }

    /// <summary>Where the last address is, if there is a range of them.</summary>
    public NftRegister? LastAddress { get; init; }

    /// <summary>Where the new port is, or the first one; null: the port stays if it can.</summary>
    public NftRegister? Port { get; init; }

    /// <summary>Where the last port is, if there is a range of them.</summary>
    public NftRegister? LastPort { get; init; }

    /// <summary>How the new ones are chosen.</summary>
    public NftNatOptions Flags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(NatAttribute.NFTA_NAT_TYPE, (uint)Kind);
        writer.WriteNetwork(NatAttribute.NFTA_NAT_FAMILY, (uint)Family);
        writer.WriteRegister(NatAttribute.NFTA_NAT_REG_ADDR_MIN, Address);
        writer.WriteRegister(NatAttribute.NFTA_NAT_REG_ADDR_MAX, LastAddress);
        writer.WriteRegister(NatAttribute.NFTA_NAT_REG_PROTO_MIN, Port);
        writer.WriteRegister(NatAttribute.NFTA_NAT_REG_PROTO_MAX, LastPort);
        if (Flags != NftNatOptions.None)
            writer.WriteNetwork(NatAttribute.NFTA_NAT_FLAGS, (uint)Flags);
    }

    internal static NatExpression ReadData(AttributeReader data)
    {
        var expression = new NatExpression(NftNatKind.Source, NftFamily.Any);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (NatAttribute)attribute.Type switch
            {
                NatAttribute.NFTA_NAT_TYPE => expression with { Kind = (NftNatKind)attribute.NetworkUInt32 },
                NatAttribute.NFTA_NAT_FAMILY => expression with { Family = (NftFamily)attribute.NetworkUInt32 },
                NatAttribute.NFTA_NAT_REG_ADDR_MIN => expression with { Address = NftWire.ReadRegister(attribute) },
                NatAttribute.NFTA_NAT_REG_ADDR_MAX => expression with { LastAddress = NftWire.ReadRegister(attribute) },
                NatAttribute.NFTA_NAT_REG_PROTO_MIN => expression with { Port = NftWire.ReadRegister(attribute) },
                NatAttribute.NFTA_NAT_REG_PROTO_MAX => expression with { LastPort = NftWire.ReadRegister(attribute) },
                NatAttribute.NFTA_NAT_FLAGS => expression with { Flags = (NftNatOptions)attribute.NetworkUInt32 },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>Which address NAT rewrites.</summary>
public enum NftNatKind
{
    /// <summary>Where packets come from: <c>snat</c> (NFT_NAT_SNAT).</summary>
    Source,

    /// <summary>Where they go: <c>dnat</c> (NFT_NAT_DNAT).</summary>
    Destination,
}

/// <summary>How NAT chooses addresses and ports.</summary>
[Flags]
public enum NftNatOptions
{
    /// <summary>As it likes.</summary>
    None = 0,

    /// <summary>There are addresses (NF_NAT_RANGE_MAP_IPS). The kernel sets it by itself.</summary>
    Addresses = 0x1,

    /// <summary>There are ports (NF_NAT_RANGE_PROTO_SPECIFIED). The kernel sets it by itself.</summary>
    Ports = 0x2,

    /// <summary>Ports are random (NF_NAT_RANGE_PROTO_RANDOM): <c>random</c>.</summary>
    Random = 0x4,

    /// <summary>A client gets the same address for each connection (NF_NAT_RANGE_PERSISTENT): <c>persistent</c>.</summary>
    Persistent = 0x8,

    /// <summary>Ports are random from the beginning (NF_NAT_RANGE_PROTO_RANDOM_FULLY): <c>fully-random</c>.</summary>
    FullyRandom = 0x10,
}
