using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the attributes of a link mean, for errors that point at one.</summary>
internal static class LinkAttributes
{
    private static readonly AttributeSpace s_bridge = AttributeSpace.Of<BridgeAttribute>();

    private static readonly AttributeSpace s_info = AttributeSpace.Of<LinkInfoAttribute>()
        .WithKinds(LinkInfoAttribute.IFLA_INFO_KIND, LinkInfoAttribute.IFLA_INFO_DATA, OfKind);

    /// <summary>Those of RTM_NEWLINK and its like.</summary>
    public static AttributeSpace Space { get; } = AttributeSpace.Of<LinkAttribute>(Unsafe.SizeOf<LinkHeader>())
        .With(LinkAttribute.IFLA_PROP_LIST, AttributeSpace.Of<LinkAttribute>())
        .With(LinkAttribute.IFLA_LINKINFO, s_info);

    private static readonly AttributeSpace s_veth = AttributeSpace.Of<VethAttribute>().With(VethAttribute.VETH_INFO_PEER, Space);

    private static AttributeSpace? OfKind(string kind) => kind switch
    {
        BridgeLink.KindName => s_bridge,
        VethLink.KindName => s_veth,
        _ => null,
    };
}
