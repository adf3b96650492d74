using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Packets are sent along segments, with a routing header of IPv6 (ip-route(8), <c>encap seg6</c>; RFC 8754).</summary>
public sealed record SegmentRoutingEncapsulation : RouteEncapsulation
{
    /// <summary>Describes one.</summary>
    /// <param name="segments">The IPv6 addresses that packets pass, in that order.</param>
    public SegmentRoutingEncapsulation(params ImmutableArray<IPAddress> segments)
        : base((int)EncapsulationType.LWTUNNEL_ENCAP_SEG6)
        => Segments = segments.IsDefault ? [] : segments;

    /// <summary>The IPv6 addresses that packets pass, in that order.</summary>
    public ImmutableArray<IPAddress> Segments { get; }

    /// <summary>Where the routing header goes.</summary>
    public SegmentRoutingMode Mode { get; init; } = SegmentRoutingMode.Encapsulate;

    /// <summary>The id of the key that the header is signed with (<c>ip sr hmac</c>); null for no signature.</summary>
    public uint? HmacKeyId { get; init; }

    /// <summary>Compares the segments one by one.</summary>
    public bool Equals(SegmentRoutingEncapsulation? other)
        => other is not null && (Mode, HmacKeyId) == (other.Mode, other.HmacKeyId) && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, HmacKeyId, Segments.Length);

    internal static SegmentRoutingEncapsulation ReadData(AttributeReader attributes)
    {
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type != (ushort)SegmentRoutingAttribute.SEG6_IPTUNNEL_SRH)
                continue;

            // struct seg6_iptunnel_encap: the mode, then the header.
            if (attribute.Value.Length < sizeof(int))
                throw NetlinkException.Malformed($"segments of {attribute.Value.Length} bytes");
            var mode = (SegmentRoutingMode)MemoryMarshal.Read<int>(attribute.Value);
            ImmutableArray<IPAddress> segments = SegmentList.Read(attribute.Value[sizeof(int)..], mode == SegmentRoutingMode.Inline, out uint? keyId);
            return new SegmentRoutingEncapsulation(segments) { Mode = mode, HmacKeyId = keyId };
        }

        throw NetlinkException.Malformed("segment routing without segments");
    }

    private protected override void WriteAttributes(MessageWriter writer)
    {
        byte[] header = SegmentList.Write(Segments, HmacKeyId, hasRoom: Mode == SegmentRoutingMode.Inline);
        byte[] value = new byte[sizeof(int) + header.Length];
        MemoryMarshal.Write(value, (int)Mode);
        header.CopyTo(value, sizeof(int));
        writer.WriteBytes(SegmentRoutingAttribute.SEG6_IPTUNNEL_SRH, value);
    }
}

/// <summary>Where a segment routing header goes (SEG6_IPTUN_MODE_* of linux/seg6_iptunnel.h).</summary>
public enum SegmentRoutingMode
{
    /// <summary>Into the IPv6 packet itself (SEG6_IPTUN_MODE_INLINE).</summary>
    Inline = 0,

    /// <summary>Into an outer IPv6 packet (SEG6_IPTUN_MODE_ENCAP).</summary>
    Encapsulate = 1,

    /// <summary>Into an outer IPv6 packet around the frame (SEG6_IPTUN_MODE_L2ENCAP).</summary>
    EncapsulateFrame = 2,

    /// <summary>As <see cref="Encapsulate"/>, without the first segment in the header (SEG6_IPTUN_MODE_ENCAP_RED).</summary>
    EncapsulateReduced = 3,

    /// <summary>As <see cref="EncapsulateFrame"/>, without the first segment in the header (SEG6_IPTUN_MODE_L2ENCAP_RED).</summary>
    EncapsulateFrameReduced = 4,
}
