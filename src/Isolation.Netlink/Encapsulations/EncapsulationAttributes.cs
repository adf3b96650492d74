using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the attributes of an encapsulation mean, for errors that point at one.</summary>
internal static class EncapsulationAttributes
{
    private static readonly AttributeSpace s_mpls = AttributeSpace.Of<MplsEncapsulationAttribute>();
    private static readonly AttributeSpace s_ip = AttributeSpace.Of<IPEncapsulationAttribute>();
    private static readonly AttributeSpace s_ip6 = AttributeSpace.Of<IPv6EncapsulationAttribute>();
    private static readonly AttributeSpace s_segments = AttributeSpace.Of<SegmentRoutingAttribute>();

    private static readonly AttributeSpace s_local = AttributeSpace.Of<LocalSegmentAttribute>()
        .With(LocalSegmentAttribute.SEG6_LOCAL_COUNTERS, AttributeSpace.Of<LocalSegmentCounterAttribute>())
        .With(LocalSegmentAttribute.SEG6_LOCAL_FLAVORS, AttributeSpace.Of<LocalSegmentFlavorAttribute>());

    /// <summary>Says so of the two attributes of an encapsulation.</summary>
    public static AttributeSpace WithEncapsulation<TAttribute>(this AttributeSpace space, TAttribute type, TAttribute data)
        where TAttribute : unmanaged, Enum
        => space.WithKinds(type, data, OfKind);

    // The type is a number, and its first byte a character when it is taken for text.
    private static AttributeSpace? OfKind(string kind) => kind is not [char number] ? null : (EncapsulationType)number switch
    {
        EncapsulationType.LWTUNNEL_ENCAP_MPLS => s_mpls,
        EncapsulationType.LWTUNNEL_ENCAP_IP => s_ip,
        EncapsulationType.LWTUNNEL_ENCAP_IP6 => s_ip6,
        EncapsulationType.LWTUNNEL_ENCAP_SEG6 => s_segments,
        EncapsulationType.LWTUNNEL_ENCAP_SEG6_LOCAL => s_local,
        _ => null,
    };
}
