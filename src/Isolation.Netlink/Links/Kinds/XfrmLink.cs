using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An interface of IPsec: what leaves by it is transformed by the policies that have its id (ip-link(8), ip-xfrm(8)).</summary>
public sealed record XfrmLink() : LinkKind(KindName)
{
    internal const string KindName = "xfrm";

    internal XfrmLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((XfrmAttribute)attribute.Type)
            {
                case XfrmAttribute.IFLA_XFRM_IF_ID:
                    InterfaceId = attribute.Number<uint>();
                    break;
                case XfrmAttribute.IFLA_XFRM_LINK:
                    OutputIndex = attribute.Number<int>();
                    break;
                case XfrmAttribute.IFLA_XFRM_COLLECT_METADATA:
                    External = attribute.IsSet;
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The id of the policies and states: not 0 (IFLA_XFRM_IF_ID).</summary>
    public uint? InterfaceId { get; init; }

    /// <summary>The index of the link by which packets leave (IFLA_XFRM_LINK).</summary>
    public int? OutputIndex { get; init; }

    /// <summary>Whether each packet says itself which id it has. Linux 6.1 (IFLA_XFRM_COLLECT_METADATA).</summary>
    public bool External { get; init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new XfrmLink(data), AttributeSpace.Of<XfrmAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(XfrmAttribute.IFLA_XFRM_IF_ID, LinkValue.NotZero(InterfaceId, nameof(InterfaceId)));
        writer.Write(XfrmAttribute.IFLA_XFRM_LINK, LinkValue.NotNegative(OutputIndex, nameof(OutputIndex)));
        writer.WriteFlag(XfrmAttribute.IFLA_XFRM_COLLECT_METADATA, External);
    }
}
