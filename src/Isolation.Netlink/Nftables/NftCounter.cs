using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A counter with a name, which many rules can count with (nft(8), COUNTER).</summary>
/// <param name="Family">The family of its table.</param>
/// <param name="Table">The name of its table.</param>
/// <param name="Name">Its name.</param>
public sealed record NftCounter(NftFamily Family, string Table, string Name) : IRequestBody
{
    /// <summary>A counter of a table.</summary>
    public NftCounter(NftTable table, string name)
        : this((table ?? throw new ArgumentNullException(nameof(table))).Family, table.Name, name)
    {
    }

    /// <summary>How many packets were counted; of a new one, where it begins.</summary>
    public ulong Packets { get; init; }

    /// <summary>How many bytes were counted; of a new one, where it begins.</summary>
    public ulong Bytes { get; init; }

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.Comment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.Comment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_OBJ_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The kernel's number of it; 0 for one that was not read.</summary>
    public ulong Handle { get; init; }

    /// <summary>As nft(8) writes it: <c>inet filter dropped</c>.</summary>
    public override string ToString() => $"{NftNames.Text(Family)} {Table} {Name}";

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesObjectAttribute.NFTA_OBJ_TABLE, NftNames.Check(Table, "table"));
        writer.WriteText(NftablesObjectAttribute.NFTA_OBJ_NAME, NftNames.Check(Name, "counter"));
        writer.WriteNetwork(NftablesObjectAttribute.NFTA_OBJ_TYPE, NftablesConstants.NFT_OBJECT_COUNTER);
        NftWire.WriteUserData(writer, NftablesObjectAttribute.NFTA_OBJ_USERDATA, UserData);
        using (writer.Nest(NftablesObjectAttribute.NFTA_OBJ_DATA))
            new CounterExpression(Packets, Bytes).WriteCount(writer);
    }

    // Null when the object is of another type.
    internal static NftCounter? Read(ReadOnlySpan<byte> body)
    {
        NetfilterHeader header = Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        var counter = new NftCounter((NftFamily)header.nfgen_family, "", "");
        uint type = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NftablesObjectAttribute)attribute.Type)
            {
                case NftablesObjectAttribute.NFTA_OBJ_TABLE:
                    counter = counter with { Table = attribute.Text };
                    break;
                case NftablesObjectAttribute.NFTA_OBJ_NAME:
                    counter = counter with { Name = attribute.Text };
                    break;
                case NftablesObjectAttribute.NFTA_OBJ_TYPE:
                    type = attribute.NetworkUInt32;
                    break;
                case NftablesObjectAttribute.NFTA_OBJ_HANDLE:
                    counter = counter with { Handle = attribute.NetworkUInt64 };
                    break;
                case NftablesObjectAttribute.NFTA_OBJ_USERDATA:
                    counter = counter with { UserData = new NftData(attribute.Value) };
                    break;
                case NftablesObjectAttribute.NFTA_OBJ_DATA when type == NftablesConstants.NFT_OBJECT_COUNTER:
                    CounterExpression count = CounterExpression.ReadData(attribute.Attributes);
                    counter = counter with { Packets = count.Packets, Bytes = count.Bytes };
                    break;
            }
        }

        return type == NftablesConstants.NFT_OBJECT_COUNTER ? counter : null;
    }
}
