using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink;

/// <summary>A way for packets with an id of its own, which routes and others name, or a group of such (ip-nexthop(8)). What a list returns can be deleted.</summary>
/// <param name="Id">The id; 0 for the kernel's choice of a new one.</param>
public sealed partial record NextHopObject(int Id)
{
    /// <summary>The router; null when the destination is on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The index of the link that packets leave by; 0 for none.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Of which routes it is, where the gateway does not tell: IPv4 or IPv6; null for IPv4, and for both of a group.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>Packets are dropped.</summary>
    public bool IsBlackhole { get; init; }

    /// <summary>It is for forwarding entries of VXLAN links, not for routes.</summary>
    public bool IsForForwarding { get; init; }

    /// <summary>The gateway is on the link, whatever the addresses say (RTNH_F_ONLINK).</summary>
    public bool IsOnLink { get; init; }

    /// <summary>What packets are wrapped into; null for nothing.</summary>
    public RouteEncapsulation? Encapsulation { get; init; }

    /// <summary>The members of a group; empty for a single one.</summary>
    public ImmutableArray<NextHopGroupMember> Group { get; init; } = [];

    /// <summary>Makes the group a resilient one, which keeps connections on their ways when members change; null for one by hashes.</summary>
    public ResilientGroup? Resilient { get; init; }

    /// <summary>Who made it; null for unknown.</summary>
    public RouteProtocol? Protocol { get; init; }

    /// <summary>How far the gateway is.</summary>
    public RouteScope Scope { get; internal init; }

    /// <summary>What the kernel tells of it.</summary>
    public RouteFlags Flags { get; internal init; }

    /// <summary>Compares all properties, the members one by one.</summary>
    public bool Equals(NextHopObject? other)
        => other is not null
            && (Id, InterfaceIndex, Family, IsBlackhole, IsForForwarding, IsOnLink) == (other.Id, other.InterfaceIndex, other.Family, other.IsBlackhole, other.IsForForwarding, other.IsOnLink)
            && (Protocol, Scope, Flags) == (other.Protocol, other.Scope, other.Flags)
            && Equals(Gateway, other.Gateway) && Encapsulation == other.Encapsulation && Resilient == other.Resilient
            && Group.AsSpan().SequenceEqual(other.Group.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, InterfaceIndex, Gateway, Group.Length);

    /// <summary>As ip(8) writes it, in short: <c>id 1 via 10.0.0.1</c>.</summary>
    public override string ToString()
    {
        string what = IsBlackhole ? " blackhole" : Gateway is not null ? $" via {Gateway}" : Group.IsDefaultOrEmpty ? "" : " group " + string.Join('/', Group.Select(m => m.Id));
        return string.Create(CultureInfo.InvariantCulture, $"id {Id}{what}");
    }
}

/// <summary>A member of a group of next-hop objects.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Weight">How many of the packets, in comparison with the other members: 1 to 256, and since Linux 6.12 to 65536.</param>
public readonly record struct NextHopGroupMember(int Id, int Weight = 1);

/// <summary>Settings of a resilient group (ip-nexthop(8)). Times have steps of 10 ms.</summary>
public sealed record ResilientGroup
{
    /// <summary>How many buckets the connections are spread over; null for the kernel's choice, 128.</summary>
    public ushort? Buckets { get; init; }

    /// <summary>How long a bucket has to be quiet until it can change its way; null for the kernel's choice, 120 s.</summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>How long the group may be out of balance until buckets change their way that are not quiet; zero, or null, for ever.</summary>
    public TimeSpan? UnbalancedLimit { get; init; }

    /// <summary>For how long the group has been out of balance; zero when it is not.</summary>
    public TimeSpan UnbalancedTime { get; internal init; }
}

/// <summary>A bucket of a resilient group.</summary>
/// <param name="GroupId">The id of the group.</param>
/// <param name="Index">Its place in the group.</param>
/// <param name="NextHopId">The id of the member that it uses.</param>
/// <param name="IdleTime">For how long it has been quiet.</param>
public readonly record struct NextHopBucket(int GroupId, int Index, int NextHopId, TimeSpan IdleTime);
