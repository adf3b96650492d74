using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>
/// What may have taken routes with it. The kernel sends no RTM_DELROUTE for IPv4 routes over a link that is switched off or
/// deleted, or that loses its last address, nor for routes by a next-hop object that is deleted, nor, before Linux 6.6, for those that
/// prefer an address as their source that is taken away; for IPv6, the sysctl net.ipv6.route.skip_notify_on_dev_down keeps it quiet too.
/// </summary>
internal sealed class SilentRemovals
{
    private readonly HashSet<int> _links = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private bool _nextHops;

    /// <summary>The groups that tell of it.</summary>
    public static ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_LINK, MulticastGroup.RTNLGRP_IPV4_IFADDR, MulticastGroup.RTNLGRP_IPV6_IFADDR, MulticastGroup.RTNLGRP_NEXTHOP];

    public bool Any => _nextHops || _links.Count > 0 || _addresses.Count > 0;

    public bool HasLinks => _links.Count > 0;

    public bool HasLink(int index) => _links.Contains(index);

    public void Note(in Message message)
    {
        switch (message.Header.nlmsg_type)
        {
            case (ushort)RouteMessageType.RTM_NEWLINK or (ushort)RouteMessageType.RTM_DELLINK:
                LinkHeader link = Message.ReadFixed<LinkHeader>(message.Body, out _);
                if (link.ifi_family != MonitorConstants.AF_BRIDGE && (message.Header.nlmsg_type == (ushort)RouteMessageType.RTM_DELLINK || (link.ifi_flags & (uint)LinkFlags.Up) == 0))
                    _links.Add(link.ifi_index);
                break;
            case (ushort)RouteMessageType.RTM_DELADDR:
                InterfaceAddress address = InterfaceAddress.Read(message.Body);
                _addresses.Add(address.Address);
                if (address.Address.AddressFamily == AddressFamily.InterNetwork)
                    _links.Add(address.InterfaceIndex);
                break;
            case MonitorConstants.RTM_DELNEXTHOP:
                _nextHops = true;
                break;
        }
    }

    public bool Concern(Route route)
        => (route.NextHopId is not null && (_nextHops || _links.Count > 0))
            || _links.Contains(route.InterfaceIndex)
            || (route.PreferredSource is not null && _addresses.Contains(route.PreferredSource))
            || ImmutableCollectionsMarshal.AsArray(route.NextHops)!.Any(h => _links.Contains(h.InterfaceIndex));

    public void Clear()
    {
        _links.Clear();
        _addresses.Clear();
        _nextHops = false;
    }
}
