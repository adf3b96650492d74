using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Nftables;

/// <summary>A port of this machine that leads to another one.</summary>
/// <param name="Protocol">TCP or UDP, or another protocol with ports.</param>
/// <param name="Port">The port of this machine.</param>
/// <param name="Destination">Where it leads.</param>
public sealed record PortForward(ProtocolType Protocol, ushort Port, IPEndPoint Destination)
{
    /// <summary>The address of this machine; null for all of the destination's family.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The link that connections come in by; null for all, and for connections of this machine itself.</summary>
    public string? InputInterface { get; init; }

    /// <summary>
    /// The network that the destination is in. If others there connect to the port, the answers of the destination would
    /// reach them without passing this machine, so their connections get this machine's address. Null: that is not wanted.
    /// </summary>
    public IPNetwork? HairpinNetwork { get; init; }
}

/// <summary>Which packets a rule about forwarding is for. What is null is left open.</summary>
public sealed record ForwardedPackets
{
    /// <summary>The link that they come in by. A <c>*</c> at its end stands for anything.</summary>
    public string? InputInterface { get; init; }

    /// <summary>The link that they leave by. A <c>*</c> at its end stands for anything.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>The network that they come from.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>The network that they go to.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>The protocol above IP.</summary>
    public ProtocolType? Protocol { get; init; }

    /// <summary>The port that they go to; it needs a protocol.</summary>
    public ushort? DestinationPort { get; init; }
}
