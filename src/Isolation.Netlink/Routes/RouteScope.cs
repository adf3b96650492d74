namespace Isolation.Netlink;

/// <summary>How far a destination or an address is (enum rt_scope_t of linux/rtnetlink.h). Other numbers are free for use.</summary>
public enum RouteScope : byte
{
    /// <summary>Anywhere (RT_SCOPE_UNIVERSE).</summary>
    Universe = 0,

    /// <summary>In this site (RT_SCOPE_SITE).</summary>
    Site = 200,

    /// <summary>On the link itself (RT_SCOPE_LINK).</summary>
    Link = 253,

    /// <summary>In this host (RT_SCOPE_HOST).</summary>
    Host = 254,

    /// <summary>Nowhere (RT_SCOPE_NOWHERE).</summary>
    Nowhere = 255,
}
