using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The queueing disciplines of a link, or of all links, with their counters; the kernel's defaults with them, which have no handle.</summary>
    /// <param name="interfaceIndex">The index of the link; null for all. The kernel lists all of them in any case.</param>
    public Listing<Qdisc> ListQdiscs(int? interfaceIndex = null)
    {
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETQDISC, 0, "list qdiscs", null), new TrafficPlaceRequest(interfaceIndex ?? 0, TrafficHandle.None));
        var qdiscs = new List<Qdisc>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            if (interfaceIndex is null || Message.ReadFixed<TrafficHeader>(body, out _).tcm_ifindex == interfaceIndex)
                qdiscs.Add(Qdisc.Read(body));
        }

        return new Listing<Qdisc>(qdiscs, dump.IsInterrupted);
    }
}
