namespace Isolation.Netlink.Interop;

/// <summary>enum rtnetlink_groups, from linux/rtnetlink.h: what a socket can be told of without asking.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum MulticastGroup
{
    RTNLGRP_LINK = 1,
    RTNLGRP_NEIGH = 3,
    RTNLGRP_IPV4_IFADDR = 5,
    RTNLGRP_IPV4_ROUTE = 7,
    RTNLGRP_IPV4_RULE = 8,
    RTNLGRP_IPV6_IFADDR = 9,
    RTNLGRP_IPV6_ROUTE = 11,
    RTNLGRP_IPV6_RULE = 19,
    RTNLGRP_NEXTHOP = 32,
}
