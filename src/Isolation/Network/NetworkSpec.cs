using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation;

/// <summary>What is in a container's network namespace besides lo. Immutable; <c>with</c> makes the next one.</summary>
internal sealed record NetworkSpec
{
    public static NetworkSpec None { get; } = new();

    /// <summary>Where the other ends are; null for the network namespace of the manager.</summary>
    public NetworkNamespace? Host { get; init; }

    public ImmutableArray<ContainerLink> Links { get; init; } = [];

    public ImmutableArray<ContainerAddress> Addresses { get; init; } = [];

    public ImmutableArray<ContainerRoute> Routes { get; init; } = [];

    /// <summary>Bridges of the host that are made where they are missing.</summary>
    public ImmutableArray<HostBridge> Bridges { get; init; } = [];

    public ImmutableArray<LinkImpairment> Impairments { get; init; } = [];

    public bool Nat { get; init; }

    public ImmutableArray<ForwardedPort> Ports { get; init; } = [];

    public bool Forwarding { get; init; }

    /// <summary>Whether the host has rules for the container.</summary>
    public bool HasRules => Nat || Ports.Length > 0;

    /// <summary>Whether anything is done outside of the container's own namespace.</summary>
    public bool NeedsHost => Bridges.Length > 0 || Links.Any(l => l.IsOfHost) || HasRules || Forwarding;

    /// <summary>The addresses of veths, in the order of the description.</summary>
    public IEnumerable<ContainerAddress> VethAddresses => Addresses.Where(a => Links.Any(l => l is HostVeth && l.Name == a.Link));

    /// <summary>What stays on the host when nobody undoes it at the container's end, in words; null for nothing.</summary>
    public string? LeftBehind => Links.OfType<MovedLink>().FirstOrDefault() is { } moved
        ? $"bring the link '{moved.HostName}' back"
        : Bridges.Length > 0 ? $"delete the bridge '{Bridges[0].Name}'"
        : HasRules ? "delete the rules of WithNat and WithPortForward"
        : Forwarding ? "switch forwarding off again" : null;
}

/// <summary>A link of the container.</summary>
/// <param name="Name">Its name inside.</param>
internal abstract record ContainerLink(string Name)
{
    /// <summary>Whether the host has a part in it.</summary>
    public abstract bool IsOfHost { get; }

    /// <summary>As messages call it.</summary>
    public abstract string Kind { get; }
}

/// <summary>A veth whose other end is on the host.</summary>
internal sealed record HostVeth(string Name) : ContainerLink(Name)
{
    /// <summary>The name of the host's end; null for one that nobody else has.</summary>
    public string? HostName { get; init; }

    public string? Bridge { get; init; }

    public InterfaceAddress? HostAddress { get; init; }

    public int? Mtu { get; init; }

    public PhysicalAddress? Address { get; init; }

    public override bool IsOfHost => true;

    public override string Kind => VethLink.KindName;
}

/// <summary>A link with a MAC address of its own on a link of the host.</summary>
internal sealed record HostMacvlan(string Name, string Parent) : ContainerLink(Name)
{
    public override bool IsOfHost => true;

    public override string Kind => "macvlan";
}

/// <summary>A link of the host, lent for the life of the container.</summary>
internal sealed record MovedLink(string Name, string HostName) : ContainerLink(Name)
{
    public override bool IsOfHost => true;

    public override string Kind => "moved link";
}

/// <summary>A link of which the host sees nothing.</summary>
internal sealed record InnerLink(string Name, LinkKind LinkKind) : ContainerLink(Name)
{
    public string? Master { get; init; }

    public string? Parent { get; init; }

    /// <summary>The name of a veth's other end, which is inside too.</summary>
    public string? PeerName => (LinkKind as VethLink)?.Peer?.Name;

    public override bool IsOfHost => false;

    public override string Kind => LinkKind.Name;
}

/// <param name="Link">The link's name inside.</param>
/// <param name="Value">The address; its index says nothing yet.</param>
internal sealed record ContainerAddress(string Link, InterfaceAddress Value)
{
    /// <summary>The addresses that are reached over the link.</summary>
    public IPNetwork Network { get; } = Networks.Of(Value.Address, Value.PrefixLength);
}

/// <param name="Value">The route; its index says nothing yet.</param>
/// <param name="Link">The link's name inside; null to let the kernel find it by the gateway.</param>
internal sealed record ContainerRoute(Route Value, string? Link);

/// <param name="Name">The bridge's name on the host.</param>
/// <param name="Address">Its address there, if it is made.</param>
internal sealed record HostBridge(string Name, InterfaceAddress? Address);

/// <param name="Link">The link's name inside.</param>
/// <param name="Outgoing">For packets that leave by it.</param>
/// <param name="Incoming">For packets that come in by it.</param>
internal sealed record LinkImpairment(string Link, NetemQdisc? Outgoing, NetemQdisc? Incoming);

/// <param name="Protocol">TCP or UDP.</param>
/// <param name="HostPort">The port of the host.</param>
/// <param name="ContainerPort">The port inside.</param>
/// <param name="HostAddress">The address of the host; null for all.</param>
internal sealed record ForwardedPort(ProtocolType Protocol, ushort HostPort, ushort ContainerPort, IPAddress? HostAddress)
{
    /// <summary>Where it leads; null when the container has no such address.</summary>
    public ContainerAddress? Destination(NetworkSpec spec)
        => spec.VethAddresses.FirstOrDefault(a => HostAddress is null || a.Value.Address.AddressFamily == HostAddress.AddressFamily);

    public override string ToString() => $"{(HostAddress is null ? "" : $"{HostAddress} ")}{(Protocol == ProtocolType.Tcp ? "tcp" : "udp")} port {HostPort}";
}
