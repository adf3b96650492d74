using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>Segment routing headers (RFC 8754): the addresses that packets pass, kept with the last one first.</summary>
internal static class SegmentList
{
    private const int AddressSize = 16, Ipv6Size = 8, HmacSize = 32, RoutingType = 4;

    // The length of the header is a byte that counts eight bytes each.
    private const int Most = 127;

    /// <summary>Makes a header.</summary>
    /// <param name="segments">The addresses in the order of passing.</param>
    /// <param name="keyId">The key that the kernel signs with; null for no signature.</param>
    /// <param name="hasRoom">A place is kept for the packet's own destination, which the kernel fills.</param>
    public static byte[] Write(ImmutableArray<IPAddress> segments, uint? keyId, bool hasRoom)
    {
        if (segments.IsDefaultOrEmpty || segments.Length > Most - 4 || segments.Any(s => s?.AddressFamily != AddressFamily.InterNetworkV6))
            throw new ArgumentException($"Segment routing needs 1 to {Most - 4} IPv6 addresses.");
        int count = segments.Length + (hasRoom ? 1 : 0), fixedSize = Unsafe.SizeOf<SegmentRoutingHeader>();
        int signature = keyId is null ? 0 : Unsafe.SizeOf<SegmentRoutingSignature>() + HmacSize;
        byte[] header = new byte[fixedSize + (count * AddressSize) + signature];
        MemoryMarshal.Write(header, new SegmentRoutingHeader
        {
            hdrlen = (byte)((header.Length - Ipv6Size) / Ipv6Size),
            type = RoutingType,
            segments_left = (byte)(count - 1),
            first_segment = (byte)(count - 1),
            flags = keyId is null ? (byte)0 : SegmentRoutingConstants.SR6_FLAG1_HMAC,
        });
        for (int i = 0; i < segments.Length; i++)
            segments[i].TryWriteBytes(header.AsSpan(fixedSize + ((count - 1 - i) * AddressSize)), out _);
        if (keyId is { } key)
        {
            MemoryMarshal.Write(header.AsSpan(fixedSize + (count * AddressSize)), new SegmentRoutingSignature
            {
                padType = SegmentRoutingConstants.SR6_TLV_HMAC,
                padLength = (byte)(signature - 2),
                hmackeyid = BinaryPrimitives.ReverseEndianness(key),
            });
        }

        return header;
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public static ImmutableArray<IPAddress> Read(ReadOnlySpan<byte> bytes, bool hasRoom, out uint? keyId)
    {
        int fixedSize = Unsafe.SizeOf<SegmentRoutingHeader>();
        if (bytes.Length < fixedSize)
            throw NetlinkException.Malformed($"a segment routing header of {bytes.Length} bytes");
        SegmentRoutingHeader header = MemoryMarshal.Read<SegmentRoutingHeader>(bytes);
        int count = header.first_segment + 1;
        ReadOnlySpan<byte> rest = bytes[fixedSize..];
        if (rest.Length < count * AddressSize)
            throw NetlinkException.Malformed($"a segment routing header of {bytes.Length} bytes with {count} segments");
        int first = hasRoom && count > 1 && !rest[..AddressSize].ContainsAnyExcept((byte)0) ? 1 : 0;
        ImmutableArray<IPAddress>.Builder segments = ImmutableArray.CreateBuilder<IPAddress>(count - first);
        for (int i = count - 1; i >= first; i--)
            segments.Add(new IPAddress(rest.Slice(i * AddressSize, AddressSize)));
        keyId = null;
        rest = rest[(count * AddressSize)..];
        if ((header.flags & SegmentRoutingConstants.SR6_FLAG1_HMAC) != 0 && rest.Length >= Unsafe.SizeOf<SegmentRoutingSignature>())
            keyId = BinaryPrimitives.ReverseEndianness(MemoryMarshal.Read<SegmentRoutingSignature>(rest).hmackeyid);
        return segments.MoveToImmutable();
    }
}
