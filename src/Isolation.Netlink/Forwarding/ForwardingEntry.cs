using System.Net;
using System.Net.NetworkInformation;

namespace Isolation.Netlink;

/// <summary>Where a bridge or a VXLAN link sends frames for a hardware address (bridge(8), <c>fdb</c>). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the port or of the VXLAN link.</param>
/// <param name="Address">The hardware address; of a VXLAN link, zeros for all that are not known.</param>
public sealed partial record ForwardingEntry(int InterfaceIndex, PhysicalAddress Address)
{
    /// <summary>Whether it is for good, or ages.</summary>
    public NeighborState State { get; init; } = NeighborState.Permanent;

    /// <summary>Its properties. <see cref="NeighborFlags.Master"/>: in the bridge of the port. <see cref="NeighborFlags.Self"/>, and without both: in the link itself.</summary>
    public NeighborFlags Flags { get; init; }

    /// <summary>Of a bridge: the VLAN; null for none, or for all.</summary>
    public ushort? Vlan { get; init; }

    /// <summary>Of a VXLAN link: the other end of the tunnel.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>Of a VXLAN link: the UDP port of the other end; null for that of the link.</summary>
    public ushort? Port { get; init; }

    /// <summary>Of a VXLAN link: the network's id (VNI) at the other end; null for that of the link.</summary>
    public uint? Vni { get; init; }

    /// <summary>Of a VXLAN link without an id of its own: the network's id (VNI) here.</summary>
    public uint? SourceVni { get; init; }

    /// <summary>Of a VXLAN link: the index of the link that the packets leave by; null for the kernel's choice.</summary>
    public int? OutputInterfaceIndex { get; init; }

    /// <summary>Of a VXLAN link: the id of a next-hop object for forwarding, instead of a destination; null for none.</summary>
    public int? NextHopId { get; init; }

    /// <summary>The index of the bridge that it belongs to; null for none.</summary>
    public int? MasterIndex { get; internal init; }

    /// <summary>When what; null when the kernel does not tell.</summary>
    public NeighborTimes? Times { get; internal init; }

    /// <summary>The hardware address.</summary>
    public override string ToString() => Format(Address);

    // As the kernel's tools write it, unlike PhysicalAddress.
    private static string Format(PhysicalAddress address) => BitConverter.ToString(address.GetAddressBytes()).Replace('-', ':').ToLowerInvariant();
}
