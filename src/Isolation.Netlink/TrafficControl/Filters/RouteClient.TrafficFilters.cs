using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The filters of a discipline or class, with the counters of their actions. The kernel does the filtering. Hash tables of u32 are not listed.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="parent">Where they stand, as in <see cref="TrafficFilter.Parent"/>. A place that there is not has none.</param>
    /// <param name="chain">The chain; null for all.</param>
    /// <param name="priority">The priority; 0 for all.</param>
    public Listing<TrafficFilter> ListTrafficFilters(int interfaceIndex, TrafficHandle parent, int? chain = null, int priority = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, ushort.MaxValue);
        using Dump dump = _connection.Dump(
            new RequestDescription(RouteMessageType.RTM_GETTFILTER, 0, $"list the filters of link {interfaceIndex} at", parent),
            new TrafficFiltersRequest(interfaceIndex, parent, chain, priority));
        var filters = new List<TrafficFilter>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            if (TrafficFilter.Read(body) is { } filter)
                filters.Add(filter);
        }

        return new Listing<TrafficFilter>(filters, dump.IsInterrupted);
    }
}
