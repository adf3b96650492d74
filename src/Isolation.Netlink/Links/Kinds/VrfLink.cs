using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A routing domain: links join it by naming it as their master, and are routed by its table (Documentation/networking/vrf.rst).</summary>
public sealed record VrfLink() : LinkKind(KindName)
{
    internal const string KindName = "vrf";

    internal VrfLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((VrfAttribute)attribute.Type)
            {
                case VrfAttribute.IFLA_VRF_TABLE:
                    Table = attribute.Number<uint>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The number of the routing table: not 0. It cannot be changed (IFLA_VRF_TABLE).</summary>
    public uint? Table { get; init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new VrfLink(data), AttributeSpace.Of<VrfAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(VrfAttribute.IFLA_VRF_TABLE, LinkValue.NotZero(Table, nameof(Table)));
    }
}
