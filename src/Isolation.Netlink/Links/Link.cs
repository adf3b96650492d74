using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A network interface, as the kernel described it (netdevice(7), ip-link(8)).</summary>
public sealed partial record Link
{
    private readonly Sequence<string> _alternativeNames;
    private readonly Sequence<VirtualFunction> _virtualFunctions;

    /// <summary>The number by which the kernel knows it in its network namespace.</summary>
    public int Index { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Other names that it is known by.</summary>
    public ImmutableArray<string> AlternativeNames
    {
        get => _alternativeNames.Items;
        init => _alternativeNames = new Sequence<string>(value);
    }

    /// <summary>A description that the administrator gave, if there is one.</summary>
    public string? Alias { get; init; }

    /// <summary>What it is; null for hardware and for <c>lo</c>.</summary>
    public LinkKind? Kind { get; init; }

    /// <summary>What it is to the bridge, bond or VRF that it belongs to; null when it belongs to none.</summary>
    public LinkPort? Port { get; init; }

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

    /// <summary>The smallest MTU that it can have (IFLA_MIN_MTU).</summary>
    public int MinimumMtu { get; init; }

    /// <summary>The largest MTU that it can have; 0 for no limit (IFLA_MAX_MTU).</summary>
    public int MaximumMtu { get; init; }

    /// <summary>The MAC address, or what takes its place for other hardware; empty when there is none.</summary>
    public PhysicalAddress Address { get; init; } = PhysicalAddress.None;

    /// <summary>The MAC address for broadcasts.</summary>
    public PhysicalAddress Broadcast { get; init; } = PhysicalAddress.None;

    /// <summary>The MAC address that the hardware came with; empty when there is none (IFLA_PERM_ADDRESS).</summary>
    public PhysicalAddress PermanentAddress { get; init; } = PhysicalAddress.None;

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

    /// <summary>Queues by which packets leave (IFLA_NUM_TX_QUEUES).</summary>
    public int TransmitQueues { get; init; }

    /// <summary>Queues by which packets come in (IFLA_NUM_RX_QUEUES).</summary>
    public int ReceiveQueues { get; init; }

    /// <summary>The queueing discipline at its root (IFLA_QDISC, tc(8)).</summary>
    public string QueueingDiscipline { get; init; } = "";

    /// <summary>Bytes of a packet at the most that is cut up late, when it leaves (IFLA_GSO_MAX_SIZE).</summary>
    public int SegmentationSize { get; init; }

    /// <summary>Parts at the most that such a packet is cut into (IFLA_GSO_MAX_SEGS).</summary>
    public int SegmentationCount { get; init; }

    /// <summary>Bytes at the most of what is put together of packets that come in (IFLA_GRO_MAX_SIZE).</summary>
    public int ReceiveOffloadSize { get; init; }

    /// <summary>As <see cref="SegmentationSize"/>, for IPv4 (IFLA_GSO_IPV4_MAX_SIZE). 0 before Linux 6.3.</summary>
    public int SegmentationSizeIPv4 { get; init; }

    /// <summary>As <see cref="ReceiveOffloadSize"/>, for IPv4 (IFLA_GRO_IPV4_MAX_SIZE). 0 before Linux 6.3.</summary>
    public int ReceiveOffloadSizeIPv4 { get; init; }

    /// <summary>The limit of the hardware for <see cref="SegmentationSize"/> (IFLA_TSO_MAX_SIZE).</summary>
    public int HardwareSegmentationSize { get; init; }

    /// <summary>The limit of the hardware for <see cref="SegmentationCount"/> (IFLA_TSO_MAX_SEGS).</summary>
    public int HardwareSegmentationCount { get; init; }

    /// <summary>Whether there is a carrier (IFLA_CARRIER).</summary>
    public bool HasCarrier { get; init; }

    /// <summary>How often the carrier came (IFLA_CARRIER_UP_COUNT).</summary>
    public uint CarrierUps { get; init; }

    /// <summary>How often the carrier went (IFLA_CARRIER_DOWN_COUNT).</summary>
    public uint CarrierDowns { get; init; }

    /// <summary>Whether a protocol switched it off (IFLA_PROTO_DOWN).</summary>
    public bool IsProtocolDown { get; init; }

    /// <summary>For which reasons, a bit each; the administrator gives them their meaning (IFLA_PROTO_DOWN_REASON).</summary>
    public uint ProtocolDownReasons { get; init; }

    /// <summary>How many want it promiscuous (IFLA_PROMISCUITY).</summary>
    public int Promiscuity { get; init; }

    /// <summary>How many want all multicasts of it (IFLA_ALLMULTI). 0 before Linux 6.0.</summary>
    public int AllMulticasts { get; init; }

    /// <summary>What it becomes when it is switched on and has a carrier (IFLA_LINKMODE).</summary>
    public LinkMode Mode { get; init; }

    /// <summary>How it makes its own addresses of IPv6; null where it has no IPv6 (IFLA_INET6_CONF).</summary>
    public IPv6AddressGeneration? IPv6AddressGeneration { get; init; }

    /// <summary>Whether it cannot be moved to another network namespace (IFLA_NETNS_IMMUTABLE). False before Linux 6.15.</summary>
    public bool IsNamespaceFixed { get; init; }

    /// <summary>The hardware's name of its port (IFLA_PHYS_PORT_NAME).</summary>
    public string? PhysicalPortName { get; init; }

    /// <summary>The device that it is of, as in /sys/bus (IFLA_PARENT_DEV_NAME).</summary>
    public string? DeviceName { get; init; }

    /// <summary>The bus of that device: <c>pci</c> (IFLA_PARENT_DEV_BUS_NAME).</summary>
    public string? DeviceBus { get; init; }

    /// <summary>The programs of XDP; null unless <see cref="LinkDetails.Xdp"/> was asked for, or there is none.</summary>
    public LinkXdp? Xdp { get; init; }

    /// <summary>The virtual functions of SR-IOV; empty unless <see cref="LinkDetails.VirtualFunctions"/> was asked for.</summary>
    public ImmutableArray<VirtualFunction> VirtualFunctions
    {
        get => _virtualFunctions.Items;
        init => _virtualFunctions = new Sequence<VirtualFunction>(value);
    }

    /// <summary>The counters.</summary>
    public LinkStatistics Statistics { get; init; }
}
