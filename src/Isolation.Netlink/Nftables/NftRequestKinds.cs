using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>The requests of nf_tables, with what their attributes mean.</summary>
internal static class NftRequestKinds
{
    private static readonly AttributeSpace s_data = AttributeSpace.Of<DataAttribute>().With(DataAttribute.NFTA_DATA_VERDICT, AttributeSpace.Of<VerdictAttribute>());

    private static readonly AttributeSpace s_expression = AttributeSpace.Of<ExpressionAttribute>()
        .WithKinds(ExpressionAttribute.NFTA_EXPR_NAME, ExpressionAttribute.NFTA_EXPR_DATA, OfExpression);

    private static readonly AttributeSpace s_element = AttributeSpace.Of<NftablesElementAttribute>()
        .With(NftablesElementAttribute.NFTA_SET_ELEM_KEY, s_data)
        .With(NftablesElementAttribute.NFTA_SET_ELEM_KEY_END, s_data)
        .With(NftablesElementAttribute.NFTA_SET_ELEM_DATA, s_data)
        .With(NftablesElementAttribute.NFTA_SET_ELEM_EXPR, s_expression)
        .With(NftablesElementAttribute.NFTA_SET_ELEM_EXPRESSIONS, AttributeSpace.ListOf(s_expression));

    private static readonly AttributeSpace s_table = AttributeSpace.Of<NftablesTableAttribute>(HeaderSize);

    private static readonly AttributeSpace s_chain = AttributeSpace.Of<NftablesChainAttribute>(HeaderSize)
        .With(NftablesChainAttribute.NFTA_CHAIN_HOOK, AttributeSpace.Of<NftablesHookAttribute>().With(NftablesHookAttribute.NFTA_HOOK_DEVS, AttributeSpace.Of<NftDeviceAttribute>()));

    private static readonly AttributeSpace s_rule = AttributeSpace.Of<NftablesRuleAttribute>(HeaderSize)
        .With(NftablesRuleAttribute.NFTA_RULE_EXPRESSIONS, AttributeSpace.ListOf(s_expression));

    private static readonly AttributeSpace s_set = AttributeSpace.Of<NftablesSetAttribute>(HeaderSize)
        .With(NftablesSetAttribute.NFTA_SET_DESC, AttributeSpace.Of<NftablesSetDescriptionAttribute>()
            .With(NftablesSetDescriptionAttribute.NFTA_SET_DESC_CONCAT, AttributeSpace.ListOf(AttributeSpace.Of<NftablesSetFieldAttribute>())));

    private static readonly AttributeSpace s_elements = AttributeSpace.Of<NftablesElementListAttribute>(HeaderSize)
        .With(NftablesElementListAttribute.NFTA_SET_ELEM_LIST_ELEMENTS, AttributeSpace.ListOf(s_element));

    private static readonly AttributeSpace s_object = AttributeSpace.Of<NftablesObjectAttribute>(HeaderSize)
        .With(NftablesObjectAttribute.NFTA_OBJ_DATA, AttributeSpace.Of<CounterAttribute>());

    private static readonly Dictionary<NftablesMessageType, RequestKind> s_kinds = Enum.GetValues<NftablesMessageType>().ToDictionary(t => t, Make);

    /// <summary>What begins a transaction.</summary>
    public static RequestKind Begin { get; } = new(NetfilterConstants.NFNL_MSG_BATCH_BEGIN, nameof(NetfilterConstants.NFNL_MSG_BATCH_BEGIN), false, AttributeSpace.Of<NetfilterBatchAttribute>(HeaderSize));

    /// <summary>What ends a transaction.</summary>
    public static RequestKind End { get; } = new(NetfilterConstants.NFNL_MSG_BATCH_END, nameof(NetfilterConstants.NFNL_MSG_BATCH_END), false, null);

    private static int HeaderSize => Unsafe.SizeOf<NetfilterHeader>();

    public static RequestKind Of(NftablesMessageType type) => s_kinds[type];

