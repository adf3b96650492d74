namespace Isolation.Netlink;

/// <summary>Whether packets of a tunnel may be fragmented (enum ifla_vxlan_df, enum ifla_geneve_df).</summary>
public enum TunnelDontFragment : byte
{
    /// <summary>They may (VXLAN_DF_UNSET).</summary>
    Unset = 0,

    /// <summary>They may not (VXLAN_DF_SET).</summary>
    Set = 1,

    /// <summary>As the packet inside (VXLAN_DF_INHERIT).</summary>
    Inherit = 2,
}
