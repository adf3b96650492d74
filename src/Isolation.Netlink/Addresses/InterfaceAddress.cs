using System.Net;

namespace Isolation.Netlink;

/// <summary>An address of a link (ip-address(8)). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the link.</param>
/// <param name="Address">The address, IPv4 or IPv6.</param>
/// <param name="PrefixLength">How many of its bits name the network.</param>
public sealed partial record InterfaceAddress(int InterfaceIndex, IPAddress Address, int PrefixLength)
{
    /// <summary>The address at the other end of a point-to-point link; the prefix is this one's then.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>IPv4: the address for broadcasts.</summary>
    public IPAddress? Broadcast { get; init; }

    /// <summary>IPv4: a label, which begins with the link's name for old programs (15 bytes at the most).</summary>
    public string? Label { get; init; }

    /// <summary>How far the address is known.</summary>
    public RouteScope Scope { get; init; }

    /// <summary>Its properties.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary>For how long it is valid, in whole seconds; null for ever.</summary>
    public TimeSpan? ValidLifetime { get; init; }

    /// <summary>For how long it is taken for new connections, in whole seconds; null for ever.</summary>
    public TimeSpan? PreferredLifetime { get; init; }

    /// <summary>The metric of the route to the prefix that the kernel makes; 0 for the kernel's choice.</summary>
    public uint Metric { get; init; }

    /// <summary>Who made it; null for unknown.</summary>
    public AddressProtocol? Protocol { get; init; }

    /// <summary>Reads an address with its prefix: <c>10.0.0.2/24</c>. Without one, the prefix is the address.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static InterfaceAddress Parse(int interfaceIndex, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out IPAddress? address))
            throw new FormatException($"This is no address with a prefix: '{text}'.");
        int most = Wire.IPFamily.MaximumPrefix(address.AddressFamily), prefix = most;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out prefix) || prefix > most))
            throw new FormatException($"The prefix is no number from 0 to {most}: '{text}'.");
        return new InterfaceAddress(interfaceIndex, address, prefix);
    }

    /// <summary>The address with its prefix: <c>10.0.0.2/24</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
