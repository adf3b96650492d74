using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A table: chains, sets and objects, for the packets of one family (nft(8), TABLES).</summary>
/// <param name="Family">The family.</param>
/// <param name="Name">Its name.</param>
public sealed record NftTable(NftFamily Family, string Name) : IRequestBody
{
    /// <summary>Its properties.</summary>
    public NftTableOptions Flags { get; init; }

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.Comment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.Comment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_TABLE_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The kernel's number of it; 0 for one that was not read.</summary>
    public ulong Handle { get; init; }

    /// <summary>How many chains, sets and objects it has. It is not written.</summary>
    public uint UseCount { get; init; }

    /// <summary>As nft(8) writes it: <c>inet filter</c>.</summary>
    public override string ToString() => $"{NftNames.Text(Family)} {Name}";

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesTableAttribute.NFTA_TABLE_NAME, NftNames.Check(Name, "table"));
        writer.WriteNetwork(NftablesTableAttribute.NFTA_TABLE_FLAGS, (uint)Flags);
        NftWire.WriteUserData(writer, NftablesTableAttribute.NFTA_TABLE_USERDATA, UserData);
    }

    internal static NftTable Read(ReadOnlySpan<byte> body)
    {
        NetfilterHeader header = Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        var table = new NftTable((NftFamily)header.nfgen_family, "");
        foreach (Wire.Attribute attribute in attributes)
        {
            table = (NftablesTableAttribute)attribute.Type switch
            {
                NftablesTableAttribute.NFTA_TABLE_NAME => table with { Name = attribute.Text },
                NftablesTableAttribute.NFTA_TABLE_FLAGS => table with { Flags = (NftTableOptions)attribute.NetworkUInt32 },
                NftablesTableAttribute.NFTA_TABLE_USE => table with { UseCount = attribute.NetworkUInt32 },
                NftablesTableAttribute.NFTA_TABLE_HANDLE => table with { Handle = attribute.NetworkUInt64 },
                NftablesTableAttribute.NFTA_TABLE_USERDATA => table with { UserData = new NftData(attribute.Value) },
                _ => table,
            };
        }

        return table;
    }
}

/// <summary>The properties of a table.</summary>
[Flags]
public enum NftTableOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Its chains see no packets (NFT_TABLE_F_DORMANT).</summary>
    Dormant = 1,

    /// <summary>It belongs to the socket that made it, so only its client can change it, and it goes with it (NFT_TABLE_F_OWNER).</summary>
    Owned = 2,
}
