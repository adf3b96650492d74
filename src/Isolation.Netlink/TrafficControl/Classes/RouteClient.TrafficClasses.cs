using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The classes of a link, with their counters. A link that there is not has none.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="qdisc">The discipline that they belong to; none for all. The kernel does the filtering.</param>
    public Listing<TrafficClass> ListTrafficClasses(int interfaceIndex, TrafficHandle qdisc = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETTCLASS, 0, "list the classes of link", interfaceIndex), new TrafficPlaceRequest(interfaceIndex, qdisc));
        var classes = new List<TrafficClass>();
        foreach (ReadOnlySpan<byte> body in dump)
            classes.Add(TrafficClass.Read(body));
        return new Listing<TrafficClass>(classes, dump.IsInterrupted);
    }
}
