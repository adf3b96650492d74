using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the attributes of traffic control mean, for errors that point at one.</summary>
internal static class TrafficAttributes
{
    private static readonly AttributeSpace s_action = AttributeSpace.Of<ActionAttribute>()
        .WithKinds(ActionAttribute.TCA_ACT_KIND, ActionAttribute.TCA_ACT_OPTIONS, OfActionKind);

    private static readonly AttributeSpace s_actions = AttributeSpace.ListOf(s_action);

    private static readonly AttributeSpace s_netem = AttributeSpace.Of<NetemAttribute>(Unsafe.SizeOf<NetemData>())
        .With(NetemAttribute.TCA_NETEM_LOSS, AttributeSpace.Of<NetemLossAttribute>());

    private static readonly AttributeSpace s_tbf = AttributeSpace.Of<TbfAttribute>();
    private static readonly AttributeSpace s_htb = AttributeSpace.Of<HtbAttribute>();
    private static readonly AttributeSpace s_fq = AttributeSpace.Of<FqAttribute>();
    private static readonly AttributeSpace s_fqCodel = AttributeSpace.Of<FqCodelAttribute>();
    private static readonly AttributeSpace s_u32 = AttributeSpace.Of<U32Attribute>().With(U32Attribute.TCA_U32_ACT, s_actions);
    private static readonly AttributeSpace s_matchAll = AttributeSpace.Of<MatchAllAttribute>().With(MatchAllAttribute.TCA_MATCHALL_ACT, s_actions);
    private static readonly AttributeSpace s_flower = AttributeSpace.Of<FlowerAttribute>().With(FlowerAttribute.TCA_FLOWER_ACT, s_actions);
    private static readonly AttributeSpace s_bpf = AttributeSpace.Of<BpfAttribute>().With(BpfAttribute.TCA_BPF_ACT, s_actions);
    private static readonly AttributeSpace s_mirred = AttributeSpace.Of<MirredAttribute>();
    private static readonly AttributeSpace s_gact = AttributeSpace.Of<GactAttribute>();
    private static readonly AttributeSpace s_police = AttributeSpace.Of<PoliceAttribute>();

    /// <summary>Those of RTM_NEWQDISC and its like.</summary>
    public static AttributeSpace OfQdisc { get; } = WithKinds(static kind => kind switch
    {
        NetemQdisc.KindName => s_netem,
        TbfQdisc.KindName => s_tbf,
        HtbQdisc.KindName => s_htb,
        FqQdisc.KindName => s_fq,
        FqCodelQdisc.KindName => s_fqCodel,
        _ => null,
    });

    /// <summary>Those of RTM_NEWTCLASS and its like.</summary>
    public static AttributeSpace OfClass { get; } = WithKinds(static kind => kind == HtbQdisc.KindName ? s_htb : null);

    /// <summary>Those of RTM_NEWTFILTER and its like.</summary>
    public static AttributeSpace OfFilter { get; } = WithKinds(static kind => kind switch
    {
        U32Filter.KindName => s_u32,
        MatchAllFilter.KindName => s_matchAll,
        FlowerFilter.KindName => s_flower,
        BpfFilter.KindName => s_bpf,
        _ => null,
    });

    /// <summary>Those of RTM_NEWACTION and its like.</summary>
    public static AttributeSpace OfActions { get; } = AttributeSpace.Of<ActionRootAttribute>(Unsafe.SizeOf<ActionHeader>())
        .With(ActionRootAttribute.TCA_ROOT_TAB, s_actions);

    private static AttributeSpace WithKinds(Func<string, AttributeSpace?> ofKind)
        => AttributeSpace.Of<TrafficAttribute>(Unsafe.SizeOf<TrafficHeader>()).WithKinds(TrafficAttribute.TCA_KIND, TrafficAttribute.TCA_OPTIONS, ofKind);

    private static AttributeSpace? OfActionKind(string kind) => kind switch
    {
        MirredAction.KindName => s_mirred,
        GactAction.KindName => s_gact,
        PoliceAction.KindName => s_police,
        _ => null,
    };
}
