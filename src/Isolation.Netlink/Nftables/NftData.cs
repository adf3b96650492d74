using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Isolation.Netlink.Nftables;

/// <summary>Bytes, as nf_tables compares, loads and keeps them: addresses and ports in network byte order, marks and indexes in the machine's.</summary>
/// <remarks>Two are equal when their bytes are. The default value has none.</remarks>
public readonly struct NftData : IEquatable<NftData>
{
    // IFNAMSIZ.
    internal const int InterfaceNameLength = 16;

    private readonly byte[]? _bytes;

    /// <summary>Copies bytes.</summary>
    public NftData(params ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many bytes there are.</summary>
    public int Length => Bytes.Length;

    /// <summary>An address: 4 or 16 bytes.</summary>
    public static NftData FromAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new NftData(address.GetAddressBytes());
    }

    /// <summary>A port, or another number of two bytes that a packet has.</summary>
    public static NftData FromPort(ushort port) => new((byte)(port >> 8), (byte)port);

    /// <summary>A number of four bytes in the machine's byte order: a mark, an index, a state.</summary>
    public static NftData FromNumber(uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new NftData(bytes);
    }

    /// <summary>The name of a link: 16 bytes. A <c>*</c> at its end stands for anything, and the bytes end before it.</summary>
    /// <exception cref="ArgumentException">It is too long, or nothing.</exception>
    public static NftData FromInterfaceName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool isBeginning = name.EndsWith('*');
        byte[] bytes = Encoding.UTF8.GetBytes(isBeginning ? name[..^1] : name);
        if (bytes.Length is 0 or >= InterfaceNameLength)
            throw new ArgumentException($"'{name}' is no name of a link, nor its beginning: 1 to {InterfaceNameLength - 1} bytes.");
        if (isBeginning)
            return new NftData(bytes);
        Span<byte> padded = stackalloc byte[InterfaceNameLength];
        bytes.CopyTo(padded);
        return new NftData(padded);
    }

    /// <summary>Values one after the other, each padded to four bytes: the key of a set with several types.</summary>
    public static NftData Concatenate(params ReadOnlySpan<NftData> parts)
    {
        var all = new List<byte>();
        foreach (NftData part in parts)
        {
            all.AddRange(part.Bytes);
            all.AddRange(new byte[-part.Length & 3]);
        }

        return new NftData([.. all]);
    }

    /// <summary>Compares the bytes.</summary>
    public static bool operator ==(NftData left, NftData right) => left.Equals(right);

    /// <summary>Compares the bytes.</summary>
    public static bool operator !=(NftData left, NftData right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(NftData other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NftData other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The bytes in hexadecimal: <c>0x0a000001</c>.</summary>
    public override string ToString() => $"0x{Convert.ToHexStringLower(Bytes)}";
}
