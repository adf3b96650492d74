using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The next-hop objects of a monitor.</summary>
internal sealed class MonitoredNextHops(bool remembers) : MonitoredTable<int, NextHopObject>(remembers)
{
    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_NEXTHOP];

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        if ((RouteMessageType)message.Header.nlmsg_type is not (RouteMessageType.RTM_NEWNEXTHOP or RouteMessageType.RTM_DELNEXTHOP))
            return false;
        var value = NextHopObject.Read(message.Body);
        if (message.Header.nlmsg_type == (ushort)RouteMessageType.RTM_NEWNEXTHOP)
            Put(value, origin, changes);
        else
            Take(value, origin, changes);
        return true;
    }

    private protected override int KeyOf(NextHopObject value) => value.Id;

    private protected override Listing<NextHopObject> ListAll(RouteClient client) => client.ListNextHops();

    // Flags and the time out of balance change without a message.
    private protected override bool AreSame(NextHopObject before, NextHopObject now, TimeSpan between) => WithoutState(before) == WithoutState(now);

    private static NextHopObject WithoutState(NextHopObject value) => value with { Flags = 0, Resilient = value.Resilient is { } resilient ? resilient with { UnbalancedTime = default } : null };

    /// <summary>The kernel deletes those of a link that is switched off or deleted without a message.</summary>
    public void Suspect(SilentRemovals removals) => IsStale |= removals.HasLinks && Remembers && Told.Any(n => removals.HasLink(n.InterfaceIndex));

    private protected override NetworkEvent ToChange(NextHopObject value, NextHopObject? previous, in ChangeOrigin origin)
        => new NextHopChanged(value) { Previous = previous, Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(NextHopObject value, in ChangeOrigin origin)
        => new NextHopRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };
}
