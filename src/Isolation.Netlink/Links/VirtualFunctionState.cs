namespace Isolation.Netlink;

/// <summary>Whether a virtual function has a carrier (IFLA_VF_LINK_STATE_*).</summary>
public enum VirtualFunctionState : uint
{
    /// <summary>As the link itself (IFLA_VF_LINK_STATE_AUTO).</summary>
    Automatic = 0,

    /// <summary>Always (IFLA_VF_LINK_STATE_ENABLE).</summary>
    Enabled = 1,

    /// <summary>Never (IFLA_VF_LINK_STATE_DISABLE).</summary>
    Disabled = 2,
}
