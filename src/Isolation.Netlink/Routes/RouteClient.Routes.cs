using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The routes of the network namespace, IPv4 before IPv6. A table that does not exist has none.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<Route> ListRoutes(RouteFilter? filter = null)
    {
        filter ??= RouteFilter.All;
        var routes = new List<Route>();
        bool isInterrupted = false;
        foreach (AddressFamily family in (ReadOnlySpan<AddressFamily>)[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            if (filter.Family is null || filter.Family == family)
                isInterrupted |= ListRoutes(new ListRoutesRequest(family, filter), routes);
        }

        return new Listing<Route>(routes, isInterrupted);
    }

    private bool ListRoutes(ListRoutesRequest request, List<Route> routes)
    {
        try
        {
            using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETROUTE, 0, "list routes", null), request);
            foreach (ReadOnlySpan<byte> body in dump)
                routes.Add(Route.Read(body));
            return dump.IsInterrupted;
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENOENT && request.Filter.Table is not null)
        {
            // The kernel makes a table with its first route.
            return false;
        }
    }
}
