using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a filter.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one with its handle; ENOENT: the kernel has no such kind of filter or action; EINVAL: there is no such parent, or a value is refused.</exception>
    public void AddTrafficFilter(TrafficFilter filter) => SubmitFilter(filter, Create, "add the filter");

    /// <summary>Adds a filter, or puts it in the place of the one with its priority, protocol and handle. Without a handle it is always a new one.</summary>
    /// <exception cref="NetlinkException">ENOENT: the kernel has no such kind of filter or action; EINVAL: there is no such parent, a value is refused, or one of flower would get other keys or masks.</exception>
    public void ReplaceTrafficFilter(TrafficFilter filter) => SubmitFilter(filter, NetlinkMessageFlags.NLM_F_CREATE, "replace the filter");

    /// <summary>Deletes a filter; without a handle all of its priority.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EINVAL: there is no such parent, or it is of another kind.</exception>
    public void DeleteTrafficFilter(TrafficFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Submit(new RequestDescription(RouteMessageType.RTM_DELTFILTER, 0, "delete the filter", filter), new DeleteTrafficFilterRequest(filter));
    }

    /// <summary>Deletes all filters of a chain.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="parent">Where they stand, as in <see cref="TrafficFilter.Parent"/>.</param>
    /// <param name="chain">The chain.</param>
    /// <exception cref="NetlinkException">EINVAL: there is no such parent; ENOENT: there is no such chain, which is no error for chain 0.</exception>
    public void DeleteTrafficFilters(int interfaceIndex, TrafficHandle parent, int chain = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(chain);
        Submit(new RequestDescription(RouteMessageType.RTM_DELTFILTER, 0, $"delete all filters of link {interfaceIndex} at", parent), new TrafficFiltersRequest(interfaceIndex, parent, chain));
    }

    private void SubmitFilter(TrafficFilter filter, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(filter.InterfaceIndex);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWTFILTER, flags, operation, filter), new TrafficFilterRequest(filter));
    }
}
