using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a neighbour.</summary>
    /// <exception cref="NetlinkException">EEXIST: it is known already; ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void AddNeighbor(Neighbor neighbor) => Submit(neighbor, RouteMessageType.RTM_NEWNEIGH, Create, "add the neighbour");

    /// <summary>Changes a neighbour.</summary>
    /// <exception cref="NetlinkException">ENOENT: it is not known; ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void ChangeNeighbor(Neighbor neighbor) => Submit(neighbor, RouteMessageType.RTM_NEWNEIGH, NetlinkMessageFlags.NLM_F_REPLACE, "change the neighbour");

    /// <summary>Adds or changes a neighbour.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void ReplaceNeighbor(Neighbor neighbor) => Submit(neighbor, RouteMessageType.RTM_NEWNEIGH, CreateOrReplace, "replace the neighbour");

    /// <summary>Adds a neighbour, and leaves the hardware address alone of one that is known.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void AppendNeighbor(Neighbor neighbor) => Submit(neighbor, RouteMessageType.RTM_NEWNEIGH, CreateAfter, "append the neighbour");

    /// <summary>Deletes a neighbour. Link, address and <see cref="NeighborFlags.Proxy"/> say which.</summary>
    /// <exception cref="NetlinkException">ENOENT: it is not known; ENODEV: there is no such link.</exception>
    public void DeleteNeighbor(Neighbor neighbor) => Submit(neighbor, RouteMessageType.RTM_DELNEIGH, 0, "delete the neighbour");

    private void Submit(Neighbor neighbor, RouteMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(neighbor);
        Submit(new RequestDescription(type, flags, operation, neighbor), neighbor);
    }
}
