using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which forwarding entries are listed. The kernel does the filtering.</summary>
public sealed record ForwardingFilter : IRequestBody
{
    /// <summary>The index of the port, the VXLAN link or the bridge; null for all.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>The index of the bridge that the ports belong to; null for all.</summary>
    public int? MasterIndex { get; init; }

    internal static ForwardingFilter All { get; } = new();

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new NeighborHeader { ndm_family = NetlinkConstants.AF_BRIDGE, ndm_ifindex = InterfaceIndex ?? 0 });
        writer.Write(NeighborAttribute.NDA_MASTER, MasterIndex);
    }
}

/// <summary>Asks for one entry.</summary>
internal readonly record struct GetForwardingEntryRequest(int InterfaceIndex, PhysicalAddress Address, ushort? Vlan, bool IsMaster) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        Neighbor.CheckAddress(Address);
        writer.WriteHeader(new NeighborHeader
        {
            ndm_family = NetlinkConstants.AF_BRIDGE,
            ndm_ifindex = InterfaceIndex,
            ndm_flags = (byte)(IsMaster ? NeighborFlags.Master : NeighborFlags.Self),
        });
        writer.WriteBytes(NeighborAttribute.NDA_LLADDR, Address.GetAddressBytes());
        writer.Write(NeighborAttribute.NDA_VLAN, Vlan);
    }
}
