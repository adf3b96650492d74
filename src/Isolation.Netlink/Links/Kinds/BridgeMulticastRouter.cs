namespace Isolation.Netlink;

/// <summary>Whether a port, or the bridge itself, leads to a multicast router (MDB_RTR_TYPE_*).</summary>
public enum BridgeMulticastRouter : byte
{
    /// <summary>Never (MDB_RTR_TYPE_DISABLED).</summary>
    Disabled = 0,

    /// <summary>As it is learned (MDB_RTR_TYPE_TEMP_QUERY).</summary>
    Automatic = 1,

    /// <summary>Always (MDB_RTR_TYPE_PERM).</summary>
    Permanent = 2,

    /// <summary>For some time, as a program found out (MDB_RTR_TYPE_TEMP).</summary>
    Temporary = 3,
}
