namespace Isolation.Netlink;

/// <summary>The numbers of the tables that every system has (RT_TABLE_* of linux/rtnetlink.h). Others are free for use.</summary>
public static class RouteTable
{
    /// <summary>What the rules look into after all others (RT_TABLE_DEFAULT).</summary>
    public const int Default = 253;

    /// <summary>Where routes go that name no table (RT_TABLE_MAIN).</summary>
    public const int Main = 254;

    /// <summary>The kernel's own routes to local and broadcast addresses (RT_TABLE_LOCAL).</summary>
    public const int Local = 255;
}
