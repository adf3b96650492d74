namespace Isolation.Netlink;

/// <summary>Whether a link of a bond works (BOND_LINK_*).</summary>
public enum BondPortLinkState : byte
{
    /// <summary>It works (BOND_LINK_UP).</summary>
    Up = 0,

    /// <summary>It has just failed (BOND_LINK_FAIL).</summary>
    Fail = 1,

    /// <summary>It does not (BOND_LINK_DOWN).</summary>
    Down = 2,

    /// <summary>It is coming back (BOND_LINK_BACK).</summary>
    Back = 3,
}
