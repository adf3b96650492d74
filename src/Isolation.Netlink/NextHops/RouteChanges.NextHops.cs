using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a next-hop object.</summary>
    /// <exception cref="NetlinkException">EEXIST: the id is taken; ENODEV: there is no such link; ENETUNREACH: the gateway is not to be reached; EINVAL: the kernel refuses it.</exception>
    public void AddNextHop(NextHopObject nextHop) => Submit(nextHop, Create, "add the next hop");

    /// <summary>Adds a next-hop object, or puts it in the place of the one with its id; routes that name it follow.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; ENETUNREACH: the gateway is not to be reached; EINVAL: the kernel refuses it.</exception>
    public void ReplaceNextHop(NextHopObject nextHop) => Submit(nextHop, CreateOrReplace, "replace the next hop");

    /// <summary>Deletes a next-hop object, with the routes that name it, and takes it out of its groups.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none.</exception>
    public void DeleteNextHop(NextHopObject nextHop)
    {
        ArgumentNullException.ThrowIfNull(nextHop);
        DeleteNextHop(nextHop.Id);
    }

    /// <summary>Deletes a next-hop object by its id.</summary>
    /// <exception cref="NetlinkException">As <see cref="DeleteNextHop(NextHopObject)"/>.</exception>
    public void DeleteNextHop(int id)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        Submit(new RequestDescription(RouteMessageType.RTM_DELNEXTHOP, 0, "delete the next hop with id", id), new OneNextHopRequest(id));
    }

    private void Submit(NextHopObject nextHop, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(nextHop);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWNEXTHOP, flags, operation, nextHop), nextHop);
    }
}
