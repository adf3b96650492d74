using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What an ipvlan and an ipvtap have in common: they share the MAC address of another link, their parent, and differ by IP addresses.</summary>
public abstract record IPVlanKind : LinkKind
{
    private protected IPVlanKind(string name)
        : base(name)
    {
    }

    private protected IPVlanKind(string name, AttributeReader data)
        : base(name)
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((IPVlanAttribute)attribute.Type)
            {
                case IPVlanAttribute.IFLA_IPVLAN_MODE:
                    Mode = attribute.Number<IPVlanMode>();
                    break;
                case IPVlanAttribute.IFLA_IPVLAN_FLAGS:
                    Flags = attribute.Number<IPVlanFlags>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>At which layer packets are told apart; the same for all of a parent (IFLA_IPVLAN_MODE).</summary>
    public IPVlanMode? Mode { get; init; }

    /// <summary>Whom it talks with; the same for all of a parent (IFLA_IPVLAN_FLAGS).</summary>
    public IPVlanFlags? Flags { get; init; }

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(IPVlanAttribute.IFLA_IPVLAN_MODE, Mode);
        writer.Write(IPVlanAttribute.IFLA_IPVLAN_FLAGS, Flags);
    }
}
