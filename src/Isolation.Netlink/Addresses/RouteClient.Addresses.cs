using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The addresses of the network namespace's links.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListAddresses(AddressFilter? filter = null)
    {
        var addresses = new List<InterfaceAddress>();
        bool isInterrupted = ListAddresses(RouteMessageType.RTM_GETADDR, "list addresses", filter ?? AddressFilter.All, addresses);
        return new Listing<InterfaceAddress>(addresses, isInterrupted);
    }

    /// <summary>The multicast groups that the links have joined (ip-maddress(8)). Before Linux 6.14 the kernel tells those of IPv6 only.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListMulticastGroups(AddressFilter? filter = null) => ListByFamily(RouteMessageType.RTM_GETMULTICAST, "list multicast groups", filter);

    /// <summary>The anycast addresses of the links, which the kernel tells of IPv6 only.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListAnycastAddresses(AddressFilter? filter = null) => ListByFamily(RouteMessageType.RTM_GETANYCAST, "list anycast addresses", filter);

    // The kernel has no answer for both families together, and for IPv4 none or not always.
    private Listing<InterfaceAddress> ListByFamily(RouteMessageType type, string operation, AddressFilter? filter)
    {
        filter ??= AddressFilter.All;
        var addresses = new List<InterfaceAddress>();
        bool isInterrupted = false;
        foreach (AddressFamily family in (ReadOnlySpan<AddressFamily>)[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            if (filter.Family is { } asked && asked != family)
                continue;
            try
            {
                isInterrupted |= ListAddresses(type, operation, filter with { Family = family }, addresses);
            }
            catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP && family == AddressFamily.InterNetwork)
            {
            }
        }

        return new Listing<InterfaceAddress>(addresses, isInterrupted);
    }

    private bool ListAddresses(RouteMessageType type, string operation, AddressFilter filter, List<InterfaceAddress> addresses)
    {
        using Dump dump = _connection.Dump(new RequestDescription(type, 0, operation, null), filter);
        foreach (ReadOnlySpan<byte> body in dump)
            addresses.Add(InterfaceAddress.Read(body));
        return dump.IsInterrupted;
    }
}
