using System.Net;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Ethernet over UDP, with options (RFC 8926, ip-link(8)). What is null is left to the kernel.</summary>
public sealed record GeneveLink() : LinkKind(KindName)
{
    internal const string KindName = "geneve";

    internal GeneveLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((GeneveAttribute)attribute.Type)
            {
                case GeneveAttribute.IFLA_GENEVE_ID:
                    Id = attribute.Number<uint>();
                    break;
                case GeneveAttribute.IFLA_GENEVE_REMOTE:
                case GeneveAttribute.IFLA_GENEVE_REMOTE6:
                    Remote = attribute.Address;
                    break;
                case GeneveAttribute.IFLA_GENEVE_TTL:
                    TimeToLive = attribute.Number<byte>();
                    break;
                case GeneveAttribute.IFLA_GENEVE_TTL_INHERIT:
                    InheritTimeToLive = attribute.Boolean;
                    break;
                case GeneveAttribute.IFLA_GENEVE_TOS:
                    TypeOfService = attribute.Number<byte>();
                    break;
                case GeneveAttribute.IFLA_GENEVE_DF:
                    DontFragment = attribute.Number<TunnelDontFragment>();
                    break;
                case GeneveAttribute.IFLA_GENEVE_LABEL:
                    FlowLabel = attribute.UInt32BigEndian;
                    break;
                case GeneveAttribute.IFLA_GENEVE_PORT:
                    Port = attribute.UInt16BigEndian;
                    break;
                case GeneveAttribute.IFLA_GENEVE_PORT_RANGE:
                    SourcePorts = PortRange.Read(attribute);
                    break;
                case GeneveAttribute.IFLA_GENEVE_UDP_CSUM:
                    Checksum = attribute.Boolean;
                    break;
                case GeneveAttribute.IFLA_GENEVE_UDP_ZERO_CSUM6_TX:
                    NoChecksumSent6 = attribute.Boolean;
                    break;
                case GeneveAttribute.IFLA_GENEVE_UDP_ZERO_CSUM6_RX:
                    NoChecksumReceived6 = attribute.Boolean;
                    break;
                case GeneveAttribute.IFLA_GENEVE_COLLECT_METADATA:
                    External = attribute.IsSet;
                    break;
                case GeneveAttribute.IFLA_GENEVE_INNER_PROTO_INHERIT:
                    InnerProtocolInherit = attribute.IsSet;
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The network, of 24 bits (VNI). It cannot be changed (IFLA_GENEVE_ID).</summary>
    public uint? Id { get; init; }

    /// <summary>The other end (IFLA_GENEVE_REMOTE, IFLA_GENEVE_REMOTE6).</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The TTL of packets; 0 for the kernel's choice (IFLA_GENEVE_TTL).</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>Whether the TTL of the packet inside is taken (IFLA_GENEVE_TTL_INHERIT).</summary>
    public bool? InheritTimeToLive { get; init; }

    /// <summary>The type of service of packets; 1 takes that of the packet inside (IFLA_GENEVE_TOS).</summary>
    public byte? TypeOfService { get; init; }

    /// <summary>Whether packets may be fragmented (IFLA_GENEVE_DF).</summary>
    public TunnelDontFragment? DontFragment { get; init; }

    /// <summary>The flow label of packets, of 20 bits (IFLA_GENEVE_LABEL).</summary>
    public uint? FlowLabel { get; init; }

    /// <summary>The port of the other end: 6081 by standard. It cannot be changed (IFLA_GENEVE_PORT).</summary>
    public ushort? Port { get; init; }

    /// <summary>The ports that packets come from. Linux 6.16 (IFLA_GENEVE_PORT_RANGE).</summary>
    public PortRange? SourcePorts { get; init; }

    /// <summary>Whether packets over IPv4 have a checksum of UDP (IFLA_GENEVE_UDP_CSUM).</summary>
    public bool? Checksum { get; init; }

    /// <summary>Whether packets over IPv6 have none (IFLA_GENEVE_UDP_ZERO_CSUM6_TX).</summary>
    public bool? NoChecksumSent6 { get; init; }

    /// <summary>Whether packets over IPv6 that have none are taken (IFLA_GENEVE_UDP_ZERO_CSUM6_RX).</summary>
    public bool? NoChecksumReceived6 { get; init; }

    /// <summary>Whether each packet says itself where it goes, as tc or routes make it (IFLA_GENEVE_COLLECT_METADATA).</summary>
    public bool External { get; init; }

    /// <summary>Whether what is inside is IP rather than Ethernet (IFLA_GENEVE_INNER_PROTO_INHERIT).</summary>
    public bool InnerProtocolInherit { get; init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new GeneveLink(data), AttributeSpace.Of<GeneveAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(GeneveAttribute.IFLA_GENEVE_ID, LinkValue.Vni(Id));
        writer.WriteEither(GeneveAttribute.IFLA_GENEVE_REMOTE, GeneveAttribute.IFLA_GENEVE_REMOTE6, Remote);
        writer.Write(GeneveAttribute.IFLA_GENEVE_TTL, TimeToLive);
        writer.Write(GeneveAttribute.IFLA_GENEVE_TTL_INHERIT, InheritTimeToLive);
        writer.Write(GeneveAttribute.IFLA_GENEVE_TOS, TypeOfService);
        writer.Write(GeneveAttribute.IFLA_GENEVE_DF, DontFragment);
        writer.WriteBigEndian(GeneveAttribute.IFLA_GENEVE_LABEL, LinkValue.FlowLabel(FlowLabel));
        writer.WriteBigEndian(GeneveAttribute.IFLA_GENEVE_PORT, Port);
        writer.WriteRange(GeneveAttribute.IFLA_GENEVE_PORT_RANGE, SourcePorts);
        writer.Write(GeneveAttribute.IFLA_GENEVE_UDP_CSUM, Checksum);
        writer.Write(GeneveAttribute.IFLA_GENEVE_UDP_ZERO_CSUM6_TX, NoChecksumSent6);
        writer.Write(GeneveAttribute.IFLA_GENEVE_UDP_ZERO_CSUM6_RX, NoChecksumReceived6);
        writer.WriteFlag(GeneveAttribute.IFLA_GENEVE_COLLECT_METADATA, External);
        writer.WriteFlag(GeneveAttribute.IFLA_GENEVE_INNER_PROTO_INHERIT, InnerProtocolInherit);
    }
}
