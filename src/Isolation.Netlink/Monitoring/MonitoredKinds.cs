namespace Isolation.Netlink;

/// <summary>What a monitor tells of.</summary>
[Flags]
public enum MonitoredKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Links (RTNLGRP_LINK).</summary>
    Links = 1,

    /// <summary>Addresses of links (RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR).</summary>
    Addresses = 2,

    /// <summary>Routes of all tables (RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE).</summary>
    Routes = 4,

    /// <summary>Neighbours of IPv4 and IPv6; not the forwarding entries of bridges (RTNLGRP_NEIGH).</summary>
    Neighbors = 8,

    /// <summary>The rules for where routes are looked for (RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE).</summary>
    Rules = 16,

    /// <summary>Next-hop objects (RTNLGRP_NEXTHOP).</summary>
    NextHops = 32,

    /// <summary>All of these.</summary>
    All = Links | Addresses | Routes | Neighbors | Rules | NextHops,
}
