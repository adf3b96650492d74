using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>A word of a packet that <see cref="U32Filter"/> compares, as a number whose first byte is the highest.</summary>
/// <param name="Value">What it is, where <paramref name="Mask"/> has bits. Other bits are ignored.</param>
/// <param name="Mask">Which bits are compared.</param>
/// <param name="Offset">Where it is: bytes from the network header, negative for what is before it. A multiple of 4, except by <see cref="IsAfterHeader"/>.</param>
public readonly record struct U32Key(uint Value, uint Mask, int Offset)
{
    private const int IPv4Source = 12, IPv4Destination = 16, IPv6Source = 8, IPv6Destination = 24, IPv4Ports = 20, IPv6Ports = 40;

    /// <summary>The offset counts from the header after IPv4's (nexthdr), however long that is.</summary>
    public bool IsAfterHeader { get; init; }

    /// <summary>Every packet.</summary>
    public static U32Key Any => default;

    /// <summary>The source address, of either family: a word for each 32 bits of the prefix.</summary>
    public static ImmutableArray<U32Key> Source(IPNetwork network) => Address(network, IPv4Source, IPv6Source);

    /// <summary>The destination address, of either family: a word for each 32 bits of the prefix.</summary>
    public static ImmutableArray<U32Key> Destination(IPNetwork network) => Address(network, IPv4Destination, IPv6Destination);

    /// <summary>The protocol within IPv4.</summary>
    public static U32Key Protocol(ProtocolType protocol) => OfByte((byte)protocol, 0xFF, 9);

    /// <summary>The protocol that follows IPv6's first header.</summary>
    public static U32Key NextHeader(ProtocolType protocol) => OfByte((byte)protocol, 0xFF, 6);

    /// <summary>IPv4's type of service.</summary>
    public static U32Key TypeOfService(byte value, byte mask = 0xFF) => OfByte(value, mask, 1);

    /// <summary>The source port of TCP, UDP and the like, behind a header of IPv4 without options, or of IPv6 without extensions.</summary>
    public static U32Key SourcePort(int port, int mask = 0xFFFF, bool isIPv6 = false) => OfUInt16(ToPort(port), ToPort(mask), isIPv6 ? IPv6Ports : IPv4Ports);

    /// <summary>The destination port of TCP, UDP and the like, behind a header of IPv4 without options, or of IPv6 without extensions.</summary>
    public static U32Key DestinationPort(int port, int mask = 0xFFFF, bool isIPv6 = false) => OfUInt16(ToPort(port), ToPort(mask), (isIPv6 ? IPv6Ports : IPv4Ports) + sizeof(ushort));

    /// <summary>A byte anywhere.</summary>
    public static U32Key OfByte(byte value, byte mask, int offset)
    {
        int shift = (3 - (offset & 3)) * 8;
        return new U32Key((uint)value << shift, (uint)mask << shift, offset & ~3);
    }

    /// <summary>Two bytes anywhere, at an even offset.</summary>
    /// <exception cref="ArgumentException">The offset is odd.</exception>
    public static U32Key OfUInt16(ushort value, ushort mask, int offset)
    {
        if ((offset & 1) != 0)
            throw new ArgumentException($"Two bytes at an odd offset may cross words: {offset}.", nameof(offset));
        int shift = (2 - (offset & 2)) * 8;
        return new U32Key((uint)value << shift, (uint)mask << shift, offset & ~3);
    }

    internal static U32Key From(U32KeyData data)
        => new(BinaryPrimitives.ReverseEndianness(data.val), BinaryPrimitives.ReverseEndianness(data.mask), data.off) { IsAfterHeader = data.offmask != 0 };

    internal U32KeyData ToData()
    {
        // The kernel reads the word where it is, but refuses none; tc(8) knows only multiples of 4.
        if ((Offset & 3) != 0)
            throw new ArgumentException($"The offset of a word is no multiple of 4: {Offset}.");
        return new U32KeyData { val = BinaryPrimitives.ReverseEndianness(Value & Mask), mask = BinaryPrimitives.ReverseEndianness(Mask), off = Offset, offmask = IsAfterHeader ? -1 : 0 };
    }

    private static ImmutableArray<U32Key> Address(IPNetwork network, int offsetOfIPv4, int offsetOfIPv6)
    {
        byte[] address = network.BaseAddress.GetAddressBytes();
        int offset = address.Length == 4 ? offsetOfIPv4 : offsetOfIPv6;
        ImmutableArray<U32Key>.Builder keys = ImmutableArray.CreateBuilder<U32Key>();
        for (int bits = network.PrefixLength, i = 0; bits > 0 || i == 0; bits -= 32, i += sizeof(uint))
        {
            uint mask = bits switch
            {
                >= 32 => uint.MaxValue,
                <= 0 => 0,
                _ => ~(uint.MaxValue >> bits),
            };
            keys.Add(new U32Key(BinaryPrimitives.ReadUInt32BigEndian(address.AsSpan(i)), mask, offset + i));
        }

        return keys.DrainToImmutable();
    }

    private static ushort ToPort(int number)
        => number is >= 0 and <= ushort.MaxValue ? (ushort)number : throw new ArgumentOutOfRangeException(nameof(number), number, "It has 16 bits.");
}
