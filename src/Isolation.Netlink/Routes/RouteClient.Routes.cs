using System.Net;
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
        var routes = new List<Route>();
        using SpanListing<RouteEntry> entries = EnumerateRoutes(filter);
        foreach (RouteEntry entry in entries)
            routes.Add(entry.ToRoute());
        return new Listing<Route>(routes, entries.IsInterrupted);
    }

    /// <summary>The same, read one by one where they were received: nothing is allocated for a route.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public SpanListing<RouteEntry> EnumerateRoutes(RouteFilter? filter = null)
    {
        filter ??= RouteFilter.All;
        Dump? first = Dump(AddressFamily.InterNetwork);
        try
        {
            return new SpanListing<RouteEntry>(first, Dump(AddressFamily.InterNetworkV6));
        }
        catch
        {
            first?.Dispose();
            throw;
        }

        Dump? Dump(AddressFamily family) => filter.Family is null || filter.Family == family ? DumpRoutes(new ListRoutesRequest(family, filter)) : null;
    }

    /// <summary>The way that a packet to a destination would go now, with its source address.</summary>
    /// <exception cref="NetlinkException">ENETUNREACH: none; EHOSTUNREACH, EACCES, EINVAL: a route or a rule refuses it.</exception>
    public Route GetRoute(IPAddress destination) => GetRoute(new RouteQuery(destination));

    /// <summary>The way that a packet would go now.</summary>
    /// <exception cref="NetlinkException">ENETUNREACH: none; EHOSTUNREACH, EACCES, EINVAL: a route or a rule refuses it; ENODEV: there is no such link.</exception>
    public Route GetRoute(RouteQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _connection.Get(new RequestDescription(RouteMessageType.RTM_GETROUTE, 0, "get the route to", query), query, Route.Read);
    }

    // A kernel without IPv6 answers with what it has, the routes of IPv4.
    private static bool IsOf(AddressFamily family, Dump dump)
    {
        foreach (ReadOnlySpan<byte> body in dump)
            return Message.ReadFixed<RouteHeader>(body, out _).rtm_family == IPFamily.ToKernel(family);
        return true;
    }

    private Dump? DumpRoutes(ListRoutesRequest request)
    {
        try
        {
            Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETROUTE, 0, "list routes", null), request);
            if (IsOf(request.Family, dump))
                return dump;
            dump.Dispose();
            return null;
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENOENT && request.Filter.Table is not null)
        {
            // The kernel makes a table with its first route.
            return null;
        }
    }
}