    private static RequestKind Make(NftablesMessageType type)
        => new((ushort)((NetfilterConstants.NFNL_SUBSYS_NFTABLES << 8) | (int)type), type.ToString(), type.ToString().Contains("_GET", StringComparison.Ordinal), AttributesOf(type));

    private static AttributeSpace? AttributesOf(NftablesMessageType type) => type switch
    {
        NftablesMessageType.NFT_MSG_NEWTABLE or NftablesMessageType.NFT_MSG_GETTABLE or NftablesMessageType.NFT_MSG_DELTABLE => s_table,
        NftablesMessageType.NFT_MSG_NEWCHAIN or NftablesMessageType.NFT_MSG_GETCHAIN or NftablesMessageType.NFT_MSG_DELCHAIN => s_chain,
        NftablesMessageType.NFT_MSG_NEWRULE or NftablesMessageType.NFT_MSG_GETRULE or NftablesMessageType.NFT_MSG_DELRULE => s_rule,
        NftablesMessageType.NFT_MSG_NEWSET or NftablesMessageType.NFT_MSG_GETSET or NftablesMessageType.NFT_MSG_DELSET => s_set,
        NftablesMessageType.NFT_MSG_NEWSETELEM or NftablesMessageType.NFT_MSG_GETSETELEM or NftablesMessageType.NFT_MSG_DELSETELEM => s_elements,
        NftablesMessageType.NFT_MSG_NEWOBJ or NftablesMessageType.NFT_MSG_GETOBJ or NftablesMessageType.NFT_MSG_DELOBJ or NftablesMessageType.NFT_MSG_GETOBJ_RESET => s_object,
        _ => null,
    };

    private static AttributeSpace? OfExpression(string name) => name switch
    {
        BitwiseExpression.KindName => AttributeSpace.Of<BitwiseAttribute>().With(BitwiseAttribute.NFTA_BITWISE_MASK, s_data).With(BitwiseAttribute.NFTA_BITWISE_XOR, s_data).With(BitwiseAttribute.NFTA_BITWISE_DATA, s_data),
        CompareExpression.KindName => AttributeSpace.Of<CompareAttribute>().With(CompareAttribute.NFTA_CMP_DATA, s_data),
        ConntrackExpression.KindName => AttributeSpace.Of<ConntrackAttribute>(),
        CounterExpression.KindName => AttributeSpace.Of<CounterAttribute>(),
        FibExpression.KindName => AttributeSpace.Of<FibAttribute>(),
        ImmediateExpression.KindName => AttributeSpace.Of<ImmediateAttribute>().With(ImmediateAttribute.NFTA_IMMEDIATE_DATA, s_data),
        LimitExpression.KindName => AttributeSpace.Of<LimitAttribute>(),
        LogExpression.KindName => AttributeSpace.Of<LogAttribute>(),
        LookupExpression.KindName => AttributeSpace.Of<LookupAttribute>(),
        MasqueradeExpression.KindName => AttributeSpace.Of<MasqueradeAttribute>(),
        MetaExpression.KindName => AttributeSpace.Of<MetaAttribute>(),
        NatExpression.KindName => AttributeSpace.Of<NatAttribute>(),
        ObjectReferenceExpression.KindName => AttributeSpace.Of<ObjectReferenceAttribute>(),
        PayloadExpression.KindName => AttributeSpace.Of<PayloadAttribute>(),
        RangeExpression.KindName => AttributeSpace.Of<RangeAttribute>().With(RangeAttribute.NFTA_RANGE_FROM_DATA, s_data).With(RangeAttribute.NFTA_RANGE_TO_DATA, s_data),
        RedirectExpression.KindName => AttributeSpace.Of<RedirectAttribute>(),
        RejectExpression.KindName => AttributeSpace.Of<RejectAttribute>(),
        TransparentProxyExpression.KindName => AttributeSpace.Of<TproxyAttribute>(),
        _ => null,
    };
}
