using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The addresses of the network namespace's links.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListAddresses(AddressFilter? filter = null) => ListAddresses(RouteMessageType.RTM_GETADDR, "list addresses", filter);

    /// <summary>The multicast groups that the links have joined (ip-maddress(8)). Before Linux 6.14 the kernel tells those of IPv6 only.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListMulticastGroups(AddressFilter? filter = null) => ListAddresses(RouteMessageType.RTM_GETMULTICAST, "list multicast groups", filter);

    /// <summary>The anycast addresses of the links, which the kernel tells of IPv6 only.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListAnycastAddresses(AddressFilter? filter = null) => ListAddresses(RouteMessageType.RTM_GETANYCAST, "list anycast addresses", filter);

    private Listing<InterfaceAddress> ListAddresses(RouteMessageType type, string operation, AddressFilter? filter)
    {
        using Dump dump = _connection.Dump(new RequestDescription(type, 0, operation, null), filter ?? AddressFilter.All);
        var addresses = new List<InterfaceAddress>();
        foreach (ReadOnlySpan<byte> body in dump)
            addresses.Add(InterfaceAddress.Read(body));
        return new Listing<InterfaceAddress>(addresses, dump.IsInterrupted);
    }
}
