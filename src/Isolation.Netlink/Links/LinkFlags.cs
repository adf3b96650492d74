namespace Isolation.Netlink;

/// <summary>The state of a link (netdevice(7), IFF_*).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum LinkFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Switched on by the administrator (IFF_UP).</summary>
    Up = 0x1,

    /// <summary>It can broadcast (IFF_BROADCAST).</summary>
    Broadcast = 0x2,

    /// <summary>Its driver tells more than usual (IFF_DEBUG).</summary>
    Debug = 0x4,

    /// <summary>It is a loopback (IFF_LOOPBACK).</summary>
    Loopback = 0x8,

    /// <summary>It has one other end (IFF_POINTOPOINT).</summary>
    PointToPoint = 0x10,

    /// <summary>No trailers, which nobody uses any more (IFF_NOTRAILERS).</summary>
    NoTrailers = 0x20,

    /// <summary>It can be used (IFF_RUNNING).</summary>
    Running = 0x40,

    /// <summary>No neighbour discovery (IFF_NOARP).</summary>
    NoArp = 0x80,

    /// <summary>It takes what is for others too (IFF_PROMISC).</summary>
    Promiscuous = 0x100,

    /// <summary>It takes all multicasts (IFF_ALLMULTI).</summary>
    AllMulticast = 0x200,

    /// <summary>It is a bond or the like (IFF_MASTER).</summary>
    Master = 0x400,

    /// <summary>It belongs to a bond or the like (IFF_SLAVE).</summary>
    Slave = 0x800,

    /// <summary>It multicasts (IFF_MULTICAST).</summary>
    Multicast = 0x1000,

    /// <summary>Its medium can be chosen (IFF_PORTSEL).</summary>
    PortSelection = 0x2000,

    /// <summary>Its medium is chosen by itself (IFF_AUTOMEDIA).</summary>
    AutomaticMedia = 0x4000,

    /// <summary>Its addresses go when it is switched off (IFF_DYNAMIC).</summary>
    Dynamic = 0x8000,

    /// <summary>The driver says that there is a carrier (IFF_LOWER_UP).</summary>
    LowerUp = 0x10000,

    /// <summary>It waits for something, such as authentication (IFF_DORMANT).</summary>
    Dormant = 0x20000,

    /// <summary>It gives back what is sent (IFF_ECHO).</summary>
    Echo = 0x40000,
}
