using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Uses an object with a name, such as a counter (nft(8), STATEFUL OBJECTS).</summary>
/// <param name="Type">The object's type (NFT_OBJECT_… of linux/netfilter/nf_tables.h): 1 is a counter.</param>
/// <param name="ObjectName">Its name.</param>
public sealed record ObjectReferenceExpression(uint Type, string ObjectName) : NftExpression(KindName)
{
    internal const string KindName = "objref";

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(ObjectReferenceAttribute.NFTA_OBJREF_IMM_TYPE, Type);
        writer.WriteBytes(ObjectReferenceAttribute.NFTA_OBJREF_IMM_NAME, System.Text.Encoding.UTF8.GetBytes(NftNames.Check(ObjectName, "object")));
    }

    internal static ObjectReferenceExpression? ReadData(AttributeReader data)
    {
        var expression = new ObjectReferenceExpression(0, "");
        foreach (Wire.Attribute attribute in data)
        {
            expression = (ObjectReferenceAttribute)attribute.Type switch
            {
                ObjectReferenceAttribute.NFTA_OBJREF_IMM_TYPE => expression with { Type = attribute.NetworkUInt32 },
                ObjectReferenceAttribute.NFTA_OBJREF_IMM_NAME => expression with { ObjectName = attribute.Text },
                _ => expression,
            };
        }

        // In a map of objects, the object's name comes from the set.
        return expression.ObjectName.Length > 0 ? expression : null;
    }

    /// <summary>Counts with a counter.</summary>
    public static ObjectReferenceExpression Counter(string name) => new(NftablesConstants.NFT_OBJECT_COUNTER, name);
}
