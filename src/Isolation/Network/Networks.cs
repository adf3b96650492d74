using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink;

namespace Isolation;

/// <summary>Reads addresses strictly: .NET takes <c>10.1</c> and <c>012.0.0.1</c> for addresses, as inet_aton(3) does.</summary>
internal static class Networks
{
    /// <summary>An address with the length of its prefix: <c>10.0.0.2/24</c>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static InterfaceAddress ParseAddress(string text, string parameter)
    {
        (IPAddress address, int? prefix) = Parse(text, parameter);
        if (prefix is not { } length)
            throw new ArgumentException($"The address '{text}' has no prefix length; write it as '{text}/{(address.AddressFamily == AddressFamily.InterNetwork ? 24 : 64)}', or /{Bits(address)} for the address alone.", parameter);
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || IsMulticast(address) || address.Equals(IPAddress.Broadcast))
            throw new ArgumentException($"A link cannot have the address '{text}': it is no address of one host.", parameter);

        // The index is filled in at the start. The address is there before the program, so nobody can wait for the duplicate detection.
        return new InterfaceAddress(1, address, length) { Flags = address.AddressFamily == AddressFamily.InterNetworkV6 ? AddressFlags.NoDuplicateDetection : AddressFlags.None };
    }

    /// <summary>An address without a prefix.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static IPAddress ParseGateway(string text, string parameter)
    {
        (IPAddress address, int? prefix) = Parse(text, parameter);
        return prefix is null ? address : throw new ArgumentException($"The gateway '{text}' is one address, without a prefix length.", parameter);
    }

    /// <summary>An address of the host that others can reach; null for all.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static IPAddress? ParseHostAddress(string text, string parameter)
    {
        (IPAddress address, int? prefix) = Parse(text, parameter);
        if (prefix is not null)
            throw new ArgumentException($"The host's address '{text}' is one address, without a prefix length.", parameter);
        if (IPAddress.IsLoopback(address))
            throw new ArgumentException($"The kernel does not lead packets to '{text}' out of the host, unless net.ipv4.conf.*.route_localnet is on. Give another address of the host, or leave it out.", parameter);
        if (address.IsIPv6Multicast || address.Equals(IPAddress.Broadcast) || (address.GetAddressBytes() is [>= 224 and < 240, _, _, _]))
            throw new ArgumentException($"'{text}' is no address of one host.", parameter);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? null : address;
    }

    /// <summary>The addresses behind a route: <c>192.168.0.0/16</c>, or <c>default</c> for all, of the family of the gateway.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static IPNetwork ParseDestination(string text, IPAddress? gateway, string parameter)
    {
        if (text == "default")
            return gateway?.AddressFamily == AddressFamily.InterNetworkV6 ? Route.DefaultIPv6 : Route.DefaultIPv4;
        (IPAddress address, int? prefix) = Parse(text, parameter);
        IPNetwork network = Of(address, prefix ?? Bits(address));
        return network.BaseAddress.Equals(address) ? network : throw new ArgumentException($"'{text}' has bits set behind its prefix; the network is {network}.", parameter);
    }

    /// <summary>The network that an address is in.</summary>
    public static IPNetwork Of(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }

    private static (IPAddress Address, int? Prefix) Parse(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(first, out IPAddress? address)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != first)
            || first.AsSpan().ContainsAny('%', '['))
            throw new ArgumentException($"'{text}' is no address: it looks like 10.0.0.2/24 or fd00::2/64.", parameter);
        if (slash < 0)
            return (address, null);
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix > Bits(address))
            throw new ArgumentException($"The prefix length of '{text}' is no number from 0 to {Bits(address)}.", parameter);
        return (address, prefix);
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static bool IsMulticast(IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes()[0] is >= 224 and < 240 : address.IsIPv6Multicast;
}
