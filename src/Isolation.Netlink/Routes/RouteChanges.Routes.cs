using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    private protected const NetlinkMessageFlags CreateAfter = NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_APPEND;

    /// <summary>Adds a route.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is such a route; ENETUNREACH: the gateway is not to be reached; ENODEV, EINVAL: the kernel refuses it.</exception>
    public void AddRoute(Route route) => SubmitNew(route, Create, "add the route");

    /// <summary>Adds a route, even if there is one with the same destination and metric: IPv4 tries the new one after it, IPv6 makes both ways of one route.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is this very route; ENETUNREACH: the gateway is not to be reached; ENODEV, EINVAL: the kernel refuses it.</exception>
    public void AppendRoute(Route route) => SubmitNew(route, CreateAfter, "append the route");

    /// <summary>As <see cref="AppendRoute"/>, but IPv4 tries the new one before the others.</summary>
    /// <exception cref="NetlinkException">As <see cref="AppendRoute"/>.</exception>
    public void PrependRoute(Route route) => SubmitNew(route, NetlinkMessageFlags.NLM_F_CREATE, "prepend the route");

    /// <summary>Puts a route in the place of the one with the same destination and metric.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; ENETUNREACH: the gateway is not to be reached; ENODEV, EINVAL: the kernel refuses it.</exception>
    public void ChangeRoute(Route route) => SubmitNew(route, NetlinkMessageFlags.NLM_F_REPLACE, "change the route");

    /// <summary>Adds a route, or puts it in the place of the one with the same destination and metric.</summary>
    /// <exception cref="NetlinkException">ENETUNREACH: the gateway is not to be reached; ENODEV, EINVAL: the kernel refuses it.</exception>
    public void ReplaceRoute(Route route) => SubmitNew(route, CreateOrReplace, "replace the route");

    /// <summary>Deletes the first route that matches what is given.</summary>
    /// <exception cref="NetlinkException">ESRCH: there is none.</exception>
    public void DeleteRoute(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        Submit(new RequestDescription(RouteMessageType.RTM_DELROUTE, 0, "delete the route", route), new DeleteRouteRequest(route));
    }

    private void SubmitNew(Route route, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(route);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWROUTE, flags, operation, route), new NewRouteRequest(route));
    }
}
