using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>An expression of a kind, or a use of one, that has no type here.</summary>
public sealed record GenericExpression : NftExpression
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericExpression(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>Its attributes, as the kernel reads and writes them (NFTA_EXPR_DATA); null for none, not even an empty one.</summary>
    public NftData? Data { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        if (Data is not { } data)
            return;
        if (data.Length > 0)
        {
            writer.WriteNested(ExpressionAttribute.NFTA_EXPR_DATA, data.Bytes);
            return;
        }

        using (writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA))
        {
        }
    }
}
