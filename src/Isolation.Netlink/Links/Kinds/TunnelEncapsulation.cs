namespace Isolation.Netlink;

/// <summary>What a tunnel itself is put into (enum tunnel_encap_types).</summary>
public enum TunnelEncapsulation : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>UDP alone (TUNNEL_ENCAP_FOU).</summary>
    Fou = 1,

    /// <summary>Generic UDP encapsulation (TUNNEL_ENCAP_GUE).</summary>
    Gue = 2,

    /// <summary>MPLS (TUNNEL_ENCAP_MPLS).</summary>
    Mpls = 3,
}
