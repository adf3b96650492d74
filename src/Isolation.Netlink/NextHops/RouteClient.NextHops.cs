using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>A next-hop object, by its id.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none.</exception>
    public NextHopObject GetNextHop(int id)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        return _connection.Get(new RequestDescription(RouteMessageType.RTM_GETNEXTHOP, 0, "get the next hop with id", id), new OneNextHopRequest(id), NextHopObject.Read);
    }

    /// <summary>The next-hop objects of the network namespace, by their ids.</summary>
    public Listing<NextHopObject> ListNextHops(NextHopFilter? filter = null)
    {
        filter ??= NextHopFilter.All;
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETNEXTHOP, 0, "list next hops", null), filter);
        var list = new List<NextHopObject>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            var nextHop = NextHopObject.Read(body);
            if (filter.Matches(nextHop))
                list.Add(nextHop);
        }

        return new Listing<NextHopObject>(list, dump.IsInterrupted);
    }

    /// <summary>The buckets of a resilient group, in their order.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such object; EINVAL: it is no resilient group.</exception>
    public Listing<NextHopBucket> ListNextHopBuckets(int groupId)
    {
        ArgumentOutOfRangeException.ThrowIfZero(groupId);
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETNEXTHOPBUCKET, 0, "list the buckets of the next hop with id", groupId), new OneNextHopRequest(groupId));
        var list = new List<NextHopBucket>();
        foreach (ReadOnlySpan<byte> body in dump)
            list.Add(NextHopObject.ReadBucket(body));
        return new Listing<NextHopBucket>(list, dump.IsInterrupted);
    }
}
