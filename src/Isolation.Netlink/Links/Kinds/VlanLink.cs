using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The packets of one VLAN of another link, its parent (IEEE 802.1Q). It needs <see cref="LinkSettings.ParentIndex"/>.</summary>
public sealed record VlanLink() : LinkKind(KindName)
{
    internal const string KindName = "vlan";

    private readonly Sequence<VlanPriorityMapping> _egressPriorities;
    private readonly Sequence<VlanPriorityMapping> _ingressPriorities;

    internal VlanLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((VlanAttribute)attribute.Type)
            {
                case VlanAttribute.IFLA_VLAN_ID:
                    Id = attribute.Number<ushort>();
                    break;
                case VlanAttribute.IFLA_VLAN_PROTOCOL:
                    Protocol = attribute.UInt16BigEndian;
                    break;
                case VlanAttribute.IFLA_VLAN_FLAGS:
                    VlanFlagValues flags = attribute.Struct<VlanFlagValues>();
                    ReorderHeader = Flag(flags, VlanFlags.VLAN_FLAG_REORDER_HDR);
                    Gvrp = Flag(flags, VlanFlags.VLAN_FLAG_GVRP);
                    Mvrp = Flag(flags, VlanFlags.VLAN_FLAG_MVRP);
                    LooseBinding = Flag(flags, VlanFlags.VLAN_FLAG_LOOSE_BINDING);
                    BridgeBinding = Flag(flags, VlanFlags.VLAN_FLAG_BRIDGE_BINDING);
                    break;
                case VlanAttribute.IFLA_VLAN_EGRESS_QOS:
                    EgressPriorities = VlanPriorityMapping.Read(attribute.Attributes);
                    break;
                case VlanAttribute.IFLA_VLAN_INGRESS_QOS:
                    IngressPriorities = VlanPriorityMapping.Read(attribute.Attributes);
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The VLAN: 1 to 4094, or 0 for packets that have a priority only. It cannot be changed (IFLA_VLAN_ID).</summary>
    public ushort? Id { get; init; }

    /// <summary>The Ethernet type of the tag: 0x8100, or 0x88a8 for the outer of two. It cannot be changed (IFLA_VLAN_PROTOCOL).</summary>
    public ushort? Protocol { get; init; }

    /// <summary>Whether the tag is taken away, so that the link looks like one of Ethernet (VLAN_FLAG_REORDER_HDR).</summary>
    public bool? ReorderHeader { get; init; }

    /// <summary>Whether the VLAN is told to switches by GVRP (VLAN_FLAG_GVRP).</summary>
    public bool? Gvrp { get; init; }

    /// <summary>Whether the VLAN is told to switches by MVRP (VLAN_FLAG_MVRP).</summary>
    public bool? Mvrp { get; init; }

    /// <summary>Whether it stays up when its parent goes down (VLAN_FLAG_LOOSE_BINDING).</summary>
    public bool? LooseBinding { get; init; }

    /// <summary>Whether its state follows the ports of the bridge below that have the VLAN (VLAN_FLAG_BRIDGE_BINDING).</summary>
    public bool? BridgeBinding { get; init; }

    /// <summary>Which priority of a packet becomes which of the tag, for packets that leave (IFLA_VLAN_EGRESS_QOS).</summary>
    public ImmutableArray<VlanPriorityMapping> EgressPriorities
    {
        get => _egressPriorities.Items;
        init => _egressPriorities = new Sequence<VlanPriorityMapping>(value);
    }

    /// <summary>Which priority of the tag becomes which of a packet, for packets that come in (IFLA_VLAN_INGRESS_QOS).</summary>
    public ImmutableArray<VlanPriorityMapping> IngressPriorities
    {
        get => _ingressPriorities.Items;
        init => _ingressPriorities = new Sequence<VlanPriorityMapping>(value);
    }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new VlanLink(data), AttributeSpace.Of<VlanAttribute>()
        .With(VlanAttribute.IFLA_VLAN_EGRESS_QOS, AttributeSpace.Of<VlanPriorityAttribute>())
        .With(VlanAttribute.IFLA_VLAN_INGRESS_QOS, AttributeSpace.Of<VlanPriorityAttribute>()));

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(VlanAttribute.IFLA_VLAN_ID, LinkValue.VlanIdOrNone(Id));
        writer.WriteBigEndian(VlanAttribute.IFLA_VLAN_PROTOCOL, Protocol);
        VlanFlagValues flags = default;
        Set(ref flags, VlanFlags.VLAN_FLAG_REORDER_HDR, ReorderHeader);
        Set(ref flags, VlanFlags.VLAN_FLAG_GVRP, Gvrp);
        Set(ref flags, VlanFlags.VLAN_FLAG_MVRP, Mvrp);
        Set(ref flags, VlanFlags.VLAN_FLAG_LOOSE_BINDING, LooseBinding);
        Set(ref flags, VlanFlags.VLAN_FLAG_BRIDGE_BINDING, BridgeBinding);
        if (flags.mask != 0)
            writer.Write(VlanAttribute.IFLA_VLAN_FLAGS, flags);
        VlanPriorityMapping.Write(writer, VlanAttribute.IFLA_VLAN_EGRESS_QOS, EgressPriorities);
        VlanPriorityMapping.Write(writer, VlanAttribute.IFLA_VLAN_INGRESS_QOS, IngressPriorities);
    }

    private static bool? Flag(VlanFlagValues values, VlanFlags flag) => values.mask.HasFlag(flag) ? values.flags.HasFlag(flag) : null;

    private static void Set(ref VlanFlagValues values, VlanFlags flag, bool? value)
    {
        if (value is not { } known)
            return;
        values.mask |= flag;
        values.flags |= known ? flag : VlanFlags.None;
    }
}
