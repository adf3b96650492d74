using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Wire;

/// <summary>Prefixes as the kernel sends them: an address, whose bits behind the prefix may be set, and a length.</summary>
internal static class IPPrefix
{
    /// <summary>Makes a network of them, without the bits behind its end.</summary>
    /// <param name="address">The address; empty for that of zeros.</param>
    /// <param name="length">The length of the prefix.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <exception cref="NetlinkException">EBADMSG: they do not fit each other.</exception>
    public static IPNetwork ToNetwork(ReadOnlySpan<byte> address, byte length, AddressFamily family)
    {
        int size = IPFamily.Size(family);
        if (length > size * 8 || (!address.IsEmpty && address.Length != size))
            throw NetlinkException.Malformed($"a prefix of {length} bits with an address of {address.Length} bytes");
        if (length == 0)
            return family == AddressFamily.InterNetworkV6 ? Route.DefaultIPv6 : Route.DefaultIPv4;
        Span<byte> bits = stackalloc byte[size];
        bits.Clear();
        int whole = length / 8;
        if (!address.IsEmpty)
        {
            address[..whole].CopyTo(bits);
            if (length % 8 != 0)
                bits[whole] = (byte)(address[whole] & (0xff00 >> (length % 8)));
        }

        return new IPNetwork(new IPAddress(bits), length);
    }
}
