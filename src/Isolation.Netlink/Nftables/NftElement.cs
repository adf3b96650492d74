using System.Collections.Immutable;
using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>An element of a set or map. What a list returns can be deleted.</summary>
/// <param name="Key">The key; of a range in a set of one type, its first one.</param>
public sealed record NftElement(NftData Key)
{
    /// <summary>In a set of ranges of several types: the range's last key.</summary>
    public NftData? KeyEnd { get; init; }

    /// <summary>In a set of ranges of one type: the key is the first one after a range, not the first one of a range.</summary>
    public bool IsRangeEnd { get; init; }

    /// <summary>It stands for all keys that the set does not have; the key is empty then.</summary>
    public bool IsCatchAll { get; init; }

    /// <summary>The value, in a map of values.</summary>
    public NftData? Value { get; init; }

    /// <summary>The verdict, in a map of verdicts.</summary>
    public NftVerdict? Verdict { get; init; }

    /// <summary>The name of the object, in a map of objects (<see cref="NftSet.ObjectType"/>).</summary>
    public string? ObjectName { get; init; }

    /// <summary>For how long it stays, in milliseconds; null for the set's choice.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>For how long it still stays. It is not written.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Its expressions: what it counts, for example.</summary>
    public ImmutableArray<NftExpression> Expressions { get; init; } = [];

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.Comment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.Comment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_SET_ELEM_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The addresses of a network, for a set of ranges of one type: the element that begins it, and the one that ends it.</summary>
    public static IEnumerable<NftElement> Network(IPNetwork network)
    {
        byte[] first = network.BaseAddress.GetAddressBytes(), last = [.. first];
        for (int bit = network.PrefixLength; bit < last.Length * 8; bit++)
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return Range(new NftData(first), new NftData(last));
    }

    /// <summary>The keys from one to another, that included, for a set of ranges of one type.</summary>
    /// <param name="first">The first key, big endian.</param>
    /// <param name="last">The last key, of the same length.</param>
    public static IEnumerable<NftElement> Range(NftData first, NftData last)
    {
        if (first.Length != last.Length || first.Bytes.SequenceCompareTo(last.Bytes) > 0)
            throw new ArgumentException($"{first} to {last} is no range.");
        byte[] after = last.Bytes.ToArray();
        int place = after.Length - 1;
        while (place >= 0 && ++after[place] == 0)
            place--;

        // A range to the last key of all has no end.
        return place < 0 ? [new NftElement(first)] : [new NftElement(first), new NftElement(new NftData(after)) { IsRangeEnd = true }];
    }

    /// <summary>Compares all properties, the expressions one by one.</summary>
    public bool Equals(NftElement? other)
        => other is not null
            && (Key, KeyEnd, IsRangeEnd, IsCatchAll, Value, Verdict, Timeout) == (other.Key, other.KeyEnd, other.IsRangeEnd, other.IsCatchAll, other.Value, other.Verdict, other.Timeout)
            && (Remaining, UserData, ObjectName) == (other.Remaining, other.UserData, other.ObjectName)
            && Expressions.AsSpan().SequenceEqual(other.Expressions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, KeyEnd, IsRangeEnd, IsCatchAll, Value, Verdict);

    internal void WriteTo(MessageWriter writer)
    {
        using MessageWriter.Scope element = writer.Nest(NftablesListAttribute.NFTA_LIST_ELEM);
        uint flags = (IsRangeEnd ? NftablesConstants.NFT_SET_ELEM_INTERVAL_END : 0) | (IsCatchAll ? NftablesConstants.NFT_SET_ELEM_CATCHALL : 0);
        if (flags != 0)
            writer.WriteNetwork(NftablesElementAttribute.NFTA_SET_ELEM_FLAGS, flags);
        NftWire.WriteTime(writer, NftablesElementAttribute.NFTA_SET_ELEM_TIMEOUT, Timeout);
        if (!IsCatchAll)
            NftWire.WriteValue(writer, NftablesElementAttribute.NFTA_SET_ELEM_KEY, Key);
        if (KeyEnd is { } end)
            NftWire.WriteValue(writer, NftablesElementAttribute.NFTA_SET_ELEM_KEY_END, end);
        if (Verdict is { } verdict)
            NftWire.WriteVerdict(writer, NftablesElementAttribute.NFTA_SET_ELEM_DATA, verdict);
        else if (Value is { } value)
            NftWire.WriteValue(writer, NftablesElementAttribute.NFTA_SET_ELEM_DATA, value);
        if (ObjectName is { } name)
            writer.WriteBytes(NftablesElementAttribute.NFTA_SET_ELEM_OBJREF, System.Text.Encoding.UTF8.GetBytes(NftNames.Check(name, "object")));
        NftWire.WriteUserData(writer, NftablesElementAttribute.NFTA_SET_ELEM_USERDATA, UserData);
        if (Expressions is [var only])
            only.WriteTo(writer, NftablesElementAttribute.NFTA_SET_ELEM_EXPR);
        else if (Expressions.IsDefault || Expressions.Length > 0)
            NftWire.WriteExpressions(writer, NftablesElementAttribute.NFTA_SET_ELEM_EXPRESSIONS, Expressions);
    }

    internal static NftElement Read(AttributeReader attributes)
    {
        var element = new NftElement(default(NftData));
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NftablesElementAttribute)attribute.Type)
            {
                case NftablesElementAttribute.NFTA_SET_ELEM_KEY:
                    element = element with { Key = NftWire.ReadValue(attribute) };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_KEY_END:
                    element = element with { KeyEnd = NftWire.ReadValue(attribute) };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_DATA:
                    NftData value = NftWire.ReadData(attribute, out NftVerdict? verdict);
                    element = element with { Value = verdict is null ? value : null, Verdict = verdict };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_OBJREF:
                    element = element with { ObjectName = attribute.Text };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_FLAGS:
                    uint flags = attribute.NetworkUInt32;
                    element = element with { IsRangeEnd = (flags & NftablesConstants.NFT_SET_ELEM_INTERVAL_END) != 0, IsCatchAll = (flags & NftablesConstants.NFT_SET_ELEM_CATCHALL) != 0 };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_TIMEOUT:
                    element = element with { Timeout = NftWire.ReadTime(attribute) };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_EXPIRATION:
                    element = element with { Remaining = NftWire.ReadTime(attribute) };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_USERDATA:
                    element = element with { UserData = new NftData(attribute.Value) };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_EXPR:
                    element = element with { Expressions = [NftExpression.Read(attribute.Attributes)] };
                    break;
                case NftablesElementAttribute.NFTA_SET_ELEM_EXPRESSIONS:
                    element = element with { Expressions = NftWire.ReadExpressions(attribute) };
                    break;
            }
        }

        return element;
    }
}
