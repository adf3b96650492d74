namespace Isolation.Netlink;

/// <summary>When the preferred link of a bond becomes the active one again (primary_reselect in bonding.rst).</summary>
public enum BondPrimaryReselection : byte
{
    /// <summary>As soon as it works.</summary>
    Always = 0,

    /// <summary>If it is better than the active one.</summary>
    Better = 1,

    /// <summary>If the active one fails.</summary>
    Failure = 2,
}
