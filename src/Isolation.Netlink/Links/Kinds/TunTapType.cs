namespace Isolation.Netlink;

/// <summary>Where the packets of a tun or tap begin (IFF_TUN, IFF_TAP).</summary>
public enum TunTapType : byte
{
    /// <summary>With IP (IFF_TUN).</summary>
    Tun = 1,

    /// <summary>With Ethernet (IFF_TAP).</summary>
    Tap = 2,
}
