namespace Isolation.Netlink;

/// <summary>Where the flow label of a VXLAN is from (enum ifla_vxlan_label_policy).</summary>
public enum VxlanFlowLabelPolicy : uint
{
    /// <summary>The one that was set (VXLAN_LABEL_FIXED).</summary>
    Fixed = 0,

    /// <summary>The packet inside (VXLAN_LABEL_INHERIT).</summary>
    Inherit = 1,
}
