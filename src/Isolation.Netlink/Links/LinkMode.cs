namespace Isolation.Netlink;

/// <summary>What a link becomes when it is switched on and has a carrier (IF_LINK_MODE_* of linux/if.h).</summary>
public enum LinkMode : byte
{
    /// <summary>It works at once (IF_LINK_MODE_DEFAULT).</summary>
    Default = 0,

    /// <summary>It waits until a program, such as one for authentication, says that it works (IF_LINK_MODE_DORMANT).</summary>
    Dormant = 1,

    /// <summary>It is tested until a program says that it works (IF_LINK_MODE_TESTING).</summary>
    Testing = 2,
}
