using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the tunnels of IP in IP have in common (ip-link(8)).</summary>
/// <remarks>
/// A change says all of it anew: what is null in it gets the value that a new tunnel has.
/// </remarks>
public abstract record IPTunnel : LinkKind
{
    private protected IPTunnel(string name)
        : base(name)
    {
    }

    private protected IPTunnel(string name, AttributeReader data)
        : base(name)
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((IPTunnelAttribute)attribute.Type)
            {
                case IPTunnelAttribute.IFLA_IPTUN_LOCAL:
                    Local = attribute.Address;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_REMOTE:
                    Remote = attribute.Address;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_LINK:
                    OutputIndex = attribute.Number<int>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_TTL:
                    TimeToLive = attribute.Number<byte>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_TOS:
                    TypeOfService = attribute.Number<byte>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_PROTO:
                    Protocol = attribute.Number<byte>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_PMTUDISC:
                    PathMtuDiscovery = attribute.Boolean;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_ENCAP_LIMIT:
                    EncapsulationLimit = attribute.Number<byte>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_FLOWINFO:
                    FlowInformation = attribute.UInt32BigEndian;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_FLAGS when attribute.Value.Length == sizeof(ushort):
                    Isatap = attribute.Number<ushort>() != 0;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_FLAGS:
                    Flags = attribute.Number<IPv6TunnelFlags>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_6RD_PREFIX:
                    RapidDeploymentPrefix = attribute.Address;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_6RD_PREFIXLEN:
                    RapidDeploymentPrefixLength = attribute.Number<ushort>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_6RD_RELAY_PREFIX:
                    RapidDeploymentRelayPrefix = attribute.Address;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_6RD_RELAY_PREFIXLEN:
                    RapidDeploymentRelayPrefixLength = attribute.Number<ushort>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_ENCAP_TYPE:
                    Encapsulation = attribute.Number<TunnelEncapsulation>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_ENCAP_FLAGS:
                    EncapsulationFlags = attribute.Number<TunnelEncapsulationFlags>();
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_ENCAP_SPORT:
                    EncapsulationSourcePort = attribute.UInt16BigEndian;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_ENCAP_DPORT:
                    EncapsulationPort = attribute.UInt16BigEndian;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_COLLECT_METADATA:
                    External = attribute.IsSet;
                    break;
                case IPTunnelAttribute.IFLA_IPTUN_FWMARK:
                    Mark = attribute.Number<uint>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The address of this end (IFLA_IPTUN_LOCAL).</summary>
    public IPAddress? Local { get; init; }

    /// <summary>The address of the other end (IFLA_IPTUN_REMOTE).</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The index of the link by which packets leave; 0 for any (IFLA_IPTUN_LINK).</summary>
    public int? OutputIndex { get; init; }

    /// <summary>The TTL, or hop limit, of packets; 0 takes that of the packet inside (IFLA_IPTUN_TTL).</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>Over IPv4: the type of service of packets; 1 takes that of the packet inside (IFLA_IPTUN_TOS).</summary>
    public byte? TypeOfService { get; init; }

    /// <summary>What is inside: 4 for IPv4, 41 for IPv6, 137 for MPLS, 0 for all that is possible (IFLA_IPTUN_PROTO).</summary>
    public byte? Protocol { get; init; }

    /// <summary>Over IPv4: whether packets are not fragmented. It must be so with a TTL (IFLA_IPTUN_PMTUDISC).</summary>
    public bool? PathMtuDiscovery { get; init; }

    /// <summary>Over IPv6: how many tunnels may be inside each other (IFLA_IPTUN_ENCAP_LIMIT).</summary>
    public byte? EncapsulationLimit { get; init; }

    /// <summary>Over IPv6: traffic class and flow label of packets, of 28 bits (IFLA_IPTUN_FLOWINFO).</summary>
    public uint? FlowInformation { get; init; }

    /// <summary>Over IPv6: what is taken from the packet inside (IFLA_IPTUN_FLAGS).</summary>
    public IPv6TunnelFlags? Flags { get; init; }

    /// <summary>IPv6 over IPv4: whether it is one of ISATAP, RFC 5214 (SIT_ISATAP in IFLA_IPTUN_FLAGS).</summary>
    public bool? Isatap { get; init; }

    /// <summary>IPv6 over IPv4: the prefix of the provider, RFC 5969 (IFLA_IPTUN_6RD_PREFIX).</summary>
    public IPAddress? RapidDeploymentPrefix { get; init; }

    /// <summary>IPv6 over IPv4: its length (IFLA_IPTUN_6RD_PREFIXLEN).</summary>
    public ushort? RapidDeploymentPrefixLength { get; init; }

    /// <summary>IPv6 over IPv4: the prefix of the provider's IPv4 addresses (IFLA_IPTUN_6RD_RELAY_PREFIX).</summary>
    public IPAddress? RapidDeploymentRelayPrefix { get; init; }

    /// <summary>IPv6 over IPv4: its length (IFLA_IPTUN_6RD_RELAY_PREFIXLEN).</summary>
    public ushort? RapidDeploymentRelayPrefixLength { get; init; }

    /// <summary>What the tunnel itself is put into (IFLA_IPTUN_ENCAP_TYPE).</summary>
    public TunnelEncapsulation? Encapsulation { get; init; }

    /// <summary>Its checksums (IFLA_IPTUN_ENCAP_FLAGS).</summary>
    public TunnelEncapsulationFlags? EncapsulationFlags { get; init; }

    /// <summary>The port of UDP that it comes from; 0 for any (IFLA_IPTUN_ENCAP_SPORT).</summary>
    public ushort? EncapsulationSourcePort { get; init; }

    /// <summary>The port of UDP that it goes to (IFLA_IPTUN_ENCAP_DPORT).</summary>
    public ushort? EncapsulationPort { get; init; }

    /// <summary>Whether each packet says itself where it goes, as tc or routes make it (IFLA_IPTUN_COLLECT_METADATA).</summary>
    public bool External { get; init; }

    /// <summary>The mark that its packets are routed by; 0 for none (IFLA_IPTUN_FWMARK).</summary>
    public uint? Mark { get; init; }

    /// <summary>The family of the addresses of its ends.</summary>
    private protected abstract AddressFamily Family { get; }

    private protected override void WriteData(MessageWriter writer)
    {
        writer.WriteAddress(IPTunnelAttribute.IFLA_IPTUN_LOCAL, Local, Family);
        writer.WriteAddress(IPTunnelAttribute.IFLA_IPTUN_REMOTE, Remote, Family);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_LINK, LinkValue.NotNegative(OutputIndex, nameof(OutputIndex)));
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_TTL, TimeToLive);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_TOS, TypeOfService);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_PROTO, Protocol);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_PMTUDISC, PathMtuDiscovery);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_ENCAP_LIMIT, EncapsulationLimit);
        writer.WriteBigEndian(IPTunnelAttribute.IFLA_IPTUN_FLOWINFO, FlowInformation);
        if (Family == AddressFamily.InterNetworkV6)
            writer.Write(IPTunnelAttribute.IFLA_IPTUN_FLAGS, Flags);
        else
            writer.Write(IPTunnelAttribute.IFLA_IPTUN_FLAGS, Isatap is { } isatap ? (ushort)(isatap ? 1 : 0) : default(ushort?));
        writer.WriteAddress(IPTunnelAttribute.IFLA_IPTUN_6RD_PREFIX, RapidDeploymentPrefix, AddressFamily.InterNetworkV6);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_6RD_PREFIXLEN, RapidDeploymentPrefixLength);
        writer.WriteAddress(IPTunnelAttribute.IFLA_IPTUN_6RD_RELAY_PREFIX, RapidDeploymentRelayPrefix, AddressFamily.InterNetwork);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_6RD_RELAY_PREFIXLEN, RapidDeploymentRelayPrefixLength);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_ENCAP_TYPE, Encapsulation);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_ENCAP_FLAGS, EncapsulationFlags);
        writer.WriteBigEndian(IPTunnelAttribute.IFLA_IPTUN_ENCAP_SPORT, EncapsulationSourcePort);
        writer.WriteBigEndian(IPTunnelAttribute.IFLA_IPTUN_ENCAP_DPORT, EncapsulationPort);
        writer.WriteFlag(IPTunnelAttribute.IFLA_IPTUN_COLLECT_METADATA, External);
        writer.Write(IPTunnelAttribute.IFLA_IPTUN_FWMARK, Mark);
    }
}
