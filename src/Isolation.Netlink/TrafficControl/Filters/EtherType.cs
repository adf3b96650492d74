namespace Isolation.Netlink;

/// <summary>What a packet carries (ETH_P_* of linux/if_ether.h). Other numbers are as good as those that have a name.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1028", Justification = "The size that the wire has.")]
public enum EtherType : ushort
{
    /// <summary>Everything (ETH_P_ALL).</summary>
    All = 0x0003,

    /// <summary>IPv4 (ETH_P_IP).</summary>
    IPv4 = 0x0800,

    /// <summary>ARP (ETH_P_ARP).</summary>
    Arp = 0x0806,

    /// <summary>A VLAN tag of IEEE 802.1Q (ETH_P_8021Q).</summary>
    Vlan = 0x8100,

    /// <summary>A VLAN tag of the provider, of IEEE 802.1ad (ETH_P_8021AD).</summary>
    ProviderVlan = 0x88A8,

    /// <summary>IPv6 (ETH_P_IPV6).</summary>
    IPv6 = 0x86DD,

    /// <summary>MPLS (ETH_P_MPLS_UC).</summary>
    Mpls = 0x8847,
}
