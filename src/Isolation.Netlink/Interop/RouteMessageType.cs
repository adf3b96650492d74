namespace Isolation.Netlink.Interop;

/// <summary>The messages of rtnetlink(7), from linux/rtnetlink.h.</summary>
[KernelHeader("linux/rtnetlink.h")]
internal enum RouteMessageType : ushort
{
    RTM_NEWLINK = 16,
    RTM_DELLINK = 17,
    RTM_GETLINK = 18,
    RTM_NEWADDR = 20,
    RTM_DELADDR = 21,
    RTM_GETADDR = 22,
    RTM_NEWROUTE = 24,
    RTM_DELROUTE = 25,
    RTM_GETROUTE = 26,
    RTM_NEWNEIGH = 28,
    RTM_DELNEIGH = 29,
    RTM_GETNEIGH = 30,
    RTM_NEWRULE = 32,
    RTM_DELRULE = 33,
    RTM_GETRULE = 34,
    RTM_GETMULTICAST = 58,
    RTM_GETANYCAST = 62,
    RTM_GETNEIGHTBL = 66,
    RTM_NEWNEXTHOP = 104,
    RTM_DELNEXTHOP = 105,
    RTM_GETNEXTHOP = 106,
    RTM_NEWLINKPROP = 108,
    RTM_DELLINKPROP = 109,
    RTM_GETNEXTHOPBUCKET = 118,
}
