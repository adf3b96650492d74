namespace Isolation.Netlink;

/// <summary>How often the other side of a bond is to talk (lacp_rate in bonding.rst).</summary>
public enum BondLacpRate : byte
{
    /// <summary>Each 30 seconds.</summary>
    Slow = 0,

    /// <summary>Each second.</summary>
    Fast = 1,
}
