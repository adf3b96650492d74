using System.Buffers.Binary;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A set, or, with a <see cref="DataType"/>, a map (nft(8), SETS and MAPS).</summary>
/// <param name="Family">The family of its table.</param>
/// <param name="Table">The name of its table.</param>
/// <param name="Name">Its name. <see cref="AnonymousName"/> lets the kernel name it.</param>
/// <param name="KeyType">What its keys are.</param>
public sealed record NftSet(NftFamily Family, string Table, string Name, NftDataType KeyType) : IRequestBody
{
    /// <summary>The name to give a set that only one rule uses, with <see cref="NftSetOptions.Anonymous"/> and an <see cref="Id"/>.</summary>
    public const string AnonymousName = "__set%d";

    /// <summary>The name to give a map that only one rule uses.</summary>
    public const string AnonymousMapName = "__map%d";

    /// <summary>A set of a table.</summary>
    public NftSet(NftTable table, string name, NftDataType keyType)
        : this((table ?? throw new ArgumentNullException(nameof(table))).Family, table.Name, name, keyType)
    {
    }

    /// <summary>What the values of a map are; null for a set.</summary>
    public NftDataType? DataType { get; init; }

    /// <summary>For a map whose values are objects, their type (NFT_OBJECT_… of linux/netfilter/nf_tables.h): <see cref="Counters"/>; null for others.</summary>
    public uint? ObjectType { get; init; }

    /// <summary>The type of objects that are counters (NFT_OBJECT_COUNTER).</summary>
    public const uint Counters = NftablesConstants.NFT_OBJECT_COUNTER;

    /// <summary>Its properties. Those of a map and of objects come by themselves.</summary>
    public NftSetOptions Flags { get; init; }

    /// <summary>For how long new elements stay, in milliseconds; null for ever. It needs <see cref="NftSetOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often elements that are too old are looked for, in milliseconds; null for the kernel's choice.</summary>
    public TimeSpan? CollectionInterval { get; init; }

    /// <summary>How many elements it can have at the most; null for any.</summary>
    public uint? Size { get; init; }

    /// <summary>The number by which other requests of the same transaction name it; 0 for none.</summary>
    public uint Id { get; init; }

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.SetComment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.SetComment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_SET_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The kernel's number of it; 0 for one that was not read.</summary>
    public ulong Handle { get; init; }

