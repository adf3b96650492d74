using System.Net.Sockets;
using Isolation.Netlink;

namespace Isolation;

public sealed partial class NetworkBuilder
{
    /// <summary>Makes a link slow, lossy and the like (tc-netem(8)): for tests of programs in bad networks.</summary>
    /// <param name="link">The link's name inside.</param>
    /// <param name="outgoing">What happens to packets that leave the container.</param>
    /// <param name="incoming">What happens to packets that come in. It is done at the other end, so only for a link of <see cref="WithVeth"/>.</param>
    /// <exception cref="ArgumentException">Neither direction is given, or the link has it already.</exception>
    public NetworkBuilder WithNetem(string link, NetemQdisc? outgoing, NetemQdisc? incoming = null)
    {
        LinkName.Check(link);
        if (outgoing is null && incoming is null)
            throw new ArgumentException("Say what happens to outgoing packets, to incoming ones, or both.", nameof(outgoing));
        return new(Spec with { Impairments = Spec.Impairments.Add(new LinkImpairment(link, outgoing, incoming)) });
    }

    /// <summary>Connections from the container to elsewhere get the host's address (masquerading of nft(8)), for the networks of all its veths.</summary>
    /// <remarks>
    /// The rules are in a table of the container's own that belongs to this process: they go with the container, and when this process is
    /// killed. The host has to forward packets: see <see cref="WithForwarding"/>. What other rules of the host drop stays dropped.
    /// </remarks>
    public NetworkBuilder WithNat() => new(Spec with { Nat = true });

    /// <summary>A port of the host leads into the container: to its first address of a veth. For connections from elsewhere, from other containers, and of the host itself, except to 127.0.0.1.</summary>
    /// <remarks>See <see cref="WithNat"/> for what becomes of the rules, and <see cref="WithForwarding"/>.</remarks>
    /// <param name="hostPort">The port of the host, 1 to 65535.</param>
    /// <param name="containerPort">The port in the container, 1 to 65535.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="hostAddress">The address of the host. Default, and <c>0.0.0.0</c> and <c>::</c>: all of the family of the container's first address.</param>
    /// <exception cref="ArgumentException">A port or the address is none, or the host's port is given already.</exception>
    public NetworkBuilder WithPortForward(int hostPort, int containerPort, ProtocolType protocol = ProtocolType.Tcp, string? hostAddress = null)
    {
        CheckPort(hostPort, nameof(hostPort));
        CheckPort(containerPort, nameof(containerPort));
        if (protocol is not (ProtocolType.Tcp or ProtocolType.Udp))
            throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "A port is one of TCP or UDP.");
        var port = new ForwardedPort(protocol, (ushort)hostPort, (ushort)containerPort, hostAddress is null ? null : Networks.ParseHostAddress(hostAddress, nameof(hostAddress)));
        return new(Spec with { Ports = Spec.Ports.Add(port) });
    }

    /// <summary>
    /// Lets the host forward packets while the container runs, if it does not yet: net.ipv4.ip_forward, and net.ipv6.conf.all.forwarding
    /// where the container has IPv6. That is seen by everything on the host. When the last such container of this process has ended it
    /// is as before; when this process is killed it stays. Without it, <see cref="WithNat"/> and <see cref="WithPortForward"/> fail where the host does not forward.
    /// </summary>
    /// <remarks>
    /// Containers of other processes that found it switched on are not counted. Where several processes share a host, switch it on
    /// for good, with <c>sysctl -w net.ipv4.ip_forward=1</c>. A host that forwards IPv6 ignores router advertisements, by which it may have its own default route (accept_ra).
    /// </remarks>
    public NetworkBuilder WithForwarding() => new(Spec with { Forwarding = true });

    private static void CheckPort(int port, string parameter)
    {
        if (port is < 1 or > 65535)
            throw new ArgumentOutOfRangeException(parameter, port, "A port is a number from 1 to 65535.");
    }
}
