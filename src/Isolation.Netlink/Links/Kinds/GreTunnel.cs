using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the tunnels of GRE have in common (RFC 2784, RFC 2890, ip-link(8)).</summary>
/// <remarks>
/// A change says all of it anew: what is null in it gets the value that a new tunnel has.
/// </remarks>
public abstract record GreTunnel : LinkKind
{
    private protected GreTunnel(string name)
        : base(name)
    {
    }

    private protected GreTunnel(string name, AttributeReader data)
        : base(name)
    {
        bool hasInputKey = false, hasOutputKey = false;
        foreach (Wire.Attribute attribute in data)
        {
            switch ((GreAttribute)attribute.Type)
            {
                case GreAttribute.IFLA_GRE_LOCAL:
                    Local = attribute.Address;
                    break;
                case GreAttribute.IFLA_GRE_REMOTE:
                    Remote = attribute.Address;
                    break;
                case GreAttribute.IFLA_GRE_LINK:
                    OutputIndex = attribute.Number<int>();
                    break;
                case GreAttribute.IFLA_GRE_TTL:
                    TimeToLive = attribute.Number<byte>();
                    break;
                case GreAttribute.IFLA_GRE_TOS:
                    TypeOfService = attribute.Number<byte>();
                    break;
                case GreAttribute.IFLA_GRE_IFLAGS:
                    GreFlags inputFlags = attribute.Number<GreFlags>();
                    InputChecksum = inputFlags.HasFlag(GreFlags.GRE_CSUM);
                    InputSequence = inputFlags.HasFlag(GreFlags.GRE_SEQ);
                    hasInputKey = inputFlags.HasFlag(GreFlags.GRE_KEY);
                    break;
                case GreAttribute.IFLA_GRE_IKEY:
                    InputKey = attribute.UInt32BigEndian;
                    break;
                case GreAttribute.IFLA_GRE_OFLAGS:
                    GreFlags outputFlags = attribute.Number<GreFlags>();
                    OutputChecksum = outputFlags.HasFlag(GreFlags.GRE_CSUM);
                    OutputSequence = outputFlags.HasFlag(GreFlags.GRE_SEQ);
                    hasOutputKey = outputFlags.HasFlag(GreFlags.GRE_KEY);
                    break;
                case GreAttribute.IFLA_GRE_OKEY:
                    OutputKey = attribute.UInt32BigEndian;
                    break;
                case GreAttribute.IFLA_GRE_PMTUDISC:
                    PathMtuDiscovery = attribute.Boolean;
                    break;
                case GreAttribute.IFLA_GRE_IGNORE_DF:
                    IgnoreDontFragment = attribute.Boolean;
                    break;
                case GreAttribute.IFLA_GRE_ENCAP_LIMIT:
                    EncapsulationLimit = attribute.Number<byte>();
                    break;
                case GreAttribute.IFLA_GRE_FLOWINFO:
                    FlowInformation = attribute.UInt32BigEndian;
                    break;
                case GreAttribute.IFLA_GRE_FLAGS:
                    Flags = attribute.Number<IPv6TunnelFlags>();
                    break;
                case GreAttribute.IFLA_GRE_ENCAP_TYPE:
                    Encapsulation = attribute.Number<TunnelEncapsulation>();
                    break;
                case GreAttribute.IFLA_GRE_ENCAP_FLAGS:
                    EncapsulationFlags = attribute.Number<TunnelEncapsulationFlags>();
                    break;
                case GreAttribute.IFLA_GRE_ENCAP_SPORT:
                    EncapsulationSourcePort = attribute.UInt16BigEndian;
                    break;
                case GreAttribute.IFLA_GRE_ENCAP_DPORT:
                    EncapsulationPort = attribute.UInt16BigEndian;
                    break;
                case GreAttribute.IFLA_GRE_COLLECT_METADATA:
                    External = attribute.IsSet;
                    break;
                case GreAttribute.IFLA_GRE_FWMARK:
                    Mark = attribute.Number<uint>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }

        // The kernel tells a key of zero where there is none.
        InputKey = hasInputKey ? InputKey : null;
        OutputKey = hasOutputKey ? OutputKey : null;
    }

    /// <summary>The address of this end (IFLA_GRE_LOCAL).</summary>
    public IPAddress? Local { get; init; }

    /// <summary>The address of the other end (IFLA_GRE_REMOTE).</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The index of the link by which packets leave; 0 for any (IFLA_GRE_LINK).</summary>
    public int? OutputIndex { get; init; }

    /// <summary>The TTL, or hop limit, of packets; 0 takes that of the packet inside (IFLA_GRE_TTL).</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>The type of service of packets; 1 takes that of the packet inside (IFLA_GRE_TOS).</summary>
    public byte? TypeOfService { get; init; }

    /// <summary>The key of packets that come in; null for none (IFLA_GRE_IKEY).</summary>
    public uint? InputKey { get; init; }

    /// <summary>Whether packets that come in have a checksum (GRE_CSUM in IFLA_GRE_IFLAGS).</summary>
    public bool InputChecksum { get; init; }

    /// <summary>Whether packets that come in are numbered (GRE_SEQ in IFLA_GRE_IFLAGS).</summary>
    public bool InputSequence { get; init; }

    /// <summary>The key of packets that go out; null for none (IFLA_GRE_OKEY).</summary>
    public uint? OutputKey { get; init; }

    /// <summary>Whether packets that go out have a checksum (GRE_CSUM in IFLA_GRE_OFLAGS).</summary>
    public bool OutputChecksum { get; init; }

    /// <summary>Whether packets that go out are numbered (GRE_SEQ in IFLA_GRE_OFLAGS).</summary>
    public bool OutputSequence { get; init; }

    /// <summary>Over IPv4: whether packets are not fragmented. It must be so with a TTL (IFLA_GRE_PMTUDISC).</summary>
    public bool? PathMtuDiscovery { get; init; }

    /// <summary>Over IPv4: whether packets are fragmented even if the packet inside may not be (IFLA_GRE_IGNORE_DF).</summary>
    public bool? IgnoreDontFragment { get; init; }

    /// <summary>Over IPv6: how many tunnels may be inside each other (IFLA_GRE_ENCAP_LIMIT).</summary>
    public byte? EncapsulationLimit { get; init; }

    /// <summary>Over IPv6: traffic class and flow label of packets, of 28 bits (IFLA_GRE_FLOWINFO).</summary>
    public uint? FlowInformation { get; init; }

    /// <summary>Over IPv6: what is taken from the packet inside (IFLA_GRE_FLAGS).</summary>
    public IPv6TunnelFlags? Flags { get; init; }

    /// <summary>What the tunnel itself is put into (IFLA_GRE_ENCAP_TYPE).</summary>
    public TunnelEncapsulation? Encapsulation { get; init; }

    /// <summary>Its checksums (IFLA_GRE_ENCAP_FLAGS).</summary>
    public TunnelEncapsulationFlags? EncapsulationFlags { get; init; }

    /// <summary>The port of UDP that it comes from; 0 for any (IFLA_GRE_ENCAP_SPORT).</summary>
    public ushort? EncapsulationSourcePort { get; init; }

    /// <summary>The port of UDP that it goes to (IFLA_GRE_ENCAP_DPORT).</summary>
    public ushort? EncapsulationPort { get; init; }

    /// <summary>Whether each packet says itself where it goes, as tc or routes make it (IFLA_GRE_COLLECT_METADATA).</summary>
    public bool External { get; init; }

    /// <summary>The mark that its packets are routed by; 0 for none (IFLA_GRE_FWMARK).</summary>
    public uint? Mark { get; init; }

    /// <summary>The family of the addresses of its ends.</summary>
    private protected abstract AddressFamily Family { get; }

    private protected override void WriteData(MessageWriter writer)
    {
        writer.WriteAddress(GreAttribute.IFLA_GRE_LOCAL, Local, Family);
        writer.WriteAddress(GreAttribute.IFLA_GRE_REMOTE, Remote, Family);
        writer.Write(GreAttribute.IFLA_GRE_LINK, LinkValue.NotNegative(OutputIndex, nameof(OutputIndex)));
        writer.Write(GreAttribute.IFLA_GRE_TTL, TimeToLive);
        writer.Write(GreAttribute.IFLA_GRE_TOS, TypeOfService);
        writer.Write(GreAttribute.IFLA_GRE_IFLAGS, ToFlags(InputKey, InputChecksum, InputSequence));
        writer.WriteBigEndian(GreAttribute.IFLA_GRE_IKEY, InputKey);
        writer.Write(GreAttribute.IFLA_GRE_OFLAGS, ToFlags(OutputKey, OutputChecksum, OutputSequence));
        writer.WriteBigEndian(GreAttribute.IFLA_GRE_OKEY, OutputKey);
        writer.Write(GreAttribute.IFLA_GRE_PMTUDISC, PathMtuDiscovery);
        writer.Write(GreAttribute.IFLA_GRE_IGNORE_DF, IgnoreDontFragment);
        writer.Write(GreAttribute.IFLA_GRE_ENCAP_LIMIT, EncapsulationLimit);
        writer.WriteBigEndian(GreAttribute.IFLA_GRE_FLOWINFO, FlowInformation);
        writer.Write(GreAttribute.IFLA_GRE_FLAGS, Flags);
        writer.Write(GreAttribute.IFLA_GRE_ENCAP_TYPE, Encapsulation);
        writer.Write(GreAttribute.IFLA_GRE_ENCAP_FLAGS, EncapsulationFlags);
        writer.WriteBigEndian(GreAttribute.IFLA_GRE_ENCAP_SPORT, EncapsulationSourcePort);
        writer.WriteBigEndian(GreAttribute.IFLA_GRE_ENCAP_DPORT, EncapsulationPort);
        writer.WriteFlag(GreAttribute.IFLA_GRE_COLLECT_METADATA, External);
        writer.Write(GreAttribute.IFLA_GRE_FWMARK, Mark);
    }

    private static GreFlags ToFlags(uint? key, bool checksum, bool sequence)
        => (key is null ? GreFlags.None : GreFlags.GRE_KEY) | (checksum ? GreFlags.GRE_CSUM : GreFlags.None) | (sequence ? GreFlags.GRE_SEQ : GreFlags.None);
}
