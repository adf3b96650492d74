using System.Collections.Immutable;
using System.Net.NetworkInformation;

namespace Isolation.Netlink;

/// <summary>A network interface, as the kernel described it (netdevice(7), ip-link(8)).</summary>
public sealed partial record Link
{
    /// <summary>The number by which the kernel knows it in its network namespace.</summary>
    public int Index { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Other names that it is known by.</summary>
    public ImmutableArray<string> AlternativeNames { get; init; } = [];

    /// <summary>A description that the administrator gave, if there is one.</summary>
    public string? Alias { get; init; }

    /// <summary>What it is; null for hardware and for <c>lo</c>.</summary>
    public LinkKind? Kind { get; init; }

    /// <summary>Its state as the administrator and the driver set it.</summary>
    public LinkFlags Flags { get; init; }

    /// <summary>Whether it works.</summary>
    public LinkOperationalState OperationalState { get; init; }

    /// <summary>Whether the administrator switched it on.</summary>
    public bool IsUp => Flags.HasFlag(LinkFlags.Up);

    /// <summary>The hardware type (ARPHRD_* of linux/if_arp.h): 1 for Ethernet, 772 for loopback.</summary>
    public int HardwareType { get; init; }

    /// <summary>Bytes of a packet at the most.</summary>
    public int Mtu { get; init; }

    /// <summary>The MAC address, or what takes its place for other hardware; empty when there is none.</summary>
    public PhysicalAddress Address { get; init; } = PhysicalAddress.None;

    /// <summary>The MAC address for broadcasts.</summary>
    public PhysicalAddress Broadcast { get; init; } = PhysicalAddress.None;

    /// <summary>The index of the bridge, bond or VRF that it belongs to; 0 for none.</summary>
    public int MasterIndex { get; init; }

    /// <summary>The index of the link that it is built on, or of a veth's peer; 0 for none.</summary>
    public int ParentIndex { get; init; }

    /// <summary>The id of the network namespace that <see cref="ParentIndex"/> counts in; null for this one (ip-netns(8)).</summary>
    public int? ParentNamespaceId { get; init; }

    /// <summary>The group, by which links can be deleted together; 0 is where all begin.</summary>
    public int Group { get; init; }

    /// <summary>Packets that wait at the most.</summary>
    public int TransmitQueueLength { get; init; }

    /// <summary>The counters.</summary>
    public LinkStatistics Statistics { get; init; }
}
