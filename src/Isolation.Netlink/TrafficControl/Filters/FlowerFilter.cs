using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Isolation.Netlink;

/// <summary>Matches packets by what their headers say, where all that is given must be so (tc-flower(8)). What a key presumes must be given too, such as <see cref="Protocol"/> for ports.</summary>
public sealed partial record FlowerFilter() : TrafficFilterKind(KindName)
{
    internal const string KindName = "flower";

    /// <summary>The name of the link that it came in by.</summary>
    public string? InputLink { get; init; }

    /// <summary>The MAC address that it comes from.</summary>
    public PhysicalAddress? SourceAddress { get; init; }

    /// <summary>Which bits of <see cref="SourceAddress"/> are compared; null for all.</summary>
    public PhysicalAddress? SourceAddressMask { get; init; }

    /// <summary>The MAC address that it goes to.</summary>
    public PhysicalAddress? DestinationAddress { get; init; }

    /// <summary>Which bits of <see cref="DestinationAddress"/> are compared; null for all.</summary>
    public PhysicalAddress? DestinationAddressMask { get; init; }

    /// <summary>The VLAN, for a filter of <see cref="EtherType.Vlan"/>: 0 to 4095.</summary>
    public int? Vlan { get; init; }

    /// <summary>The priority in the VLAN tag: 0 to 7.</summary>
    public int? VlanPriority { get; init; }

    /// <summary>What the packet carries behind its VLAN tag. It takes the place of the filter's protocol for the other keys.</summary>
    public EtherType? VlanEtherType { get; init; }

    /// <summary>The protocol within IPv4 or IPv6.</summary>
    public ProtocolType? Protocol { get; init; }

    /// <summary>The source addresses, of either family.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>The destination addresses, of either family.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>The source ports of TCP, UDP or SCTP.</summary>
    public FlowerPorts? SourcePorts { get; init; }

    /// <summary>The destination ports of TCP, UDP or SCTP.</summary>
    public FlowerPorts? DestinationPorts { get; init; }

    /// <summary>The flags of TCP: 12 bits, of which FIN is the lowest, then SYN, RST, PSH, ACK, URG.</summary>
    public Masked<ushort>? TcpFlags { get; init; }

    /// <summary>IPv4's type of service, or IPv6's traffic class.</summary>
    public Masked<byte>? TypeOfService { get; init; }

    /// <summary>IPv4's time to live, or IPv6's hop limit.</summary>
    public Masked<byte>? TimeToLive { get; init; }

    /// <summary>The type of ICMP or ICMPv6, as <see cref="Protocol"/> says.</summary>
    public Masked<byte>? IcmpType { get; init; }

    /// <summary>The code of ICMP or ICMPv6, as <see cref="Protocol"/> says.</summary>
    public Masked<byte>? IcmpCode { get; init; }

    /// <summary>Whether it is a fragment; null for either.</summary>
    public bool? IsFragment { get; init; }

    /// <summary>Whether it is the first fragment; null for either.</summary>
    public bool? IsFirstFragment { get; init; }

    /// <summary>What connection tracking says of it, as bits of <see cref="FlowerConnectionStates"/>.</summary>
    public FlowerConnectionStates ConnectionState { get; init; }

    /// <summary>Which bits of <see cref="ConnectionState"/> are compared; none for no comparison.</summary>
    public FlowerConnectionStates ConnectionStateMask { get; init; }

    /// <summary>The zone of connection tracking.</summary>
    public Masked<ushort>? ConnectionZone { get; init; }

    /// <summary>The mark of its connection.</summary>
    public Masked<uint>? ConnectionMark { get; init; }
}

/// <summary>What connection tracking says of a packet (TCA_FLOWER_KEY_CT_FLAGS_* of linux/pkt_cls.h).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1028", Justification = "The size that the wire has.")]
public enum FlowerConnectionStates : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It begins a connection (TCA_FLOWER_KEY_CT_FLAGS_NEW).</summary>
    New = 1,

    /// <summary>It belongs to a connection (TCA_FLOWER_KEY_CT_FLAGS_ESTABLISHED).</summary>
    Established = 2,

    /// <summary>It has to do with a connection (TCA_FLOWER_KEY_CT_FLAGS_RELATED).</summary>
    Related = 4,

    /// <summary>It has been tracked (TCA_FLOWER_KEY_CT_FLAGS_TRACKED).</summary>
    Tracked = 8,

    /// <summary>It fits no connection (TCA_FLOWER_KEY_CT_FLAGS_INVALID).</summary>
    Invalid = 16,

    /// <summary>It goes back to who began the connection (TCA_FLOWER_KEY_CT_FLAGS_REPLY).</summary>
    Reply = 32,
}
