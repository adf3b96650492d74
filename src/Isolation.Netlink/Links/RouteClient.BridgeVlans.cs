using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The VLANs of all bridges and their ports. Several that follow each other and are alike are one entry.</summary>
    /// <param name="interfaceIndex">The index of the port or bridge; null for all.</param>
    public Listing<BridgeVlan> ListBridgeVlans(int? interfaceIndex = null)
    {
        bool isInterrupted = ListBridgeVlans(out List<BridgeVlan> vlans, out _);
        return new Listing<BridgeVlan>(interfaceIndex is { } index ? vlans.FindAll(v => v.InterfaceIndex == index) : vlans, isInterrupted);
    }

    /// <summary>The VLANs of all ports of bridges that are networks of a tunnel.</summary>
    /// <param name="interfaceIndex">The index of the port; null for all.</param>
    public Listing<BridgeVlanTunnel> ListBridgeVlanTunnels(int? interfaceIndex = null)
    {
        bool isInterrupted = ListBridgeVlans(out _, out List<BridgeVlanTunnel> tunnels);
        return new Listing<BridgeVlanTunnel>(interfaceIndex is { } index ? tunnels.FindAll(t => t.InterfaceIndex == index) : tunnels, isInterrupted);
    }

    private bool ListBridgeVlans(out List<BridgeVlan> vlans, out List<BridgeVlanTunnel> tunnels)
    {
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "list bridge VLANs", null), default(ListBridgeVlansRequest));
        vlans = [];
        tunnels = [];
        foreach (ReadOnlySpan<byte> body in dump)
            BridgeVlanRange.Read(body, vlans, tunnels);
        return dump.IsInterrupted;
    }
}
