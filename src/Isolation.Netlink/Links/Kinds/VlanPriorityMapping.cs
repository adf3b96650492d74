using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which priority becomes which when a packet gets a VLAN's tag, or loses it (struct ifla_vlan_qos_mapping).</summary>
/// <param name="From">The priority before: of the tag 0 to 7, of a packet any.</param>
/// <param name="To">The priority after.</param>
public readonly record struct VlanPriorityMapping(uint From, uint To)
{
    internal static ImmutableArray<VlanPriorityMapping> Read(AttributeReader attributes)
    {
        ImmutableArray<VlanPriorityMapping>.Builder mappings = ImmutableArray.CreateBuilder<VlanPriorityMapping>();
        foreach (Wire.Attribute attribute in attributes)
        {
            VlanPriorityData data = attribute.Struct<VlanPriorityData>();
            mappings.Add(new VlanPriorityMapping(data.from, data.to));
        }

        return mappings.DrainToImmutable();
    }

    internal static void Write(MessageWriter writer, VlanAttribute type, ImmutableArray<VlanPriorityMapping> mappings)
    {
        if (mappings.IsEmpty)
            return;
        using (writer.Nest(type))
        {
            foreach (VlanPriorityMapping mapping in mappings)
                writer.Write(VlanPriorityAttribute.IFLA_VLAN_QOS_MAPPING, new VlanPriorityData { from = mapping.From, to = mapping.To });
        }
    }
}
