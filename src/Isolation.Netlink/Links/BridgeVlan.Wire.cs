using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>VLANs that are added or deleted.</summary>
internal readonly record struct BridgeVlanRequest(BridgeVlan Vlan) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        BridgeVlanRange.Check(Vlan.InterfaceIndex, Vlan.First, Vlan.Last);
        if (Vlan.IsDefault && Vlan.First != Vlan.Last)
            throw new ArgumentException("Only one VLAN can be that of packets without a tag.");
        BridgeVlanFlags flags = (Vlan.IsDefault ? BridgeVlanFlags.BRIDGE_VLAN_INFO_PVID : BridgeVlanFlags.None) | (Vlan.IsUntagged ? BridgeVlanFlags.BRIDGE_VLAN_INFO_UNTAGGED : BridgeVlanFlags.None);
        writer.WriteHeader(BridgeVlanRange.Header(Vlan.InterfaceIndex));
        using (writer.Nest(LinkAttribute.IFLA_AF_SPEC))
        {
            if (Vlan.IsOfBridge)
                writer.Write(BridgeFamilyAttribute.IFLA_BRIDGE_FLAGS, BridgeFamilyFlags.BRIDGE_FLAGS_SELF);
            if (Vlan.First == Vlan.Last)
            {
                writer.Write(BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_INFO, new BridgeVlanData { flags = flags, vid = (ushort)Vlan.First });
                return;
            }

            writer.Write(BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_INFO, new BridgeVlanData { flags = flags | BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_BEGIN, vid = (ushort)Vlan.First });
            writer.Write(BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_INFO, new BridgeVlanData { flags = flags | BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_END, vid = (ushort)Vlan.Last });
        }
    }
}

/// <summary>Tunnels of VLANs that are added or deleted.</summary>
internal readonly record struct BridgeVlanTunnelRequest(BridgeVlanTunnel Tunnel) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        BridgeVlanRange.Check(Tunnel.InterfaceIndex, Tunnel.First, Tunnel.Last);
        LinkValue.Vni(Tunnel.TunnelId + (uint)(Tunnel.Last - Tunnel.First));
        writer.WriteHeader(BridgeVlanRange.Header(Tunnel.InterfaceIndex));
        using (writer.Nest(LinkAttribute.IFLA_AF_SPEC))
        {
            if (Tunnel.First == Tunnel.Last)
            {
                Write(writer, Tunnel.First, Tunnel.TunnelId, BridgeVlanFlags.None);
                return;
            }

            Write(writer, Tunnel.First, Tunnel.TunnelId, BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_BEGIN);
            Write(writer, Tunnel.Last, Tunnel.TunnelId + (uint)(Tunnel.Last - Tunnel.First), BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_END);
        }
    }

    private static void Write(MessageWriter writer, int vlan, uint tunnel, BridgeVlanFlags flags)
    {
        using (writer.Nest(BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_TUNNEL_INFO))
        {
            writer.Write(BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_ID, tunnel);
            writer.Write(BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_VID, (ushort)vlan);
            writer.Write(BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_FLAGS, flags);
        }
    }
}

/// <summary>The VLANs of all bridges and their ports, several that follow each other as one.</summary>
internal readonly record struct ListBridgeVlansRequest : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new LinkHeader { ifi_family = NetlinkConstants.AF_BRIDGE });
        writer.Write(LinkAttribute.IFLA_EXT_MASK, LinkExtensionMask.RTEXT_FILTER_BRVLAN_COMPRESSED);
    }
}

/// <summary>What VLANs and their tunnels have in common on the wire.</summary>
internal static class BridgeVlanRange
{
    public static LinkHeader Header(int index) => new() { ifi_family = NetlinkConstants.AF_BRIDGE, ifi_index = index };

    public static void Check(int index, int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        if (LinkValue.VlanId(first) > LinkValue.VlanId(last))
            throw new ArgumentException($"VLANs from {first} to {last} are none.");
    }

    /// <summary>Reads an answer of AF_BRIDGE.</summary>
    public static void Read(ReadOnlySpan<byte> body, List<BridgeVlan> vlans, List<BridgeVlanTunnel> tunnels)
    {
        LinkHeader header = Message.ReadFixed<LinkHeader>(body, out AttributeReader attributes);
        int master = 0;
        AttributeReader inner = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)LinkAttribute.IFLA_MASTER)
                master = attribute.Number<int>();
            else if (attribute.Type == (ushort)LinkAttribute.IFLA_AF_SPEC)
                inner = attribute.Attributes;
        }

        int first = 0;
        (int Vlan, uint Id) firstTunnel = default;
        foreach (Wire.Attribute attribute in inner)
        {
            if (attribute.Type == (ushort)BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_INFO)
            {
                BridgeVlanData data = attribute.Number<BridgeVlanData>();
                if (data.flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_BEGIN))
                {
                    first = data.vid;
                    continue;
                }

                // br_fill_ifinfo names a bridge as its own master.
                vlans.Add(new BridgeVlan(header.ifi_index, data.flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_END) ? first : data.vid, data.vid)
                {
                    IsOfBridge = master == header.ifi_index,
                    IsDefault = data.flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_PVID),
                    IsUntagged = data.flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_UNTAGGED),
                });
            }
            else if (attribute.Type == (ushort)BridgeFamilyAttribute.IFLA_BRIDGE_VLAN_TUNNEL_INFO)
            {
                ReadTunnel(attribute.Attributes, out int vlan, out uint id, out BridgeVlanFlags flags);
                if (flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_BEGIN))
                {
                    firstTunnel = (vlan, id);
                    continue;
                }

                (int Vlan, uint Id) begin = flags.HasFlag(BridgeVlanFlags.BRIDGE_VLAN_INFO_RANGE_END) ? firstTunnel : (vlan, id);
                tunnels.Add(new BridgeVlanTunnel(header.ifi_index, begin.Vlan, vlan, begin.Id));
            }
        }
    }

    private static void ReadTunnel(AttributeReader attributes, out int vlan, out uint id, out BridgeVlanFlags flags)
    {
        vlan = 0;
        id = 0;
        flags = BridgeVlanFlags.None;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((BridgeVlanTunnelAttribute)attribute.Type)
            {
                case BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_ID:
                    id = attribute.Number<uint>();
                    break;
                case BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_VID:
                    vlan = attribute.Number<ushort>();
                    break;
                case BridgeVlanTunnelAttribute.IFLA_BRIDGE_VLAN_TUNNEL_FLAGS:
                    flags = attribute.Number<BridgeVlanFlags>();
                    break;
            }
        }
    }
}
