using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A rule: expressions that are gone through until one does not match or decides (nft(8), RULES). What a list returns can be deleted.</summary>
/// <param name="Family">The family of its table.</param>
/// <param name="Table">The name of its table.</param>
/// <param name="Chain">The name of its chain.</param>
public sealed partial record NftRule(NftFamily Family, string Table, string Chain) : IRequestBody
{
    /// <summary>A rule of a chain.</summary>
    public NftRule(NftChain chain)
        : this((chain ?? throw new ArgumentNullException(nameof(chain))).Family, chain.Table, chain.Name)
    {
    }

    /// <summary>What it does, in this order. The verbs such as <see cref="Count()"/> and <see cref="Masquerade"/> append to it.</summary>
    public ImmutableArray<NftExpression> Expressions { get; init; } = [];

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.Comment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.Comment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_RULE_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The kernel's number of it, by which it is deleted and replaced; 0 for one that was not read.</summary>
    public ulong Handle { get; init; }

    /// <summary>What it has counted, if it has a counter.</summary>
    public CounterExpression? Counter => Expressions.OfType<CounterExpression>().FirstOrDefault();

    /// <summary>The same rule with more expressions at its end.</summary>
    public NftRule Append(params ReadOnlySpan<NftExpression> expressions) => this with { Expressions = [.. Expressions, .. expressions] };

    /// <summary>The same rule with a comment.</summary>
    public NftRule WithComment(string? comment) => this with { Comment = comment };

    /// <summary>As nft(8) names it: <c>inet filter input handle 4</c>.</summary>
    public override string ToString()
        => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{NftNames.Text(Family)} {Table} {Chain}{(Handle == 0 ? "" : " handle ")}{(Handle == 0 ? "" : Handle)}");

    /// <summary>Compares all properties, the expressions one by one.</summary>
    public bool Equals(NftRule? other)
        => other is not null
            && (Family, Table, Chain, UserData, Handle) == (other.Family, other.Table, other.Chain, other.UserData, other.Handle)
            && Expressions.AsSpan().SequenceEqual(other.Expressions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Family, Table, Chain, UserData, Handle, Expressions.Length);

    void IRequestBody.WriteTo(MessageWriter writer) => WriteTo(writer, position: 0);

    internal void WriteTo(MessageWriter writer, ulong position)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesRuleAttribute.NFTA_RULE_TABLE, NftNames.Check(Table, "table"));
        writer.WriteText(NftablesRuleAttribute.NFTA_RULE_CHAIN, NftNames.Check(Chain, "chain"));
        if (Handle != 0)
            writer.WriteNetwork64(NftablesRuleAttribute.NFTA_RULE_HANDLE, Handle);
        if (position != 0)
            writer.WriteNetwork64(NftablesRuleAttribute.NFTA_RULE_POSITION, position);
        NftWire.WriteUserData(writer, NftablesRuleAttribute.NFTA_RULE_USERDATA, UserData);
        NftWire.WriteExpressions(writer, NftablesRuleAttribute.NFTA_RULE_EXPRESSIONS, Expressions);
    }

    internal static NftRule Read(ReadOnlySpan<byte> body)
    {
        NetfilterHeader header = Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        string table = "", chain = "";
        ulong handle = 0;
        NftData userData = default;
        ImmutableArray<NftExpression> expressions = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NftablesRuleAttribute)attribute.Type)
            {
                case NftablesRuleAttribute.NFTA_RULE_TABLE:
                    table = attribute.Text;
                    break;
                case NftablesRuleAttribute.NFTA_RULE_CHAIN:
                    chain = attribute.Text;
                    break;
                case NftablesRuleAttribute.NFTA_RULE_HANDLE:
                    handle = attribute.NetworkUInt64;
                    break;
                case NftablesRuleAttribute.NFTA_RULE_EXPRESSIONS:
                    expressions = NftWire.ReadExpressions(attribute);
                    break;
                case NftablesRuleAttribute.NFTA_RULE_USERDATA:
                    userData = new NftData(attribute.Value);
                    break;
            }
        }

        return new NftRule((NftFamily)header.nfgen_family, table, chain) { Handle = handle, Expressions = expressions, UserData = userData };
    }
}
