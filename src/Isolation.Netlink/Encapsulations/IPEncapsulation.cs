using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a tunnel without a fixed other end, such as a VXLAN link with <c>external</c>, is told of each packet (ip-route(8), <c>encap ip</c> and <c>encap ip6</c>).</summary>
public sealed record IPEncapsulation : RouteEncapsulation
{
    /// <summary>Describes one.</summary>
    /// <param name="destination">The other end of the tunnel; its family is that of the outer packet.</param>
    public IPEncapsulation(IPAddress destination)
        : base((int)(Checked(destination).AddressFamily == AddressFamily.InterNetworkV6 ? EncapsulationType.LWTUNNEL_ENCAP_IP6 : EncapsulationType.LWTUNNEL_ENCAP_IP))
        => Destination = destination;

    /// <summary>The other end of the tunnel.</summary>
    public IPAddress Destination { get; }

    /// <summary>The source of the outer packets; null for the kernel's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The id in the tunnel: a VNI or a key.</summary>
    public ulong Id { get; init; }

    /// <summary>The time to live or hop limit of the outer packets; 0 for the kernel's choice.</summary>
    public byte TimeToLive { get; init; }

    /// <summary>The type of service or traffic class of the outer packets.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>What the tunnel puts into its header.</summary>
    public IPEncapsulationFlags Flags { get; init; }

    /// <summary>Options of GENEVE, VXLAN or ERSPAN, as they stand inside LWTUNNEL_IP_OPTS; empty for none.</summary>
    public ImmutableArray<byte> Options { get; init; } = [];

    /// <summary>Compares all properties, the options byte by byte.</summary>
    public bool Equals(IPEncapsulation? other)
        => other is not null
            && (Id, TimeToLive, TypeOfService, Flags) == (other.Id, other.TimeToLive, other.TypeOfService, other.Flags)
            && Destination.Equals(other.Destination) && Equals(Source, other.Source)
            && Options.AsSpan().SequenceEqual(other.Options.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Destination, Source, Id, Flags);

    internal static IPEncapsulation ReadData(EncapsulationType type, AttributeReader attributes)
    {
        AddressFamily family = type == EncapsulationType.LWTUNNEL_ENCAP_IP6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        IPAddress any = IPFamily.Any(family), destination = any, source = any;
        ulong id = 0;
        byte timeToLive = 0, typeOfService = 0;
        IPEncapsulationFlags flags = 0;
        ImmutableArray<byte> options = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((IPEncapsulationAttribute)attribute.Type)
            {
                case IPEncapsulationAttribute.LWTUNNEL_IP_ID:
                    id = BinaryPrimitives.ReverseEndianness(attribute.Number<ulong>());
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_DST:
                    destination = attribute.Address;
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_SRC:
                    source = attribute.Address;
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_TTL:
                    timeToLive = attribute.Number<byte>();
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_TOS:
                    typeOfService = attribute.Number<byte>();
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_FLAGS:
                    flags = (IPEncapsulationFlags)attribute.UInt16BigEndian;
                    break;
                case IPEncapsulationAttribute.LWTUNNEL_IP_OPTS:
                    options = [.. attribute.Value];
                    break;
            }
        }

        if (destination.AddressFamily != family || source.AddressFamily != family)
            throw NetlinkException.Malformed($"the ends {source} and {destination} of a tunnel");
        return new IPEncapsulation(destination)
        {
            Source = source.Equals(any) ? null : source,
            Id = id,
            TimeToLive = timeToLive,
            TypeOfService = typeOfService,
            Flags = flags,
            Options = options,
        };
    }

    // The numbers are the same for both families (enum lwtunnel_ip_t and enum lwtunnel_ip6_t).
    private protected override void WriteAttributes(MessageWriter writer)
    {
        if (Source is not null && Source.AddressFamily != Destination.AddressFamily)
            throw new ArgumentException($"The ends of the tunnel are of different families: {Source} and {Destination}.");
        if (Options.IsDefault)
            throw new ArgumentException("The options of a tunnel cannot be a default array. Leave them out, or give an empty one.");
        writer.Write(IPEncapsulationAttribute.LWTUNNEL_IP_ID, BinaryPrimitives.ReverseEndianness(Id));
        writer.WriteAddress(IPEncapsulationAttribute.LWTUNNEL_IP_DST, Destination);
        if (Source is not null)
            writer.WriteAddress(IPEncapsulationAttribute.LWTUNNEL_IP_SRC, Source);
        if (TimeToLive != 0)
            writer.Write(IPEncapsulationAttribute.LWTUNNEL_IP_TTL, TimeToLive);
        if (TypeOfService != 0)
            writer.Write(IPEncapsulationAttribute.LWTUNNEL_IP_TOS, TypeOfService);
        if (Flags != IPEncapsulationFlags.None)
            writer.WriteBigEndian(IPEncapsulationAttribute.LWTUNNEL_IP_FLAGS, (ushort)Flags);
        if (!Options.IsEmpty)
            writer.WriteBytes(Nested(IPEncapsulationAttribute.LWTUNNEL_IP_OPTS), Options.AsSpan());
    }

    private static IPAddress Checked(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address;
    }
}

/// <summary>What a tunnel puts into its header (TUNNEL_* of linux/if_tunnel.h).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum IPEncapsulationFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A checksum (TUNNEL_CSUM).</summary>
    Checksum = 0x1,

    /// <summary>The id as a key (TUNNEL_KEY).</summary>
    Key = 0x4,

    /// <summary>Sequence numbers (TUNNEL_SEQ).</summary>
    SequenceNumbers = 0x8,
}
