namespace Isolation.Netlink;

/// <summary>At which layer an ipvlan tells packets apart (enum ipvlan_mode).</summary>
public enum IPVlanMode : ushort
{
    /// <summary>As a switch (IPVLAN_MODE_L2).</summary>
    L2 = 0,

    /// <summary>As a router, without broadcasts (IPVLAN_MODE_L3).</summary>
    L3 = 1,

    /// <summary>As a router, with netfilter (IPVLAN_MODE_L3S).</summary>
    L3S = 2,
}
