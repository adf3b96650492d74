using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One link of a VRF.</summary>
public sealed record VrfPort() : LinkPort(KindName)
{
    internal const string KindName = "vrf";

    internal VrfPort(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((VrfPortAttribute)attribute.Type)
            {
                case VrfPortAttribute.IFLA_VRF_PORT_TABLE:
                    Table = attribute.Number<uint>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>Told only: the number of the routing table (IFLA_VRF_PORT_TABLE).</summary>
    public uint? Table { get; private init; }

    internal static LinkPortEntry Entry { get; } = new(KindName, static data => new VrfPort(data), AttributeSpace.Of<VrfPortAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
