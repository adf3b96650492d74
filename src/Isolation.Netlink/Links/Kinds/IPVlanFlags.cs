namespace Isolation.Netlink;

/// <summary>Whom an ipvlan talks with (IPVLAN_F_*).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum IPVlanFlags : ushort
{
    /// <summary>Others on the parent, directly.</summary>
    None = 0,

    /// <summary>Nobody else on the parent (IPVLAN_F_PRIVATE).</summary>
    Private = 1,

    /// <summary>Others on the parent, by way of the switch outside (IPVLAN_F_VEPA).</summary>
    Vepa = 2,
}
