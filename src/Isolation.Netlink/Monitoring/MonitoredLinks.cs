using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The links of a monitor.</summary>
internal sealed class MonitoredLinks(bool remembers) : MonitoredTable<int, Link>(remembers)
{
    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_LINK];

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        if ((RouteMessageType)message.Header.nlmsg_type is not (RouteMessageType.RTM_NEWLINK or RouteMessageType.RTM_DELLINK))
            return false;

        // A bridge tells of its ports in the same group; RTM_DELLINK means there that a link left the bridge.
        if (message.Body.Length > 0 && message.Body[0] == MonitorConstants.AF_BRIDGE)
            return true;
        var link = Link.Read(message.Body);
        if (message.Header.nlmsg_type == (ushort)RouteMessageType.RTM_NEWLINK)
            Put(link, origin, changes);
        else
            Take(link, origin, changes);
        return true;
    }

    private protected override int KeyOf(Link value) => value.Index;

    private protected override Listing<Link> ListAll(RouteClient client) => client.ListLinks();

    // Counters change all the time, and nobody is told of that.
    private protected override bool AreSame(Link before, Link now, TimeSpan between)
        => before with { Statistics = default, AlternativeNames = [], Kind = null } == now with { Statistics = default, AlternativeNames = [], Kind = null }
            && before.AlternativeNames.SequenceEqual(now.AlternativeNames)
            && AreSame(before.Kind, now.Kind);

    private static bool AreSame(LinkKind? before, LinkKind? now)
        => (before, now) is (GenericLink a, GenericLink b) ? a.Name == b.Name && a.Data.Span.SequenceEqual(b.Data.Span) : before == now;

    private protected override NetworkEvent ToChange(Link value, Link? previous, in ChangeOrigin origin)
        => new LinkChanged(value) { Previous = previous, Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(Link value, in ChangeOrigin origin)
        => new LinkRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };
}
