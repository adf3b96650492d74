using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The rules of a monitor.</summary>
internal sealed class MonitoredRules(bool remembers) : MonitoredTable<RoutingRule, RoutingRule>(remembers)
{
    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_IPV4_RULE, MulticastGroup.RTNLGRP_IPV6_RULE];

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        if ((RouteMessageType)message.Header.nlmsg_type is not (RouteMessageType.RTM_NEWRULE or RouteMessageType.RTM_DELRULE))
            return false;
        var value = RoutingRule.Read(message.Body);
        if (message.Header.nlmsg_type == (ushort)RouteMessageType.RTM_NEWRULE)
            Put(value, origin, changes);
        else
            Take(value, origin, changes);
        return true;
    }

    private protected override RoutingRule KeyOf(RoutingRule value) => RuleIdentity.Of(value);

    private protected override Listing<RoutingRule> ListAll(RouteClient client) => client.ListRules();

    private protected override NetworkEvent ToChange(RoutingRule value, RoutingRule? previous, in ChangeOrigin origin)
        => new RuleChanged(value) { Previous = previous, Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(RoutingRule value, in ChangeOrigin origin)
        => new RuleRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };
}

/// <summary>What tells rules apart: all of it but what the kernel says of its links, which come and go.</summary>
internal static class RuleIdentity
{
    public static RoutingRule Of(RoutingRule rule) => rule with { Flags = 0 };
}
