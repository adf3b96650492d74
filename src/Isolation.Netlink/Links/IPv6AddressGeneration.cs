namespace Isolation.Netlink;

/// <summary>How a link makes its own addresses of IPv6 (enum in6_addr_gen_mode).</summary>
public enum IPv6AddressGeneration : byte
{
    /// <summary>Of its MAC address (IN6_ADDR_GEN_MODE_EUI64).</summary>
    Eui64 = 0,

    /// <summary>None of its own (IN6_ADDR_GEN_MODE_NONE).</summary>
    None = 1,

    /// <summary>Of a secret that stays, RFC 7217 (IN6_ADDR_GEN_MODE_STABLE_PRIVACY).</summary>
    StablePrivacy = 2,

    /// <summary>Of a secret that is made by chance (IN6_ADDR_GEN_MODE_RANDOM).</summary>
    Random = 3,
}
