using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record ForwardingEntry : IRequestBody
{
    private const NeighborFlags Tables = NeighborFlags.Self | NeighborFlags.Master;
    private const uint MostVni = (1 << 24) - 1;

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        Check();
        writer.WriteHeader(new NeighborHeader
        {
            ndm_family = NetlinkConstants.AF_BRIDGE,
            ndm_ifindex = InterfaceIndex,
            ndm_state = (ushort)State,
            ndm_flags = (byte)((Flags & Tables) == 0 ? Flags | NeighborFlags.Self : Flags),
        });
        writer.WriteBytes(NeighborAttribute.NDA_LLADDR, Address.GetAddressBytes());
        if (Destination is not null)
            writer.WriteAddress(NeighborAttribute.NDA_DST, Destination);
        writer.Write(NeighborAttribute.NDA_VLAN, Vlan);
        writer.WriteBigEndian(NeighborAttribute.NDA_PORT, Port);
        writer.Write(NeighborAttribute.NDA_VNI, Vni);
        writer.Write(NeighborAttribute.NDA_SRC_VNI, SourceVni);
        writer.Write(NeighborAttribute.NDA_IFINDEX, OutputInterfaceIndex);
        writer.Write(NeighborAttribute.NDA_NH_ID, NextHopId);
        if ((uint)Flags >> Neighbor.ExtendedShift is not 0 and var extended)
            writer.Write(NeighborAttribute.NDA_FLAGS_EXT, extended);
    }

    /// <summary>Reads the body of RTM_NEWNEIGH of AF_BRIDGE.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static ForwardingEntry Read(ReadOnlySpan<byte> body)
    {
        NeighborHeader header = Message.ReadFixed<NeighborHeader>(body, out AttributeReader attributes);
        var entry = new ForwardingEntry(header.ndm_ifindex, PhysicalAddress.None)
        {
            State = (NeighborState)header.ndm_state,
            Flags = (NeighborFlags)header.ndm_flags,
        };
        foreach (Wire.Attribute attribute in attributes)
            entry = entry.With(attribute);

        // The kernel tells of the bridge's table by its master alone.
        return entry.MasterIndex is not null && (entry.Flags & Tables) == 0 ? entry with { Flags = entry.Flags | NeighborFlags.Master } : entry;
    }

    private ForwardingEntry With(Wire.Attribute attribute) => (NeighborAttribute)attribute.Type switch
    {
        NeighborAttribute.NDA_LLADDR => this with { Address = attribute.PhysicalAddress },
        NeighborAttribute.NDA_DST => this with { Destination = attribute.Address },
        NeighborAttribute.NDA_VLAN => this with { Vlan = attribute.Number<ushort>() },
        NeighborAttribute.NDA_PORT => this with { Port = attribute.UInt16BigEndian },
        NeighborAttribute.NDA_VNI => this with { Vni = attribute.Number<uint>() },
        NeighborAttribute.NDA_SRC_VNI => this with { SourceVni = attribute.Number<uint>() },
        NeighborAttribute.NDA_IFINDEX => this with { OutputInterfaceIndex = attribute.Number<int>() },
        NeighborAttribute.NDA_NH_ID => this with { NextHopId = attribute.Number<int>() },
        NeighborAttribute.NDA_MASTER => this with { MasterIndex = attribute.Number<int>() },
        NeighborAttribute.NDA_FLAGS_EXT => this with { Flags = Flags | (NeighborFlags)(attribute.Number<uint>() << Neighbor.ExtendedShift) },
        NeighborAttribute.NDA_CACHEINFO => this with { Times = NeighborTimes.Read(attribute) },
        _ => this,
    };

    private void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InterfaceIndex);
        ArgumentNullException.ThrowIfNull(Address);
        Neighbor.CheckAddress(Address);
        if (Vlan > 4094)
            throw new ArgumentException($"There is no VLAN {Vlan}.");
        if (Vni > MostVni || SourceVni > MostVni)
            throw new ArgumentException($"The id of a network is at most {MostVni}.");
        if (Destination is not null && NextHopId is not null)
            throw new ArgumentException($"The entry has the destination {Destination} and the next hop {NextHopId}: one of them only.");
    }
}
