namespace Isolation.Netlink;

/// <summary>What is switched on in a macvlan (MACVLAN_FLAG_*).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum MacvlanFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>With <see cref="MacvlanMode.PassThrough"/>: the parent is not made promiscuous (MACVLAN_FLAG_NOPROMISC).</summary>
    NoPromiscuous = 1,

    /// <summary>With <see cref="MacvlanMode.Source"/>: what a source matched is not delivered by destination too (MACVLAN_FLAG_NODST).</summary>
    NoDestination = 2,
}
