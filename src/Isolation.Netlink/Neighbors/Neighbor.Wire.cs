using System.Net;
using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Neighbor : IRequestBody
{
    // MAX_ADDR_LEN.
    internal const int LongestAddress = 32;

    // The first eight flags stand in the header, the others in NDA_FLAGS_EXT (NTF_EXT_SHIFT).
    internal const int ExtendedShift = 8;

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(InterfaceIndex);
        ArgumentNullException.ThrowIfNull(Address);
        if (InterfaceIndex == 0 && !Flags.HasFlag(NeighborFlags.Proxy))
            throw new ArgumentException($"The neighbour {Address} needs the index of a link.");
        CheckAddress(LinkLayerAddress);
        writer.WriteHeader(new NeighborHeader
        {
            ndm_family = IPFamily.ToKernel(Address.AddressFamily),
            ndm_ifindex = InterfaceIndex,
            ndm_state = (ushort)State,
            ndm_flags = (byte)Flags,
        });
        writer.WriteAddress(NeighborAttribute.NDA_DST, Address);
        if (LinkLayerAddress is not null)
            writer.WriteBytes(NeighborAttribute.NDA_LLADDR, LinkLayerAddress.GetAddressBytes());
        writer.Write(NeighborAttribute.NDA_PROTOCOL, Protocol);
        if ((uint)Flags >> ExtendedShift is not 0 and var extended)
            writer.Write(NeighborAttribute.NDA_FLAGS_EXT, extended);
    }

    /// <exception cref="ArgumentException">No link has such an address.</exception>
    internal static void CheckAddress(PhysicalAddress? address)
    {
        if (address?.GetAddressBytes().Length is 0 or > LongestAddress)
            throw new ArgumentException($"A hardware address has 1 to {LongestAddress} bytes.");
    }

    /// <summary>Reads the body of RTM_NEWNEIGH of an IP family.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Neighbor Read(ReadOnlySpan<byte> body)
    {
        NeighborHeader header = Message.ReadFixed<NeighborHeader>(body, out AttributeReader attributes);
        IPAddress? address = null;
        PhysicalAddress? hardware = null;
        uint flags = header.ndm_flags, probes = 0;
        RouteProtocol? protocol = null;
        int? master = null;
        NeighborTimes? times = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NeighborAttribute)attribute.Type)
            {
                case NeighborAttribute.NDA_DST:
                    address = attribute.Address;
                    break;
                case NeighborAttribute.NDA_LLADDR when !attribute.Value.IsEmpty:
                    hardware = attribute.PhysicalAddress;
                    break;
                case NeighborAttribute.NDA_FLAGS_EXT:
                    flags |= attribute.Number<uint>() << ExtendedShift;
                    break;
                case NeighborAttribute.NDA_PROBES:
                    probes = attribute.Number<uint>();
                    break;
                case NeighborAttribute.NDA_PROTOCOL:
                    protocol = attribute.Number<RouteProtocol>();
                    break;
                case NeighborAttribute.NDA_MASTER:
                    master = attribute.Number<int>();
                    break;
                case NeighborAttribute.NDA_CACHEINFO:
                    times = NeighborTimes.Read(attribute);
                    break;
            }
        }

        return new Neighbor(header.ndm_ifindex, address ?? throw NetlinkException.Malformed("a neighbour without an address"))
        {
            LinkLayerAddress = hardware,
            State = (NeighborState)header.ndm_state,
            Flags = (NeighborFlags)flags,
            Protocol = protocol,
            MasterIndex = master,
            Probes = probes,
            Times = times,
        };
    }
}
