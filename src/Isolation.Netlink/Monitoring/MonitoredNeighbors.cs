using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The neighbours of a monitor.</summary>
internal sealed class MonitoredNeighbors(bool remembers) : MonitoredTable<NeighborKey, Neighbor>(remembers)
{
    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_NEIGH];

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        if ((RouteMessageType)message.Header.nlmsg_type is not (RouteMessageType.RTM_NEWNEIGH or RouteMessageType.RTM_DELNEIGH))
            return false;

        // Bridges tell of their forwarding entries in the same group.
        if (message.Body.Length > 0 && message.Body[0] is not (NetlinkConstants.AF_INET or NetlinkConstants.AF_INET6))
            return true;
        var value = Neighbor.Read(message.Body);
        if (message.Header.nlmsg_type == (ushort)RouteMessageType.RTM_NEWNEIGH)
            Put(value, origin, changes);
        else
            Take(value, origin, changes);
        return true;
    }

    private protected override NeighborKey KeyOf(Neighbor value) => NeighborKey.Of(value);

    private protected override Listing<Neighbor> ListAll(RouteClient client) => client.ListNeighbors();

    // How long ago something was, and how often it was tried, changes all the time.
    private protected override bool AreSame(Neighbor before, Neighbor now, TimeSpan between)
        => before with { Times = null, Probes = 0 } == now with { Times = null, Probes = 0 };

    private protected override NetworkEvent ToChange(Neighbor value, Neighbor? previous, in ChangeOrigin origin)
        => new NeighborChanged(value) { Previous = previous, Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(Neighbor value, in ChangeOrigin origin)
        => new NeighborRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };
}

/// <summary>What tells neighbours apart.</summary>
internal readonly record struct NeighborKey(int InterfaceIndex, IPAddress Address, bool IsProxy)
{
    public static NeighborKey Of(Neighbor neighbor) => new(neighbor.InterfaceIndex, neighbor.Address, neighbor.Flags.HasFlag(NeighborFlags.Proxy));
}
