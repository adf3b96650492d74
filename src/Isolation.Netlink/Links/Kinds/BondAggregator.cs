using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The group of links that a bond of LACP uses (IFLA_BOND_AD_INFO).</summary>
/// <param name="Id">Its number.</param>
/// <param name="Ports">How many links it has.</param>
/// <param name="ActorKey">The key on this side.</param>
/// <param name="PartnerKey">The key on the other side.</param>
/// <param name="Partner">The address of the other side.</param>
public sealed record BondAggregator(ushort Id, ushort Ports, ushort ActorKey, ushort PartnerKey, PhysicalAddress Partner)
{
    internal static BondAggregator Read(AttributeReader attributes)
    {
        ushort id = 0, ports = 0, actorKey = 0, partnerKey = 0;
        PhysicalAddress partner = PhysicalAddress.None;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((BondAggregatorAttribute)attribute.Type)
            {
                case BondAggregatorAttribute.IFLA_BOND_AD_INFO_AGGREGATOR:
                    id = attribute.Number<ushort>();
                    break;
                case BondAggregatorAttribute.IFLA_BOND_AD_INFO_NUM_PORTS:
                    ports = attribute.Number<ushort>();
                    break;
                case BondAggregatorAttribute.IFLA_BOND_AD_INFO_ACTOR_KEY:
                    actorKey = attribute.Number<ushort>();
                    break;
                case BondAggregatorAttribute.IFLA_BOND_AD_INFO_PARTNER_KEY:
                    partnerKey = attribute.Number<ushort>();
                    break;
                case BondAggregatorAttribute.IFLA_BOND_AD_INFO_PARTNER_MAC:
                    partner = attribute.PhysicalAddress;
                    break;
            }
        }

        return new BondAggregator(id, ports, actorKey, partnerKey, partner);
    }
}
