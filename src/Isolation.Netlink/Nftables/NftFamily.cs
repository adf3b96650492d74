namespace Isolation.Netlink.Nftables;

/// <summary>Which packets a table is for (nft(8), ADDRESS FAMILIES).</summary>
public enum NftFamily : byte
{
    /// <summary>All families, where something is listed or flushed (NFPROTO_UNSPEC).</summary>
    Any = 0,

    /// <summary>IPv4 and IPv6 together, <c>inet</c> (NFPROTO_INET).</summary>
    Inet = 1,

    /// <summary>IPv4, <c>ip</c> (NFPROTO_IPV4).</summary>
    IPv4 = 2,

    /// <summary>ARP, <c>arp</c> (NFPROTO_ARP).</summary>
    Arp = 3,

    /// <summary>What enters or leaves one device, <c>netdev</c> (NFPROTO_NETDEV).</summary>
    NetworkDevice = 5,

    /// <summary>What a bridge forwards, <c>bridge</c> (NFPROTO_BRIDGE).</summary>
    Bridge = 7,

    /// <summary>IPv6, <c>ip6</c> (NFPROTO_IPV6).</summary>
    IPv6 = 10,
}
