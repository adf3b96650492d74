using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>What many messages of nf_tables hold: values, verdicts, registers, times, lists of expressions.</summary>
internal static class NftWire
{
    public static void WriteHeader(MessageWriter writer, NftFamily family) => writer.WriteHeader(new NetfilterHeader { nfgen_family = (byte)family });

    public static void WriteValue<TType>(MessageWriter writer, TType type, NftData value)
        where TType : unmanaged, Enum
    {
        if (value.Length is 0 or > NftablesConstants.NFT_DATA_VALUE_MAXLEN)
            throw new ArgumentException($"A value of {value.Length} bytes: nf_tables has 1 to {NftablesConstants.NFT_DATA_VALUE_MAXLEN}.");
        using (writer.Nest(type))
            writer.WriteBytes(DataAttribute.NFTA_DATA_VALUE, value.Bytes);
    }

    public static void WriteVerdict<TType>(MessageWriter writer, TType type, NftVerdict verdict)
        where TType : unmanaged, Enum
    {
        using MessageWriter.Scope data = writer.Nest(type);
        using MessageWriter.Scope inner = writer.Nest(DataAttribute.NFTA_DATA_VERDICT);
        writer.WriteNetwork(VerdictAttribute.NFTA_VERDICT_CODE, unchecked((uint)verdict.Kind));
        if (verdict.Kind is NftVerdictKind.Jump or NftVerdictKind.GoTo)
            writer.WriteText(VerdictAttribute.NFTA_VERDICT_CHAIN, NftNames.Check(verdict.Chain, "chain"));
        else if (verdict.Chain is not null)
            throw new ArgumentException($"{verdict.Kind} leads to no chain.");
    }

    /// <summary>Reads a value or a verdict; of the other one there is nothing then.</summary>
    public static NftData ReadData(Wire.Attribute attribute, out NftVerdict? verdict)
    {
        verdict = null;
        NftData value = default;
        foreach (Wire.Attribute inner in attribute.Attributes)
        {
            if (inner.Type == (ushort)DataAttribute.NFTA_DATA_VALUE)
                value = new NftData(inner.Value);
            else if (inner.Type == (ushort)DataAttribute.NFTA_DATA_VERDICT)
                verdict = ReadVerdict(inner.Attributes);
        }

        return value;
    }

    public static NftData ReadValue(Wire.Attribute attribute) => ReadData(attribute, out _);

    public static void WriteRegister<TType>(this MessageWriter writer, TType type, NftRegister register)
        where TType : unmanaged, Enum
        => writer.WriteNetwork(type, register.Number);

    public static void WriteRegister<TType>(this MessageWriter writer, TType type, NftRegister? register)
        where TType : unmanaged, Enum
    {
        if (register is { } known)
            writer.WriteNetwork(type, known.Number);
    }

    public static NftRegister ReadRegister(Wire.Attribute attribute) => new(attribute.NetworkUInt32);

    /// <summary>A time in milliseconds; null is none.</summary>
    public static void WriteTime<TType>(MessageWriter writer, TType type, TimeSpan? time)
        where TType : unmanaged, Enum
    {
        if (time is not { } value)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
        writer.WriteNetwork64(type, (ulong)(value.Ticks / TimeSpan.TicksPerMillisecond));
    }

    public static TimeSpan? ReadTime(Wire.Attribute attribute)
    {
        ulong milliseconds = attribute.NetworkUInt64;
        if (milliseconds > long.MaxValue / TimeSpan.TicksPerMillisecond)
            throw NetlinkException.Malformed($"a time of {milliseconds} ms");
        return milliseconds == 0 ? null : TimeSpan.FromTicks((long)milliseconds * TimeSpan.TicksPerMillisecond);
    }

    public static void WriteExpressions<TType>(MessageWriter writer, TType type, ImmutableArray<NftExpression> expressions)
        where TType : unmanaged, Enum
    {
        if (expressions.IsDefault)
            throw new ArgumentException("Expressions cannot be a default array. Leave them out, or give an empty one.");
        using MessageWriter.Scope list = writer.Nest(type);
        foreach (NftExpression expression in expressions)
            (expression ?? throw new ArgumentException("An expression is null.")).WriteTo(writer, NftablesListAttribute.NFTA_LIST_ELEM);
    }

