using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Link
{
    /// <summary>Describes a link of which nothing is said yet.</summary>
    public Link()
    {
    }

    private Link(ReadOnlySpan<byte> body, LinkDetails details)
    {
        LinkHeader header = Message.ReadFixed<LinkHeader>(body, out AttributeReader attributes);
        Index = header.ifi_index;
        HardwareType = header.ifi_type;
        Flags = (LinkFlags)header.ifi_flags;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((LinkAttribute)attribute.Type)
            {
                case LinkAttribute.IFLA_IFNAME:
                    Name = attribute.Text;
                    break;
                case LinkAttribute.IFLA_IFALIAS:
                    Alias = attribute.Text;
                    break;
                case LinkAttribute.IFLA_PROP_LIST:
                    AlternativeNames = ReadAlternativeNames(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_LINKINFO:
                    Kind = LinkKind.Read(attribute.Attributes);
                    Port = LinkPort.Read(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_OPERSTATE:
                    OperationalState = attribute.Number<LinkOperationalState>();
                    break;
                case LinkAttribute.IFLA_LINKMODE:
                    Mode = attribute.Number<LinkMode>();
                    break;
                case LinkAttribute.IFLA_ADDRESS:
                    Address = attribute.PhysicalAddress;
                    break;
                case LinkAttribute.IFLA_BROADCAST:
                    Broadcast = attribute.PhysicalAddress;
                    break;
                case LinkAttribute.IFLA_PERM_ADDRESS:
                    PermanentAddress = attribute.PhysicalAddress;
                    break;
                case LinkAttribute.IFLA_MTU:
                    Mtu = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_MIN_MTU:
                    MinimumMtu = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_MAX_MTU:
                    MaximumMtu = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_MASTER:
                    MasterIndex = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_LINK:
                    ParentIndex = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_LINK_NETNSID:
                    ParentNamespaceId = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GROUP:
                    Group = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_TXQLEN:
                    TransmitQueueLength = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_NUM_TX_QUEUES:
                    TransmitQueues = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_NUM_RX_QUEUES:
                    ReceiveQueues = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_QDISC:
                    QueueingDiscipline = attribute.Text;
                    break;
                case LinkAttribute.IFLA_GSO_MAX_SIZE:
                    SegmentationSize = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GSO_MAX_SEGS:
                    SegmentationCount = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GRO_MAX_SIZE:
                    ReceiveOffloadSize = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GSO_IPV4_MAX_SIZE:
                    SegmentationSizeIPv4 = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GRO_IPV4_MAX_SIZE:
                    ReceiveOffloadSizeIPv4 = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_TSO_MAX_SIZE:
                    HardwareSegmentationSize = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_TSO_MAX_SEGS:
                    HardwareSegmentationCount = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_CARRIER:
                    HasCarrier = attribute.Boolean;
                    break;
                case LinkAttribute.IFLA_CARRIER_UP_COUNT:
                    CarrierUps = attribute.Number<uint>();
                    break;
                case LinkAttribute.IFLA_CARRIER_DOWN_COUNT:
                    CarrierDowns = attribute.Number<uint>();
                    break;
                case LinkAttribute.IFLA_PROTO_DOWN:
                    IsProtocolDown = attribute.Boolean;
                    break;
                case LinkAttribute.IFLA_PROTO_DOWN_REASON:
                    ProtocolDownReasons = ReadProtocolDownReasons(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_PROMISCUITY:
                    Promiscuity = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_ALLMULTI:
                    AllMulticasts = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_AF_SPEC when header.ifi_family == NetlinkConstants.AF_UNSPEC:
                    IPv6AddressGeneration = ReadIPv6(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_NETNS_IMMUTABLE:
                    IsNamespaceFixed = attribute.Boolean;
                    break;
                case LinkAttribute.IFLA_PHYS_PORT_NAME:
                    PhysicalPortName = attribute.Text;
                    break;
                case LinkAttribute.IFLA_PARENT_DEV_NAME:
                    DeviceName = attribute.Text;
                    break;
                case LinkAttribute.IFLA_PARENT_DEV_BUS_NAME:
                    DeviceBus = attribute.Text;
                    break;
                case LinkAttribute.IFLA_XDP when details.HasFlag(LinkDetails.Xdp):
                    Xdp = LinkXdp.Read(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_VFINFO_LIST when details.HasFlag(LinkDetails.VirtualFunctions):
                    VirtualFunctions = VirtualFunction.ReadList(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_STATS64:
                    Statistics = LinkStatistics.From(attribute.Struct<LinkStatisticsData>());
                    break;
            }
        }
    }

    /// <summary>Reads the body of RTM_NEWLINK.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Link Read(ReadOnlySpan<byte> body) => new(body, LinkDetails.None);

    /// <summary>Reads the body of RTM_NEWLINK, with details.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Link Read(ReadOnlySpan<byte> body, LinkDetails details) => new(body, details);

    private static ImmutableArray<string> ReadAlternativeNames(AttributeReader properties)
    {
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        foreach (Wire.Attribute property in properties)
        {
            if (property.Type == (ushort)LinkAttribute.IFLA_ALT_IFNAME)
                names.Add(property.Text);
        }

        return names.DrainToImmutable();
    }

    private static uint ReadProtocolDownReasons(AttributeReader attributes)
    {
        uint reasons = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)ProtocolDownReasonAttribute.IFLA_PROTO_DOWN_REASON_VALUE)
                reasons = attribute.Number<uint>();
        }

        return reasons;
    }

    private static IPv6AddressGeneration? ReadIPv6(AttributeReader families)
    {
        const int Place = (int)IPv6Setting.DEVCONF_ADDR_GEN_MODE * sizeof(int);
        IPv6AddressGeneration? generation = null;
        foreach (Wire.Attribute family in families)
        {
            if (family.Type != (ushort)LinkFamilyAttribute.AF_INET6)
                continue;
            foreach (Wire.Attribute attribute in family.Attributes)
            {
                // The settings are told in any case; IFLA_INET6_ADDR_GEN_MODE only together with the statistics.
                if (attribute.Type == (ushort)LinkIPv6Attribute.IFLA_INET6_ADDR_GEN_MODE)
                    generation = attribute.Number<IPv6AddressGeneration>();
                else if (attribute.Type == (ushort)LinkIPv6Attribute.IFLA_INET6_CONF && attribute.Value.Length >= Place + sizeof(int))
                    generation = (IPv6AddressGeneration)MemoryMarshal.Read<int>(attribute.Value[Place..]);
            }
        }

        return generation;
    }
}
