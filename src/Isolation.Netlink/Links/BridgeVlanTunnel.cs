namespace Isolation.Netlink;

/// <summary>VLANs of a port of a bridge that are tunnels' networks (bridge(8), vlan tunnel_info). The port must have <see cref="BridgePort.VlanTunnel"/>.</summary>
/// <param name="InterfaceIndex">The index of the port, a VXLAN with <see cref="VxlanLink.External"/>.</param>
/// <param name="First">The first VLAN: 1 to 4094.</param>
/// <param name="Last">The last VLAN.</param>
/// <param name="TunnelId">The network of the first one, of 24 bits (VNI). Those of the others follow.</param>
public sealed record BridgeVlanTunnel(int InterfaceIndex, int First, int Last, uint TunnelId)
{
    /// <summary>In short: <c>10-20</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
