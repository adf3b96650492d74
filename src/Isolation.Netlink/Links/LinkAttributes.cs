using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the attributes of a link mean, for errors that point at one.</summary>
internal static class LinkAttributes
{
    private static readonly AttributeSpace s_info = AttributeSpace.Of<LinkInfoAttribute>()
        .WithKinds(LinkInfoAttribute.IFLA_INFO_KIND, LinkInfoAttribute.IFLA_INFO_DATA, static kind => LinkKinds.Find(kind)?.Attributes)
        .WithKinds(LinkInfoAttribute.IFLA_INFO_SLAVE_KIND, LinkInfoAttribute.IFLA_INFO_SLAVE_DATA, static kind => LinkKinds.FindPort(kind)?.Attributes);

    /// <summary>Those of RTM_NEWLINK and its like.</summary>
    public static AttributeSpace Space { get; } = New()
        .With(LinkAttribute.IFLA_AF_SPEC, AttributeSpace.Of<LinkFamilyAttribute>().With(LinkFamilyAttribute.AF_INET6, AttributeSpace.Of<LinkIPv6Attribute>()));

    /// <summary>Those of messages of AF_BRIDGE.</summary>
    public static AttributeSpace BridgeSpace { get; } = New()
        .With(LinkAttribute.IFLA_AF_SPEC, AttributeSpace.Of<BridgeFamilyAttribute>().With(BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_TUNNEL_INFO, AttributeSpace.Of<BridgeVlanTunnelAttribute>()));

    private static AttributeSpace New() => AttributeSpace.Of<LinkAttribute>(Unsafe.SizeOf<LinkHeader>())
        .With(LinkAttribute.IFLA_PROP_LIST, AttributeSpace.Of<LinkAttribute>())
        .With(LinkAttribute.IFLA_XDP, AttributeSpace.Of<XdpAttribute>())
        .With(LinkAttribute.IFLA_PROTO_DOWN_REASON, AttributeSpace.Of<ProtocolDownReasonAttribute>())
        .With(LinkAttribute.IFLA_LINKINFO, s_info);
}
