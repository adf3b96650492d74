using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>A neighbour.</summary>
    /// <param name="interfaceIndex">The index of its link.</param>
    /// <param name="address">Its address.</param>
    /// <param name="isProxy">It is one that this host answers for.</param>
    /// <exception cref="NetlinkException">ENOENT: it is not known; ENODEV: there is no such link.</exception>
    public Neighbor GetNeighbor(int interfaceIndex, IPAddress address, bool isProxy = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        ArgumentNullException.ThrowIfNull(address);
        return _connection.Get(new RequestDescription(RouteMessageType.RTM_GETNEIGH, 0, "get the neighbour", address), new GetNeighborRequest(interfaceIndex, address, isProxy), Neighbor.Read);
    }

    /// <summary>The neighbours of the network namespace's links, also those that need not be asked, such as groups.</summary>
    public Listing<Neighbor> ListNeighbors(NeighborFilter? filter = null)
    {
        var neighbors = new List<Neighbor>();
        using SpanListing<NeighborEntry> entries = EnumerateNeighbors(filter);
        foreach (NeighborEntry entry in entries)
            neighbors.Add(entry.ToNeighbor());
        return new Listing<Neighbor>(neighbors, entries.IsInterrupted);
    }

    /// <summary>The same, read one by one where they were received: nothing is allocated for a neighbour.</summary>
    public SpanListing<NeighborEntry> EnumerateNeighbors(NeighborFilter? filter = null)
        => new(_connection.Dump(new RequestDescription(RouteMessageType.RTM_GETNEIGH, 0, "list neighbours", null), filter ?? NeighborFilter.All));

    /// <summary>What the kernel does with neighbours: for each family its limits, and the times of each link.</summary>
    public Listing<NeighborTable> ListNeighborTables()
    {
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETNEIGHTBL, 0, "list the tables of neighbours", null), default(ListNeighborTablesRequest));
        var tables = new List<NeighborTable>();
        foreach (ReadOnlySpan<byte> body in dump)
            tables.Add(NeighborTable.Read(body));
        return new Listing<NeighborTable>(tables, dump.IsInterrupted);
    }

    private readonly record struct ListNeighborTablesRequest : IRequestBody
    {
        public void WriteTo(MessageWriter writer) => writer.WriteHeader(default(NeighborTableHeader));
    }
}
