using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The addresses of a monitor.</summary>
internal sealed class MonitoredAddresses(bool remembers) : MonitoredTable<AddressKey, InterfaceAddress>(remembers)
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    public override ReadOnlySpan<MulticastGroup> Groups => [MulticastGroup.RTNLGRP_IPV4_IFADDR, MulticastGroup.RTNLGRP_IPV6_IFADDR];

    private protected override bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        switch ((RouteMessageType)message.Header.nlmsg_type)
        {
            case RouteMessageType.RTM_NEWADDR:
                Put(InterfaceAddress.Read(message.Body), origin, changes);
                return true;
            case RouteMessageType.RTM_DELADDR:
                Take(InterfaceAddress.Read(message.Body), origin, changes);
                return true;
            default:
                return false;
        }
    }

    private protected override AddressKey KeyOf(InterfaceAddress value) => AddressKey.Of(value);

    private protected override Listing<InterfaceAddress> ListAll(RouteClient client) => client.ListAddresses();

    // The kernel tells what is left of a lifetime, which is less each time.
    private protected override bool AreSame(InterfaceAddress before, InterfaceAddress now, TimeSpan between)
        => before with { ValidLifetime = null, PreferredLifetime = null } == now with { ValidLifetime = null, PreferredLifetime = null }
            && EndTogether(before.ValidLifetime, now.ValidLifetime, between)
            && EndTogether(before.PreferredLifetime, now.PreferredLifetime, between);

    private static bool EndTogether(TimeSpan? before, TimeSpan? now, TimeSpan between)
        => (before, now) is ({ } first, { } second)
            ? ((first > between ? first - between : TimeSpan.Zero) - second).Duration() <= s_tolerance
            : before is null && now is null;

    private protected override NetworkEvent ToChange(InterfaceAddress value, InterfaceAddress? previous, in ChangeOrigin origin)
        => new AddressChanged(value) { Previous = previous, Source = origin.Source, RequesterPortId = origin.PortId };

    private protected override NetworkEvent ToRemoval(InterfaceAddress value, in ChangeOrigin origin)
        => new AddressRemoved(value) { Source = origin.Source, RequesterPortId = origin.PortId };
}

/// <summary>What tells addresses apart: an IPv4 address can be there with several prefixes and other ends, an IPv6 one only once on a link.</summary>
internal readonly record struct AddressKey(int InterfaceIndex, IPAddress Address, int PrefixLength, IPAddress? Peer)
{
    public static AddressKey Of(InterfaceAddress address)
        => address.Address.AddressFamily == AddressFamily.InterNetworkV6
            ? new AddressKey(address.InterfaceIndex, address.Address, 0, null)
            : new AddressKey(address.InterfaceIndex, address.Address, address.PrefixLength, address.Peer);
}
