using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A step of a rule: it loads or compares values, counts, decides, or changes the packet.</summary>
public abstract record NftExpression
{
    private protected NftExpression(string name) => Name = name;

    /// <summary>The kernel's name of its kind: <c>payload</c>, <c>cmp</c>.</summary>
    public string Name { get; }

    internal void WriteTo<TType>(MessageWriter writer, TType type)
        where TType : unmanaged, Enum
    {
        using (writer.Nest(type))
        {
            writer.WriteText(ExpressionAttribute.NFTA_EXPR_NAME, Name);
            WriteData(writer);
        }
    }

    internal static NftExpression Read(AttributeReader attributes)
    {
        string? name = null;
        bool hasData = false;
        ReadOnlySpan<byte> data = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)ExpressionAttribute.NFTA_EXPR_NAME)
            {
                name = attribute.Text;
            }
            else if (attribute.Type == (ushort)ExpressionAttribute.NFTA_EXPR_DATA)
            {
                data = attribute.Value;
                hasData = true;
            }
        }

        if (string.IsNullOrEmpty(name))
            throw NetlinkException.Malformed("an expression without a name");
        return ReadKnown(name, new AttributeReader(data)) ?? new GenericExpression(name) { Data = hasData ? new NftData(data) : null };
    }

    // Null for a kind, or a use of one, that has no type here.
    private static NftExpression? ReadKnown(string name, AttributeReader data) => name switch
    {
        BitwiseExpression.KindName => BitwiseExpression.ReadData(data),
        CompareExpression.KindName => CompareExpression.ReadData(data),
        ConntrackExpression.KindName => ConntrackExpression.ReadData(data),
        CounterExpression.KindName => CounterExpression.ReadData(data),
        FibExpression.KindName => FibExpression.ReadData(data),
        ImmediateExpression.KindName => ImmediateExpression.ReadData(data),
        LimitExpression.KindName => LimitExpression.ReadData(data),
        LogExpression.KindName => LogExpression.ReadData(data),
        LookupExpression.KindName => LookupExpression.ReadData(data),
        MasqueradeExpression.KindName => MasqueradeExpression.ReadData(data),
        MetaExpression.KindName => MetaExpression.ReadData(data),
        NatExpression.KindName => NatExpression.ReadData(data),
        ObjectReferenceExpression.KindName => ObjectReferenceExpression.ReadData(data),
        PayloadExpression.KindName => PayloadExpression.ReadData(data),
        RangeExpression.KindName => RangeExpression.ReadData(data),
        RedirectExpression.KindName => RedirectExpression.ReadData(data),
        RejectExpression.KindName => RejectExpression.ReadData(data),
        TransparentProxyExpression.KindName => TransparentProxyExpression.ReadData(data),
        _ => null,
    };

    /// <summary>Writes NFTA_EXPR_DATA.</summary>
    private protected abstract void WriteData(MessageWriter writer);
}
