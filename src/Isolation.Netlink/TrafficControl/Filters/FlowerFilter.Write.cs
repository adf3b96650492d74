using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record FlowerFilter
{
    private const int MacSize = 6;

    // .NET has no name for SCTP.
    private const ProtocolType Sctp = (ProtocolType)132;

    private static readonly PhysicalAddress s_wholeAddress = new([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);

    internal override void WriteOptions(MessageWriter writer, EtherType protocol)
    {
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            if (InputLink is not null)
                writer.WriteText(FlowerAttribute.TCA_FLOWER_INDEV, LinkName.Check(InputLink));
            WriteMac(writer, FlowerAttribute.TCA_FLOWER_KEY_ETH_DST, DestinationAddress, DestinationAddressMask);
            WriteMac(writer, FlowerAttribute.TCA_FLOWER_KEY_ETH_SRC, SourceAddress, SourceAddressMask);
            if (protocol != EtherType.All)
                writer.WriteBigEndian(FlowerAttribute.TCA_FLOWER_KEY_ETH_TYPE, (ushort)protocol);
            WriteVlan(writer);
            if (Protocol is { } inner)
                writer.Write(FlowerAttribute.TCA_FLOWER_KEY_IP_PROTO, (byte)inner);
            WriteNetwork(writer, FlowerAttribute.TCA_FLOWER_KEY_IPV4_SRC, FlowerAttribute.TCA_FLOWER_KEY_IPV6_SRC, Source);
            WriteNetwork(writer, FlowerAttribute.TCA_FLOWER_KEY_IPV4_DST, FlowerAttribute.TCA_FLOWER_KEY_IPV6_DST, Destination);
            WritePorts(writer, isSource: true, SourcePorts);
            WritePorts(writer, isSource: false, DestinationPorts);
            WriteIcmp(writer);
            WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_TCP_FLAGS, FlowerAttribute.TCA_FLOWER_KEY_TCP_FLAGS_MASK, TcpFlags is { } tcp ? new Masked<ushort>(BinaryPrimitives.ReverseEndianness(tcp.Value), BinaryPrimitives.ReverseEndianness(tcp.Mask)) : default(Masked<ushort>?));
            WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_IP_TOS, FlowerAttribute.TCA_FLOWER_KEY_IP_TOS_MASK, TypeOfService);
            WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_IP_TTL, FlowerAttribute.TCA_FLOWER_KEY_IP_TTL_MASK, TimeToLive);
            WriteFragment(writer);
            if (ConnectionStateMask != FlowerConnectionStates.None)
                WriteMasked<ushort>(writer, FlowerAttribute.TCA_FLOWER_KEY_CT_STATE, FlowerAttribute.TCA_FLOWER_KEY_CT_STATE_MASK, new Masked<ushort>((ushort)ConnectionState, (ushort)ConnectionStateMask));
            WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_CT_ZONE, FlowerAttribute.TCA_FLOWER_KEY_CT_ZONE_MASK, ConnectionZone);
            WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_CT_MARK, FlowerAttribute.TCA_FLOWER_KEY_CT_MARK_MASK, ConnectionMark);
            WriteShared(writer, FlowerAttribute.TCA_FLOWER_CLASSID, FlowerAttribute.TCA_FLOWER_ACT, FlowerAttribute.TCA_FLOWER_FLAGS);
        }
    }

    private void WriteVlan(MessageWriter writer)
    {
        if (Vlan is < 0 or > 4095 || VlanPriority is < 0 or > 7)
            throw new ArgumentException($"The VLAN is out of range: {Vlan}, priority {VlanPriority}.");
        writer.Write(FlowerAttribute.TCA_FLOWER_KEY_VLAN_ID, (ushort?)Vlan);
        writer.Write(FlowerAttribute.TCA_FLOWER_KEY_VLAN_PRIO, (byte?)VlanPriority);
        writer.WriteBigEndian(FlowerAttribute.TCA_FLOWER_KEY_VLAN_ETH_TYPE, (ushort?)VlanEtherType);
    }

    private void WritePorts(MessageWriter writer, bool isSource, FlowerPorts? ports)
    {
        if (ports is not { } given)
            return;
        if (given.First < 0 || given.Last > ushort.MaxValue || given.Last < given.First || (given.IsRange && given.Mask != ushort.MaxValue))
            throw new ArgumentException($"The ports are out of range: {given}.");
        if (given.IsRange)
        {
            writer.WriteBigEndian(isSource ? FlowerAttribute.TCA_FLOWER_KEY_PORT_SRC_MIN : FlowerAttribute.TCA_FLOWER_KEY_PORT_DST_MIN, (ushort)given.First);
            writer.WriteBigEndian(isSource ? FlowerAttribute.TCA_FLOWER_KEY_PORT_SRC_MAX : FlowerAttribute.TCA_FLOWER_KEY_PORT_DST_MAX, (ushort)given.Last);
            return;
        }

        (FlowerAttribute port, FlowerAttribute mask) = (Protocol, isSource) switch
        {
            (ProtocolType.Tcp, true) => (FlowerAttribute.TCA_FLOWER_KEY_TCP_SRC, FlowerAttribute.TCA_FLOWER_KEY_TCP_SRC_MASK),
            (ProtocolType.Tcp, false) => (FlowerAttribute.TCA_FLOWER_KEY_TCP_DST, FlowerAttribute.TCA_FLOWER_KEY_TCP_DST_MASK),
            (ProtocolType.Udp, true) => (FlowerAttribute.TCA_FLOWER_KEY_UDP_SRC, FlowerAttribute.TCA_FLOWER_KEY_UDP_SRC_MASK),
            (ProtocolType.Udp, false) => (FlowerAttribute.TCA_FLOWER_KEY_UDP_DST, FlowerAttribute.TCA_FLOWER_KEY_UDP_DST_MASK),
            (Sctp, true) => (FlowerAttribute.TCA_FLOWER_KEY_SCTP_SRC, FlowerAttribute.TCA_FLOWER_KEY_SCTP_SRC_MASK),
            (Sctp, false) => (FlowerAttribute.TCA_FLOWER_KEY_SCTP_DST, FlowerAttribute.TCA_FLOWER_KEY_SCTP_DST_MASK),
            _ => throw new ArgumentException($"Ports need the protocol TCP, UDP or SCTP, not {Protocol}."),
        };
        writer.WriteBigEndian(port, (ushort)given.First);
        if (given.Mask != ushort.MaxValue)
            writer.WriteBigEndian(mask, given.Mask);
    }

    private void WriteIcmp(MessageWriter writer)
    {
        if (IcmpType is null && IcmpCode is null)
            return;
        switch (Protocol)
        {
            case ProtocolType.Icmp:
                WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_TYPE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_TYPE_MASK, IcmpType);
                WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_CODE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_CODE_MASK, IcmpCode);
                break;
            case ProtocolType.IcmpV6:
                WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_TYPE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_TYPE_MASK, IcmpType);
                WriteMasked(writer, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_CODE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_CODE_MASK, IcmpCode);
                break;
            default:
                throw new ArgumentException($"A type or code of ICMP needs the protocol ICMP or ICMPv6, not {Protocol}.");
        }
    }

    private void WriteFragment(MessageWriter writer)
    {
        FlowerKeyFlags mask = Bit(IsFragment.HasValue, FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT) | Bit(IsFirstFragment.HasValue, FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST);
        FlowerKeyFlags flags = Bit(IsFragment == true, FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT) | Bit(IsFirstFragment == true, FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST);
        if (mask == FlowerKeyFlags.None)
            return;
        writer.Write(FlowerAttribute.TCA_FLOWER_KEY_FLAGS, BinaryPrimitives.ReverseEndianness((uint)flags));
        writer.Write(FlowerAttribute.TCA_FLOWER_KEY_FLAGS_MASK, BinaryPrimitives.ReverseEndianness((uint)mask));

        static FlowerKeyFlags Bit(bool isSet, FlowerKeyFlags flag) => isSet ? flag : FlowerKeyFlags.None;
    }

    // The mask follows the address in linux/pkt_cls.h.
    private static void WriteMac(MessageWriter writer, FlowerAttribute type, PhysicalAddress? address, PhysicalAddress? mask)
    {
        if (address is null && mask is not null)
            throw new ArgumentException("The mask of a MAC address needs the address.");
        if (address is null)
            return;
        writer.WriteBytes(type, Bytes(address));
        writer.WriteBytes(type + 1, Bytes(mask ?? s_wholeAddress));

        static byte[] Bytes(PhysicalAddress value)
            => value.GetAddressBytes() is { Length: MacSize } bytes ? bytes : throw new ArgumentException($"{value} is no MAC address of Ethernet.");
    }

    private static void WriteNetwork(MessageWriter writer, FlowerAttribute typeOfIPv4, FlowerAttribute typeOfIPv6, IPNetwork? network)
    {
        if (network is not { } given)
            return;
        FlowerAttribute type = given.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? typeOfIPv6 : typeOfIPv4;
        writer.WriteAddress(type, given.BaseAddress);
        Span<byte> mask = stackalloc byte[IPFamily.Size(given.BaseAddress.AddressFamily)];
        for (int i = 0, bits = given.PrefixLength; i < mask.Length && bits > 0; i++, bits -= 8)
            mask[i] = bits >= 8 ? (byte)0xFF : (byte)(0xFF00 >> bits);
        writer.WriteBytes(type + 1, mask);
    }

    private static void WriteMasked<T>(MessageWriter writer, FlowerAttribute type, FlowerAttribute maskType, Masked<T>? number)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (number is not { } given)
            return;
        writer.Write(type, given.Value);
        writer.Write(maskType, given.Mask);
    }
}
