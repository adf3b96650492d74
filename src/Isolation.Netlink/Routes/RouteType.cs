namespace Isolation.Netlink;

/// <summary>What happens to a packet that a route matches (RTN_* of linux/rtnetlink.h; ip-route(8)).</summary>
public enum RouteType : byte
{
    /// <summary>Any, when deleting (RTN_UNSPEC).</summary>
    Unspecified = 0,

    /// <summary>It is sent on (RTN_UNICAST).</summary>
    Unicast = 1,

    /// <summary>It is for this host (RTN_LOCAL).</summary>
    Local = 2,

    /// <summary>It is broadcast (RTN_BROADCAST).</summary>
    Broadcast = 3,

    /// <summary>It is for this host, as one of several (RTN_ANYCAST).</summary>
    Anycast = 4,

    /// <summary>It is for a group (RTN_MULTICAST).</summary>
    Multicast = 5,

    /// <summary>It is dropped without a word (RTN_BLACKHOLE).</summary>
    Blackhole = 6,

    /// <summary>It is refused: no route to the host (RTN_UNREACHABLE).</summary>
    Unreachable = 7,

    /// <summary>It is refused: prohibited by the administrator (RTN_PROHIBIT).</summary>
    Prohibit = 8,

    /// <summary>The search goes on in another table (RTN_THROW).</summary>
    Throw = 9,
}
