namespace Isolation.Netlink;

/// <summary>Whom a macvlan talks with (enum macvlan_mode).</summary>
public enum MacvlanMode : uint
{
    /// <summary>Nobody else on the parent (MACVLAN_MODE_PRIVATE).</summary>
    Private = 1,

    /// <summary>Others on the parent, by way of the switch outside (MACVLAN_MODE_VEPA).</summary>
    Vepa = 2,

    /// <summary>Others on the parent, directly (MACVLAN_MODE_BRIDGE).</summary>
    Bridge = 4,

    /// <summary>It has the parent for itself (MACVLAN_MODE_PASSTHRU).</summary>
    PassThrough = 8,

    /// <summary>Who is in a list of MAC addresses (MACVLAN_MODE_SOURCE).</summary>
    Source = 16,
}
