using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>Address families: .NET's, and the kernel's numbers for them.</summary>
internal static class IPFamily
{
    /// <summary>The bytes of an address.</summary>
    public static int Size(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? 16 : 4;

    /// <exception cref="ArgumentException">It is neither IPv4 nor IPv6.</exception>
    public static byte ToKernel(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => NetlinkConstants.AF_INET,
        AddressFamily.InterNetworkV6 => NetlinkConstants.AF_INET6,
        _ => throw new ArgumentException($"Neither IPv4 nor IPv6: {family}."),
    };

    public static AddressFamily FromKernel(byte family) => family switch
    {
        NetlinkConstants.AF_INET => AddressFamily.InterNetwork,
        NetlinkConstants.AF_INET6 => AddressFamily.InterNetworkV6,
        _ => throw NetlinkException.Malformed($"address family {family}, which was not asked for"),
    };

    /// <summary>The address that stands for none: 0.0.0.0 or ::.</summary>
    public static IPAddress Any(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    /// <summary>The length of a prefix that is one address.</summary>
    public static int MaximumPrefix(AddressFamily family) => Size(family) * 8;
}
