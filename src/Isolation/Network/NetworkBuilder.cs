using System.Net;
using System.Net.NetworkInformation;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation;

/// <summary>Describes what is in a container's network namespace besides lo, which is up in any case.</summary>
/// <remarks>
/// Immutable: every <c>With…</c> returns a new one. All of it is there before the program starts, and gone when it has ended:
/// a program that others start in the same namespace does not keep it. What lies on the host needs CAP_NET_ADMIN there; an ordinary
/// user can use <see cref="WithLink"/>, <see cref="WithAddress"/> and <see cref="WithRoute"/>, with <see cref="ContainerBuilder.WithUserNs()"/>.
/// </remarks>
public sealed partial class NetworkBuilder
{
    internal NetworkBuilder(NetworkSpec spec) => Spec = spec;

    internal NetworkSpec Spec { get; }

    /// <summary>A pair of links, one inside and one on the host: what goes in here comes out there (veth(4)). Both are up.</summary>
    /// <param name="name">The name inside: 15 bytes at the most.</param>
    /// <param name="address">An address inside, with its prefix length: <c>10.0.0.2/24</c>. <see cref="WithAddress"/> gives more.</param>
    /// <param name="gateway">The router of the default route by this link, in the network of <paramref name="address"/>.</param>
    /// <param name="bridge">A bridge of the host that the other end joins. It is an error if there is none, unless <see cref="WithBridge"/> makes it.</param>
    /// <param name="hostName">The name of the other end. Default: <c>veth</c> and eleven hexadecimal digits that nobody else has.</param>
    /// <param name="hostAddress">An address of the other end, with its prefix length; for a link that is routed and not bridged.</param>
    /// <param name="mtu">Bytes of a packet at the most, of both ends. Default: 1500.</param>
    /// <param name="macAddress">The MAC address inside. Default: a random one.</param>
    /// <exception cref="ArgumentException">A name or an address is none, or the gateway is not in the network of the address.</exception>
    public NetworkBuilder WithVeth(
        string name,
        string? address = null,
        string? gateway = null,
        string? bridge = null,
        string? hostName = null,
        string? hostAddress = null,
        int? mtu = null,
        PhysicalAddress? macAddress = null)
    {
        if (bridge is not null && hostAddress is not null)
            throw new ArgumentException("A port of a bridge has no address of its own; the bridge has. Give one of bridge and hostAddress.", nameof(hostAddress));
        if (mtu is < 68 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(mtu), mtu, "The MTU of a veth is 68 to 65535 bytes.");
        if (macAddress is not null && macAddress.GetAddressBytes() is not { Length: 6 })
            throw new ArgumentException($"A MAC address has six bytes: '{macAddress}'.", nameof(macAddress));
        var link = new HostVeth(LinkName.Check(name))
        {
            HostName = hostName is null ? null : LinkName.Check(hostName),
            Bridge = bridge is null ? null : LinkName.Check(bridge),
            HostAddress = hostAddress is null ? null : Networks.ParseAddress(hostAddress, nameof(hostAddress)),
            Mtu = mtu,
            Address = macAddress,
        };
        return With(link, address, gateway);
    }

    /// <summary>A link with a MAC address of its own that uses a link of the host: others there see it beside the host (ip-link(8), macvlan in mode bridge). It is up.</summary>
    /// <remarks>The host itself cannot talk with it over <paramref name="parent"/>: macvlan does not switch between the two.</remarks>
    /// <param name="name">The name inside: 15 bytes at the most.</param>
    /// <param name="parent">The link of the host.</param>
    /// <param name="address">An address inside, with its prefix length.</param>
    /// <param name="gateway">The router of the default route by this link.</param>
    /// <exception cref="ArgumentException">A name or an address is none, or the gateway is not in the network of the address.</exception>
    public NetworkBuilder WithMacvlan(string name, string parent, string? address = null, string? gateway = null)
        => With(new HostMacvlan(LinkName.Check(name), LinkName.Check(parent)), address, gateway);

