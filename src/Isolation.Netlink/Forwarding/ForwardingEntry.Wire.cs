using System.Net;
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
        PhysicalAddress address = PhysicalAddress.None;
        IPAddress? destination = null;
        ushort? vlan = null, port = null;
        uint? vni = null, sourceVni = null;
        int? output = null, nextHop = null, master = null;
        NeighborTimes? times = null;
        var flags = (NeighborFlags)header.ndm_flags;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NeighborAttribute)attribute.Type)
            {
                case NeighborAttribute.NDA_LLADDR:
                    address = attribute.PhysicalAddress;
                    break;
                case NeighborAttribute.NDA_DST:
                    destination = attribute.Address;
                    break;
                case NeighborAttribute.NDA_VLAN:
                    vlan = attribute.Number<ushort>();
                    break;
                case NeighborAttribute.NDA_PORT:
                    port = attribute.UInt16BigEndian;
                    break;
                case NeighborAttribute.NDA_VNI:
                    vni = attribute.Number<uint>();
                    break;
                case NeighborAttribute.NDA_SRC_VNI:
                    sourceVni = attribute.Number<uint>();
                    break;
                case NeighborAttribute.NDA_IFINDEX:
                    output = attribute.Number<int>();
                    break;
                case NeighborAttribute.NDA_NH_ID:
                    nextHop = attribute.Number<int>();
                    break;
                case NeighborAttribute.NDA_MASTER:
                    master = attribute.Number<int>();
                    break;
                case NeighborAttribute.NDA_FLAGS_EXT:
                    flags |= (NeighborFlags)(attribute.Number<uint>() << Neighbor.ExtendedShift);
                    break;
                case NeighborAttribute.NDA_CACHEINFO:
                    times = NeighborTimes.Read(attribute);
                    break;
            }
        }

        // The kernel tells of the bridge's table by its master alone; a bridge's own addresses are reached through itself.
        if (master is not null && (flags & Tables) == 0)
            flags |= master == header.ndm_ifindex ? NeighborFlags.Self : NeighborFlags.Master;
        return new ForwardingEntry(header.ndm_ifindex, address)
        {
            State = (NeighborState)header.ndm_state,
            Flags = flags,
            Vlan = vlan,
            Destination = destination,
            Port = port,
            Vni = vni,
            SourceVni = sourceVni,
            OutputInterfaceIndex = output,
            NextHopId = nextHop,
            MasterIndex = master,
            Times = times,
        };
    }

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
