namespace Isolation.Netlink;

/// <summary>IPv6: which of several default routers is preferred (ICMPV6_ROUTER_PREF_* of linux/icmpv6.h; RFC 4191).</summary>
public enum RoutePreference : byte
{
    /// <summary>As most are (ICMPV6_ROUTER_PREF_MEDIUM).</summary>
    Medium = 0,

    /// <summary>Before others (ICMPV6_ROUTER_PREF_HIGH).</summary>
    High = 1,

    /// <summary>An invalid value that was received (ICMPV6_ROUTER_PREF_INVALID).</summary>
    Invalid = 2,

    /// <summary>After others (ICMPV6_ROUTER_PREF_LOW).</summary>
    Low = 3,
}
