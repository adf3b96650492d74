namespace Isolation.Netlink;

/// <summary>Whether a link of a bond is in use (BOND_STATE_*).</summary>
public enum BondPortState : byte
{
    /// <summary>It is (BOND_STATE_ACTIVE).</summary>
    Active = 0,

    /// <summary>It is not (BOND_STATE_BACKUP).</summary>
    Backup = 1,
}