    /// <summary>
    /// Moves a link of the host inside for the life of the container, and switches it on there. At the end, or when the start
    /// fails, it is back with its name, state, addresses and routes (those with one next hop). If this process is killed the kernel brings
    /// hardware back by itself, switched off and without addresses, but deletes a virtual link (network_namespaces(7)).
    /// </summary>
    /// <param name="name">The link's name on the host.</param>
    /// <param name="nameInside">Its name inside. Default: the same.</param>
    /// <param name="address">An address inside, with its prefix length. Those of the host do not come along.</param>
    /// <param name="gateway">The router of the default route by this link.</param>
    /// <exception cref="ArgumentException">A name or an address is none, or the gateway is not in the network of the address.</exception>
    public NetworkBuilder WithMovedLink(string name, string? nameInside = null, string? address = null, string? gateway = null)
        => With(new MovedLink(LinkName.Check(nameInside ?? name), LinkName.Check(name)), address, gateway);

    /// <summary>A link that is inside only: a bridge, a dummy, a veth pair. Needs no privilege on the host. It is up, and so is the peer of a veth.</summary>
    /// <param name="name">Its name: 15 bytes at the most.</param>
    /// <param name="kind">What it is. A <see cref="VethLink"/> names its peer, which is inside too.</param>
    /// <param name="address">An address, with its prefix length.</param>
    /// <param name="master">The name of the bridge, bond or VRF inside that it joins.</param>
    /// <param name="parent">The name of the link inside that it is built on, for kinds such as <c>vlan</c>.</param>
    /// <exception cref="ArgumentException">A name or an address is none.</exception>
    public NetworkBuilder WithLink(string name, LinkKind kind, string? address = null, string? master = null, string? parent = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (kind is VethLink veth)
        {
            if (veth.Peer?.Name is not { } peer)
                throw new ArgumentException("The veth's peer needs a name; both ends are inside. WithVeth has one end on the host.", nameof(kind));
            LinkName.Check(peer);
            if (veth.Peer.NetworkNamespace is not null)
                throw new ArgumentException("The veth's peer is inside too. WithVeth has one end on the host.", nameof(kind));
        }

        return With(
            new InnerLink(LinkName.Check(name), kind)
            {
                Master = master is null ? null : LinkName.Check(master),
                Parent = parent is null ? null : LinkName.Check(parent),
            },
            address,
            gateway: null);
    }

    /// <summary>
    /// Makes a bridge on the host if it is missing, up and with an address, and deletes it again when the last container that
    /// named it so has ended and nothing else has joined it. A bridge that was there before is only used.
    /// </summary>
    /// <param name="name">Its name: 15 bytes at the most.</param>
    /// <param name="address">Its address, with the prefix length: the gateway of the containers, as a rule.</param>
    /// <exception cref="ArgumentException">A name or an address is none, or the bridge is named already.</exception>
    public NetworkBuilder WithBridge(string name, string? address = null)
        => new(Spec with { Bridges = Spec.Bridges.Add(new HostBridge(LinkName.Check(name), address is null ? null : Networks.ParseAddress(address, nameof(address)))) });

    /// <summary>Another network namespace in the place of the host's: other ends of veths, bridges, links to move and the like are there.</summary>
    /// <param name="host">The namespace. The caller keeps the handle open until the container has started.</param>
    public NetworkBuilder WithHost(NetworkNamespace host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(Spec with { Host = host });
    }

    private NetworkBuilder With(ContainerLink link, string? address, string? gateway)
    {
        NetworkBuilder with = new(Spec with { Links = Spec.Links.Add(link) });
        if (address is not null)
            with = with.WithAddress(link.Name, address);
        if (gateway is null)
            return with;
        IPAddress router = Networks.ParseGateway(gateway, nameof(gateway));
        if (with.Spec.Addresses is [.., var last] && address is not null)
            NetworkRules.CheckGateway(router, last, nameof(gateway));
        return with.With(Route.Default(router), link.Name);
    }
}
