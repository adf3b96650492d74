namespace Isolation.Netlink;

/// <summary>Whether marks and priorities are taken from packets of a netkit (enum netkit_scrub).</summary>
public enum NetkitScrub : uint
{
    /// <summary>They stay (NETKIT_SCRUB_NONE).</summary>
    None = 0,

    /// <summary>They are taken when the network namespace changes (NETKIT_SCRUB_DEFAULT).</summary>
    Default = 1,
}
