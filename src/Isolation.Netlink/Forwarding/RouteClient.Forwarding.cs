using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>A forwarding entry.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="address">The hardware address.</param>
    /// <param name="isMaster">It is in the bridge of the link, not in the link itself.</param>
    /// <param name="vlan">Of a bridge: the VLAN; null for none.</param>
    /// <exception cref="NetlinkException">ENOENT: there is none; ENODEV: there is no such link; EOPNOTSUPP: it has no such table.</exception>
    public ForwardingEntry GetForwardingEntry(int interfaceIndex, PhysicalAddress address, bool isMaster = false, ushort? vlan = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        ArgumentNullException.ThrowIfNull(address);
        return _connection.Get(new RequestDescription(RouteMessageType.RTM_GETNEIGH, 0, "get the forwarding entry", address), new GetForwardingEntryRequest(interfaceIndex, address, vlan, isMaster), ForwardingEntry.Read);
    }

    /// <summary>The forwarding entries of the network namespace's links. A link that does not exist has none.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no bridge with the filter's index.</exception>
    public Listing<ForwardingEntry> ListForwardingEntries(ForwardingFilter? filter = null)
    {
        var list = new List<ForwardingEntry>();
        using SpanListing<ForwardingSpanEntry> entries = EnumerateForwardingEntries(filter);
        foreach (ForwardingSpanEntry entry in entries)
            list.Add(entry.ToForwardingEntry());
        return new Listing<ForwardingEntry>(list, entries.IsInterrupted);
    }

    /// <summary>The same, read one by one where they were received: nothing is allocated for an entry.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no bridge with the filter's index.</exception>
    public SpanListing<ForwardingSpanEntry> EnumerateForwardingEntries(ForwardingFilter? filter = null)
        => new(_connection.Dump(new RequestDescription(RouteMessageType.RTM_GETNEIGH, 0, "list forwarding entries", null), filter ?? ForwardingFilter.All));
}
