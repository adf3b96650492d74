namespace Isolation.Netlink;

/// <summary>What decides by which link of a bond a packet leaves (BOND_XMIT_POLICY_*).</summary>
public enum BondTransmitHash : byte
{
    /// <summary>MAC addresses (BOND_XMIT_POLICY_LAYER2).</summary>
    Layer2 = 0,

    /// <summary>IP addresses and ports (BOND_XMIT_POLICY_LAYER34).</summary>
    Layer34 = 1,

    /// <summary>MAC and IP addresses (BOND_XMIT_POLICY_LAYER23).</summary>
    Layer23 = 2,

    /// <summary>MAC and IP addresses, those inside tunnels (BOND_XMIT_POLICY_ENCAP23).</summary>
    Encapsulated23 = 3,

    /// <summary>IP addresses and ports, those inside tunnels (BOND_XMIT_POLICY_ENCAP34).</summary>
    Encapsulated34 = 4,

    /// <summary>The VLAN and the source MAC address (BOND_XMIT_POLICY_VLAN_SRCMAC).</summary>
    VlanAndSource = 5,
}
