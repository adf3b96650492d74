using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Lets a port of a bridge, or the bridge itself, take part in VLANs. What it takes part in already is changed.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EOPNOTSUPP: it is no port of a bridge, or the kernel's bridges know no VLANs.</exception>
    public void AddBridgeVlan(BridgeVlan vlan)
    {
        ArgumentNullException.ThrowIfNull(vlan);
        Submit(new RequestDescription(RouteMessageType.RTM_SETLINK, 0, "add the bridge VLAN", vlan), new BridgeVlanRequest(vlan));
    }

    /// <summary>Lets a port of a bridge, or the bridge itself, no longer take part in VLANs. Those that it does not take part in are no error.</summary>
    /// <exception cref="NetlinkException">As <see cref="AddBridgeVlan"/>.</exception>
    public void DeleteBridgeVlan(BridgeVlan vlan)
    {
        ArgumentNullException.ThrowIfNull(vlan);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete the bridge VLAN", vlan), new BridgeVlanRequest(vlan));
    }

    /// <summary>Makes VLANs of a port of a bridge networks of a tunnel.</summary>
    /// <exception cref="NetlinkException">EINVAL: the port has no <see cref="BridgePort.VlanTunnel"/>, or does not take part in the VLAN.</exception>
    public void AddBridgeVlanTunnel(BridgeVlanTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Submit(new RequestDescription(RouteMessageType.RTM_SETLINK, 0, "add the bridge VLAN tunnel", tunnel), new BridgeVlanTunnelRequest(tunnel));
    }

    /// <summary>Makes VLANs of a port of a bridge networks of a tunnel no longer.</summary>
    /// <exception cref="NetlinkException">As <see cref="AddBridgeVlanTunnel"/>.</exception>
    public void DeleteBridgeVlanTunnel(BridgeVlanTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete the bridge VLAN tunnel", tunnel), new BridgeVlanTunnelRequest(tunnel));
    }
}
