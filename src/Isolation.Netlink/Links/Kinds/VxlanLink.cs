using System.Buffers.Binary;
using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Ethernet over UDP (RFC 7348, ip-link(8)). What is null is left to the kernel.</summary>
public sealed record VxlanLink() : LinkKind(KindName)
{
    internal const string KindName = "vxlan";

    internal VxlanLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((VxlanAttribute)attribute.Type)
            {
                case VxlanAttribute.IFLA_VXLAN_ID:
                    Id = attribute.Number<uint>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_GROUP:
                case VxlanAttribute.IFLA_VXLAN_GROUP6:
                    Remote = attribute.Address;
                    break;
                case VxlanAttribute.IFLA_VXLAN_LOCAL:
                case VxlanAttribute.IFLA_VXLAN_LOCAL6:
                    Local = attribute.Address;
                    break;
                case VxlanAttribute.IFLA_VXLAN_LINK:
                    OutputIndex = attribute.Number<int>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_TTL:
                    TimeToLive = attribute.Number<byte>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_TTL_INHERIT:
                    InheritTimeToLive = attribute.IsSet;
                    break;
                case VxlanAttribute.IFLA_VXLAN_TOS:
                    TypeOfService = attribute.Number<byte>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_DF:
                    DontFragment = attribute.Number<TunnelDontFragment>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_LABEL:
                    FlowLabel = attribute.UInt32BigEndian;
                    break;
                case VxlanAttribute.IFLA_VXLAN_LABEL_POLICY:
                    FlowLabelPolicy = attribute.Number<VxlanFlowLabelPolicy>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_PORT:
                    Port = attribute.UInt16BigEndian;
                    break;
                case VxlanAttribute.IFLA_VXLAN_PORT_RANGE:
                    SourcePorts = PortRange.Read(attribute);
                    break;
                case VxlanAttribute.IFLA_VXLAN_LEARNING:
                    Learning = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_AGEING:
                    AgeingTime = attribute.Time(LinkTime.Second);
                    break;
                case VxlanAttribute.IFLA_VXLAN_LIMIT:
                    AddressLimit = attribute.Number<uint>();
                    break;
                case VxlanAttribute.IFLA_VXLAN_PROXY:
                    Proxy = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_RSC:
                    RouteShortCircuit = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_L2MISS:
                    L2Miss = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_L3MISS:
                    L3Miss = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_UDP_CSUM:
                    Checksum = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_UDP_ZERO_CSUM6_TX:
                    NoChecksumSent6 = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_UDP_ZERO_CSUM6_RX:
                    NoChecksumReceived6 = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_REMCSUM_TX:
                    RemoteChecksumSent = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_REMCSUM_RX:
                    RemoteChecksumReceived = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_REMCSUM_NOPARTIAL:
                    RemoteChecksumNoPartial = attribute.IsSet;
                    break;
                case VxlanAttribute.IFLA_VXLAN_GBP:
                    GroupPolicy = attribute.IsSet;
                    break;
                case VxlanAttribute.IFLA_VXLAN_GPE:
                    GenericProtocol = attribute.IsSet;
                    break;
                case VxlanAttribute.IFLA_VXLAN_COLLECT_METADATA:
                    External = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_VNIFILTER:
                    NetworkFilter = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_LOCALBYPASS:
                    LocalBypass = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_MC_ROUTE:
                    MulticastRouting = attribute.Boolean;
                    break;
                case VxlanAttribute.IFLA_VXLAN_RESERVED_BITS:
                    ReservedBits = BinaryPrimitives.ReverseEndianness(attribute.Number<ulong>());
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The network, of 24 bits (VNI). It cannot be changed (IFLA_VXLAN_ID).</summary>
    public uint? Id { get; init; }

    /// <summary>The other end, or the group that all ends are in (IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6).</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The address of this end (IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6).</summary>
    public IPAddress? Local { get; init; }

    /// <summary>The index of the link by which packets leave (IFLA_VXLAN_LINK).</summary>
    public int? OutputIndex { get; init; }

    /// <summary>The TTL of packets; 0 for the kernel's choice (IFLA_VXLAN_TTL).</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>Whether the TTL of the packet inside is taken (IFLA_VXLAN_TTL_INHERIT).</summary>
    public bool InheritTimeToLive { get; init; }

    /// <summary>The type of service of packets; 1 takes that of the packet inside (IFLA_VXLAN_TOS).</summary>
    public byte? TypeOfService { get; init; }

    /// <summary>Whether packets may be fragmented (IFLA_VXLAN_DF).</summary>
    public TunnelDontFragment? DontFragment { get; init; }

    /// <summary>The flow label of packets, of 20 bits (IFLA_VXLAN_LABEL).</summary>
    public uint? FlowLabel { get; init; }

    /// <summary>Where the flow label is from. Linux 6.8 (IFLA_VXLAN_LABEL_POLICY).</summary>
    public VxlanFlowLabelPolicy? FlowLabelPolicy { get; init; }

    /// <summary>The port of the other end: 4789 by standard, 8472 in Linux. It cannot be changed (IFLA_VXLAN_PORT).</summary>
    public ushort? Port { get; init; }

    /// <summary>The ports that packets come from (IFLA_VXLAN_PORT_RANGE).</summary>
    public PortRange? SourcePorts { get; init; }

    /// <summary>Whether it learns behind which end an address is (IFLA_VXLAN_LEARNING).</summary>
    public bool? Learning { get; init; }

    /// <summary>After what time without a packet an address is forgotten, in seconds (IFLA_VXLAN_AGEING).</summary>
    public TimeSpan? AgeingTime { get; init; }

    /// <summary>Addresses at the most; 0 for no limit (IFLA_VXLAN_LIMIT).</summary>
    public uint? AddressLimit { get; init; }

    /// <summary>Whether it answers ARP and neighbour discovery itself (IFLA_VXLAN_PROXY).</summary>
    public bool? Proxy { get; init; }

    /// <summary>Whether packets to a router are led to the end itself (IFLA_VXLAN_RSC).</summary>
    public bool? RouteShortCircuit { get; init; }

    /// <summary>Whether it tells of unknown MAC addresses (IFLA_VXLAN_L2MISS).</summary>
    public bool? L2Miss { get; init; }

    /// <summary>Whether it tells of unknown IP addresses (IFLA_VXLAN_L3MISS).</summary>
    public bool? L3Miss { get; init; }

    /// <summary>Whether packets over IPv4 have a checksum of UDP (IFLA_VXLAN_UDP_CSUM).</summary>
    public bool? Checksum { get; init; }

    /// <summary>Whether packets over IPv6 have none (IFLA_VXLAN_UDP_ZERO_CSUM6_TX).</summary>
    public bool? NoChecksumSent6 { get; init; }

    /// <summary>Whether packets over IPv6 that have none are taken (IFLA_VXLAN_UDP_ZERO_CSUM6_RX).</summary>
    public bool? NoChecksumReceived6 { get; init; }

    /// <summary>Whether the checksum inside is left to the other end (IFLA_VXLAN_REMCSUM_TX).</summary>
    public bool? RemoteChecksumSent { get; init; }

    /// <summary>Whether checksums that were left to this end are made (IFLA_VXLAN_REMCSUM_RX).</summary>
    public bool? RemoteChecksumReceived { get; init; }

    /// <summary>Whether they are made in full (IFLA_VXLAN_REMCSUM_NOPARTIAL).</summary>
    public bool RemoteChecksumNoPartial { get; init; }

    /// <summary>Whether packets have a group of the policy extension (IFLA_VXLAN_GBP).</summary>
    public bool GroupPolicy { get; init; }

    /// <summary>Whether what is inside can be other than Ethernet (IFLA_VXLAN_GPE).</summary>
    public bool GenericProtocol { get; init; }

    /// <summary>Whether each packet says itself where it goes, as tc or routes make it (IFLA_VXLAN_COLLECT_METADATA).</summary>
    public bool? External { get; init; }

    /// <summary>With <see cref="External"/>: whether only networks in a list are taken. Linux 5.18 (IFLA_VXLAN_VNIFILTER).</summary>
    public bool? NetworkFilter { get; init; }

    /// <summary>Whether packets to this machine stay in the kernel. Linux 6.5 (IFLA_VXLAN_LOCALBYPASS).</summary>
    public bool? LocalBypass { get; init; }

    /// <summary>Whether multicasts are routed. Linux 6.16 (IFLA_VXLAN_MC_ROUTE).</summary>
    public bool? MulticastRouting { get; init; }

    /// <summary>The bits of the header that must be zero and are none of the known ones, as 64 bits in network byte order (IFLA_VXLAN_RESERVED_BITS). Linux 6.14.</summary>
    public ulong? ReservedBits { get; init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new VxlanLink(data), AttributeSpace.Of<VxlanAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(VxlanAttribute.IFLA_VXLAN_ID, LinkValue.Vni(Id));
        writer.WriteEither(VxlanAttribute.IFLA_VXLAN_GROUP, VxlanAttribute.IFLA_VXLAN_GROUP6, Remote);
        writer.WriteEither(VxlanAttribute.IFLA_VXLAN_LOCAL, VxlanAttribute.IFLA_VXLAN_LOCAL6, Local);
        writer.Write(VxlanAttribute.IFLA_VXLAN_LINK, LinkValue.NotNegative(OutputIndex, nameof(OutputIndex)));
        writer.Write(VxlanAttribute.IFLA_VXLAN_TTL, TimeToLive);
        writer.WriteFlag(VxlanAttribute.IFLA_VXLAN_TTL_INHERIT, InheritTimeToLive);
        writer.Write(VxlanAttribute.IFLA_VXLAN_TOS, TypeOfService);
        writer.Write(VxlanAttribute.IFLA_VXLAN_DF, DontFragment);
        writer.WriteBigEndian(VxlanAttribute.IFLA_VXLAN_LABEL, LinkValue.FlowLabel(FlowLabel));
        writer.Write(VxlanAttribute.IFLA_VXLAN_LABEL_POLICY, FlowLabelPolicy);
        writer.WriteBigEndian(VxlanAttribute.IFLA_VXLAN_PORT, Port);
        writer.WriteRange(VxlanAttribute.IFLA_VXLAN_PORT_RANGE, SourcePorts);
        writer.Write(VxlanAttribute.IFLA_VXLAN_LEARNING, Learning);
        writer.WriteTime(VxlanAttribute.IFLA_VXLAN_AGEING, AgeingTime, LinkTime.Second);
        writer.Write(VxlanAttribute.IFLA_VXLAN_LIMIT, AddressLimit);
        writer.Write(VxlanAttribute.IFLA_VXLAN_PROXY, Proxy);
        writer.Write(VxlanAttribute.IFLA_VXLAN_RSC, RouteShortCircuit);
        writer.Write(VxlanAttribute.IFLA_VXLAN_L2MISS, L2Miss);
        writer.Write(VxlanAttribute.IFLA_VXLAN_L3MISS, L3Miss);
        writer.Write(VxlanAttribute.IFLA_VXLAN_UDP_CSUM, Checksum);
        writer.Write(VxlanAttribute.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, NoChecksumSent6);
        writer.Write(VxlanAttribute.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, NoChecksumReceived6);
        writer.Write(VxlanAttribute.IFLA_VXLAN_REMCSUM_TX, RemoteChecksumSent);
        writer.Write(VxlanAttribute.IFLA_VXLAN_REMCSUM_RX, RemoteChecksumReceived);
        writer.WriteFlag(VxlanAttribute.IFLA_VXLAN_REMCSUM_NOPARTIAL, RemoteChecksumNoPartial);
        writer.WriteFlag(VxlanAttribute.IFLA_VXLAN_GBP, GroupPolicy);
        writer.WriteFlag(VxlanAttribute.IFLA_VXLAN_GPE, GenericProtocol);
        writer.Write(VxlanAttribute.IFLA_VXLAN_COLLECT_METADATA, External);
        writer.Write(VxlanAttribute.IFLA_VXLAN_VNIFILTER, NetworkFilter);
        writer.Write(VxlanAttribute.IFLA_VXLAN_LOCALBYPASS, LocalBypass);
        writer.Write(VxlanAttribute.IFLA_VXLAN_MC_ROUTE, MulticastRouting);
        writer.Write(VxlanAttribute.IFLA_VXLAN_RESERVED_BITS, ReservedBits is { } bits ? BinaryPrimitives.ReverseEndianness(bits) : default(ulong?));
    }
}
