namespace Isolation.Netlink;

/// <summary>Whether a link works (RFC 2863; IF_OPER_* of linux/if.h).</summary>
public enum LinkOperationalState : byte
{
    /// <summary>The driver does not tell (IF_OPER_UNKNOWN).</summary>
    Unknown = 0,

    /// <summary>A part is missing (IF_OPER_NOTPRESENT).</summary>
    NotPresent = 1,

    /// <summary>It does not work (IF_OPER_DOWN).</summary>
    Down = 2,

    /// <summary>What it is built on does not work (IF_OPER_LOWERLAYERDOWN).</summary>
    LowerLayerDown = 3,

    /// <summary>It is being tested (IF_OPER_TESTING).</summary>
    Testing = 4,

    /// <summary>It waits for something, such as authentication (IF_OPER_DORMANT).</summary>
    Dormant = 5,

    /// <summary>It works (IF_OPER_UP).</summary>
    Up = 6,
}
