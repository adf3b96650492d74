using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Isolation.Netlink;

/// <summary>What can be set of a link (ip-link(8)). What is null stays as it is, or is left to the kernel for a new link.</summary>
public sealed partial record LinkSettings
{
    /// <summary>The name: 15 bytes at the most. A link that is up can be renamed since Linux 6.2.</summary>
    public string? Name { get; init; }

    /// <summary>The number of a new link, or of one that is moved in its new network namespace. It is best left to the kernel.</summary>
    public int? Index { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public bool? IsUp { get; init; }

    /// <summary>Whether neighbours are looked for (IFF_NOARP, which says the opposite).</summary>
    public bool? IsArpEnabled { get; init; }

    /// <summary>Whether it multicasts (IFF_MULTICAST).</summary>
    public bool? IsMulticastEnabled { get; init; }

    /// <summary>Whether it takes all multicasts (IFF_ALLMULTI).</summary>
    public bool? IsAllMulticast { get; init; }

    /// <summary>Whether it takes what is for others too (IFF_PROMISC).</summary>
    public bool? IsPromiscuous { get; init; }

    /// <summary>Bytes of a packet at the most.</summary>
    public int? Mtu { get; init; }

    /// <summary>The MAC address.</summary>
    public PhysicalAddress? Address { get; init; }

    /// <summary>The MAC address for broadcasts (IFLA_BROADCAST).</summary>
    public PhysicalAddress? Broadcast { get; init; }

    /// <summary>The index of the bridge, bond or VRF that it joins; 0 leaves the one that it belongs to.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>The index of the link that a new one is built on. It cannot be changed.</summary>
    public int? ParentIndex { get; init; }

    /// <summary>A descriptor of the network namespace that it is made in, or moves to. Making it there is the fast way.</summary>
    public SafeHandle? NetworkNamespace { get; init; }

    /// <summary>The group, by which links can be deleted together.</summary>
    public int? Group { get; init; }

    /// <summary>Packets that wait at the most.</summary>
    public int? TransmitQueueLength { get; init; }

    /// <summary>Queues by which packets leave, of a new link. They cannot be changed.</summary>
    public int? TransmitQueues { get; init; }

    /// <summary>Queues by which packets come in, of a new link. They cannot be changed.</summary>
    public int? ReceiveQueues { get; init; }

    /// <summary>Bytes of a packet at the most that is cut up late, when it leaves (IFLA_GSO_MAX_SIZE).</summary>
    public int? SegmentationSize { get; init; }

    /// <summary>Parts at the most that such a packet is cut into (IFLA_GSO_MAX_SEGS).</summary>
    public int? SegmentationCount { get; init; }

    /// <summary>Bytes at the most of what is put together of packets that come in (IFLA_GRO_MAX_SIZE).</summary>
    public int? ReceiveOffloadSize { get; init; }

    /// <summary>As <see cref="SegmentationSize"/>, for IPv4 (IFLA_GSO_IPV4_MAX_SIZE). Linux 6.3.</summary>
    public int? SegmentationSizeIPv4 { get; init; }

    /// <summary>As <see cref="ReceiveOffloadSize"/>, for IPv4 (IFLA_GRO_IPV4_MAX_SIZE). Linux 6.3.</summary>
    public int? ReceiveOffloadSizeIPv4 { get; init; }

    /// <summary>What it becomes when it is switched on and has a carrier (IFLA_LINKMODE).</summary>
    public LinkMode? Mode { get; init; }

    /// <summary>Whether there is a carrier, where the driver lets it be set (IFLA_CARRIER). It can be given only to a link that there is already.</summary>
    public bool? HasCarrier { get; init; }

    /// <summary>Whether a protocol switches it off (IFLA_PROTO_DOWN). It can be given only to a link that there is already.</summary>
    public bool? IsProtocolDown { get; init; }

    /// <summary>The reasons for it, a bit each (IFLA_PROTO_DOWN_REASON). They can be given only to a link that there is already, which cannot be switched on again while there are some.</summary>
    public uint? ProtocolDownReasons { get; init; }

    /// <summary>How it makes its own addresses of IPv6 (IFLA_INET6_ADDR_GEN_MODE). It can be given only to a link that there is already.</summary>
    public IPv6AddressGeneration? IPv6AddressGeneration { get; init; }

    /// <summary>A description of up to 255 bytes; empty for none. It can be given only to a link that there is already.</summary>
    public string? Alias { get; init; }
}