    public static ImmutableArray<NftExpression> ReadExpressions(Wire.Attribute attribute)
    {
        ImmutableArray<NftExpression>.Builder expressions = ImmutableArray.CreateBuilder<NftExpression>();
        foreach (Wire.Attribute expression in attribute.Attributes)
            expressions.Add(NftExpression.Read(expression.Attributes));
        return expressions.DrainToImmutable();
    }

    public static void WriteUserData<TType>(MessageWriter writer, TType type, NftData data)
        where TType : unmanaged, Enum
    {
        if (data.Length > NftablesConstants.NFT_USERDATA_MAXLEN)
            throw new ArgumentException($"User data of {data.Length} bytes: nf_tables keeps {NftablesConstants.NFT_USERDATA_MAXLEN}.");
        if (data.Length > 0)
            writer.WriteBytes(type, data.Bytes);
    }

    private static NftVerdict ReadVerdict(AttributeReader attributes)
    {
        int code = 0;
        string? chain = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)VerdictAttribute.NFTA_VERDICT_CODE)
                code = BinaryPrimitives.ReverseEndianness(attribute.Number<int>());
            else if (attribute.Type == (ushort)VerdictAttribute.NFTA_VERDICT_CHAIN)
                chain = attribute.Text;
        }

        return new NftVerdict((NftVerdictKind)code, chain);
    }
}

/// <summary>What nft(8) notes with the things that it makes, which the kernel only keeps: a type, a length and a value each (libnftnl/udata.h).</summary>
internal static class NftUserData
{
    /// <summary>NFTNL_UDATA_RULE_COMMENT and its like.</summary>
    public const byte Comment = 0;

    /// <summary>NFTNL_UDATA_SET_KEYBYTEORDER, NFTNL_UDATA_SET_DATABYTEORDER, NFTNL_UDATA_SET_COMMENT.</summary>
    public const byte SetKeyByteOrder = 0, SetDataByteOrder = 1, SetComment = 7;

    // NFTNL_UDATA_COMMENT_MAXLEN: what nft(8) takes.
    private const int LongestComment = 128;

    public static bool Has(NftData data, byte type)
    {
        ReadOnlySpan<byte> rest = data.Bytes;
        while (TryNext(ref rest, out byte found, out _))
        {
            if (found == type)
                return true;
        }

        return false;
    }

    public static string? ReadComment(NftData data, byte type)
    {
        ReadOnlySpan<byte> rest = data.Bytes;
        while (TryNext(ref rest, out byte found, out ReadOnlySpan<byte> value))
        {
            if (found == type && value is [.. var text, 0])
                return Encoding.UTF8.GetString(text);
        }

        return null;
    }

    /// <summary>The same notes with another comment, or none.</summary>
    /// <exception cref="ArgumentException">It is too long, or nft(8) could not show it.</exception>
    public static NftData WithComment(NftData data, byte type, string? comment)
        => With(data, type, comment is null ? [] : [.. Encoding.UTF8.GetBytes(CheckComment(comment)), 0]);

    /// <summary>The same notes with another one, or, if it is empty, without it.</summary>
    public static NftData With(NftData data, byte type, ReadOnlySpan<byte> value)
    {
        var all = new List<byte>();
        ReadOnlySpan<byte> rest = data.Bytes;
        while (TryNext(ref rest, out byte found, out ReadOnlySpan<byte> other))
        {
            if (found != type)
                Append(all, found, other);
        }

        if (!value.IsEmpty)
            Append(all, type, value);
        return new NftData([.. all]);
    }

    private static void Append(List<byte> all, byte type, ReadOnlySpan<byte> value)
    {
        all.Add(type);
        all.Add((byte)value.Length);
        all.AddRange(value);
    }

    private static string CheckComment(string comment)
    {
        if (comment.Length == 0 || Encoding.UTF8.GetByteCount(comment) > LongestComment || comment.Contains('"', StringComparison.Ordinal) || comment.Any(char.IsControl))
            throw new ArgumentException($"This is no comment that nft(8) could show: '{comment}'. It has 1 to {LongestComment} bytes, none of them a quotation mark or a control character.");
        return comment;
    }

    // Others can write anything there, so what does not fit together ends the notes.
    private static bool TryNext(ref ReadOnlySpan<byte> rest, out byte type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = [];
        if (rest.Length < 2 || rest.Length - 2 < rest[1])
            return false;
        type = rest[0];
        value = rest.Slice(2, rest[1]);
        rest = rest[(2 + value.Length)..];
        return true;
    }
}
