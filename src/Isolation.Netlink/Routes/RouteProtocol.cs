namespace Isolation.Netlink;

/// <summary>Who made a route (RTPROT_* of linux/rtnetlink.h). Other numbers are free for use: <c>/etc/iproute2/rt_protos</c>.</summary>
public enum RouteProtocol : byte
{
    /// <summary>Not known (RTPROT_UNSPEC).</summary>
    Unspecified = 0,

    /// <summary>An ICMP redirect (RTPROT_REDIRECT).</summary>
    Redirect = 1,

    /// <summary>The kernel itself, such as for an address's prefix (RTPROT_KERNEL).</summary>
    Kernel = 2,

    /// <summary>The start of the system; what ip(8) says (RTPROT_BOOT).</summary>
    Boot = 3,

    /// <summary>An administrator, for good (RTPROT_STATIC).</summary>
    Static = 4,

    /// <summary>A router's advertisement (RTPROT_RA).</summary>
    RouterAdvertisement = 9,

    /// <summary>DHCP (RTPROT_DHCP).</summary>
    Dhcp = 16,
}