    /// <summary>As nft(8) writes it: <c>inet filter blocked</c>.</summary>
    public override string ToString() => $"{NftNames.Text(Family)} {Table} {Name}";

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesSetAttribute.NFTA_SET_TABLE, NftNames.Check(Table, "table"));
        writer.WriteText(NftablesSetAttribute.NFTA_SET_NAME, NftNames.Check(Name, "set"));
        NftSetOptions flags = Flags | (DataType is null ? 0 : NftSetOptions.Map) | (ObjectType is null ? 0 : NftSetOptions.Objects);
        writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_FLAGS, (uint)flags);
        writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_KEY_TYPE, KeyType.Number);
        writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_KEY_LEN, checked((uint)KeyType.Length));
        if (DataType is { } type)
        {
            writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_DATA_TYPE, type.Number);
            writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_DATA_LEN, checked((uint)type.Length));
        }

        if (ObjectType is { } objects)
            writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_OBJ_TYPE, objects);

        // The kernel wants a number, also where there is none to tell.
        writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_ID, Id);
        WriteDescription(writer, flags);
        NftWire.WriteTime(writer, NftablesSetAttribute.NFTA_SET_TIMEOUT, Timeout);
        if (CollectionInterval is { } interval)
            writer.WriteNetwork(NftablesSetAttribute.NFTA_SET_GC_INTERVAL, checked((uint)interval.TotalMilliseconds));
        NftWire.WriteUserData(writer, NftablesSetAttribute.NFTA_SET_USERDATA, WithByteOrder());
    }

    private void WriteDescription(MessageWriter writer, NftSetOptions flags)
    {
        if (Size is null && !flags.HasFlag(NftSetOptions.Concatenation))
            return;
        using MessageWriter.Scope description = writer.Nest(NftablesSetAttribute.NFTA_SET_DESC);
        writer.WriteNetwork(NftablesSetDescriptionAttribute.NFTA_SET_DESC_SIZE, Size);
        if (!flags.HasFlag(NftSetOptions.Concatenation))
            return;
        using MessageWriter.Scope fields = writer.Nest(NftablesSetDescriptionAttribute.NFTA_SET_DESC_CONCAT);
        foreach (int length in KeyType.FieldLengths)
        {
            using (writer.Nest(NftablesListAttribute.NFTA_LIST_ELEM))
                writer.WriteNetwork(NftablesSetFieldAttribute.NFTA_SET_FIELD_LEN, (uint)length);
        }
    }

    // nft(8) needs the byte order to show values of types without one of their own.
    private NftData WithByteOrder()
    {
        if (NftUserData.Has(UserData, NftUserData.SetKeyByteOrder))
            return UserData;
        NftData data = NftUserData.With(default, NftUserData.SetKeyByteOrder, ByteOrder(KeyType));
        if (DataType is { } type)
            data = NftUserData.With(data, NftUserData.SetDataByteOrder, ByteOrder(type));
        return new NftData([.. data.Bytes, .. UserData.Bytes]);
    }

    // enum byteorder of nft: 0 is none, 1 the host's, 2 big endian. The number itself is in the machine's order.
    private static ReadOnlySpan<byte> ByteOrder(NftDataType type)
        => NftData.FromNumber(type == NftDataType.Verdict || type.IsConcatenated ? 0u : type.IsHostOrder ? 1u : 2u).Bytes;

    internal static NftSet Read(ReadOnlySpan<byte> body)
    {
        NetfilterHeader header = Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        var set = new NftSet((NftFamily)header.nfgen_family, "", "", default);
        uint? dataType = null;
        int dataLength = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NftablesSetAttribute)attribute.Type)
            {
                case NftablesSetAttribute.NFTA_SET_TABLE:
                    set = set with { Table = attribute.Text };
                    break;
                case NftablesSetAttribute.NFTA_SET_NAME:
                    set = set with { Name = attribute.Text };
                    break;
                case NftablesSetAttribute.NFTA_SET_FLAGS:
                    set = set with { Flags = (NftSetOptions)attribute.NetworkUInt32 & ~(NftSetOptions.Map | NftSetOptions.Objects) };
                    break;
                case NftablesSetAttribute.NFTA_SET_KEY_TYPE:
                    set = set with { KeyType = set.KeyType with { Number = attribute.NetworkUInt32 } };
                    break;
                case NftablesSetAttribute.NFTA_SET_KEY_LEN:
                    set = set with { KeyType = set.KeyType with { Length = (int)attribute.NetworkUInt32 } };
                    break;
                case NftablesSetAttribute.NFTA_SET_DATA_TYPE:
                    dataType = attribute.NetworkUInt32;
                    break;
                case NftablesSetAttribute.NFTA_SET_DATA_LEN:
                    dataLength = (int)attribute.NetworkUInt32;
                    break;
                case NftablesSetAttribute.NFTA_SET_OBJ_TYPE:
                    set = set with { ObjectType = attribute.NetworkUInt32 };
                    break;
                case NftablesSetAttribute.NFTA_SET_TIMEOUT:
                    set = set with { Timeout = NftWire.ReadTime(attribute) };
                    break;
                case NftablesSetAttribute.NFTA_SET_GC_INTERVAL:
                    set = set with { CollectionInterval = attribute.NetworkUInt32 is var ms and > 0 ? TimeSpan.FromMilliseconds(ms) : null };
                    break;
                case NftablesSetAttribute.NFTA_SET_DESC:
                    set = set with { Size = ReadSize(attribute.Attributes) };
                    break;
                case NftablesSetAttribute.NFTA_SET_HANDLE:
                    set = set with { Handle = attribute.NetworkUInt64 };
                    break;
                case NftablesSetAttribute.NFTA_SET_USERDATA:
                    set = set with { UserData = new NftData(attribute.Value) };
                    break;
            }
        }

        // The kernel tells no length of verdicts that can be set again.
        return dataType is { } number ? set with { DataType = new NftDataType(number, number == NftDataType.Verdict.Number ? 0 : dataLength) } : set;
    }

    private static uint? ReadSize(AttributeReader attributes)
    {
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)NftablesSetDescriptionAttribute.NFTA_SET_DESC_SIZE)
                return BinaryPrimitives.ReverseEndianness(attribute.Number<uint>());
        }

        return null;
    }
}

/// <summary>The properties of a set.</summary>
[Flags]
public enum NftSetOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It belongs to one rule and goes with it (NFT_SET_ANONYMOUS).</summary>
    Anonymous = 0x1,

    /// <summary>It cannot change once a rule uses it (NFT_SET_CONSTANT).</summary>
    Constant = 0x2,

    /// <summary>Its elements are ranges (NFT_SET_INTERVAL).</summary>
    Interval = 0x4,

    /// <summary>Its keys have values (NFT_SET_MAP).</summary>
    Map = 0x8,

    /// <summary>Its elements can get too old (NFT_SET_TIMEOUT).</summary>
    Timeout = 0x10,

    /// <summary>Rules can add elements (NFT_SET_EVAL).</summary>
    Dynamic = 0x20,

    /// <summary>Its values are objects, such as counters (NFT_SET_OBJECT).</summary>
    Objects = 0x40,

    /// <summary>Its keys are ranges of several types (NFT_SET_CONCAT).</summary>
    Concatenation = 0x80,

    /// <summary>Its elements have expressions, such as counters (NFT_SET_EXPR).</summary>
    Expressions = 0x100,
}
