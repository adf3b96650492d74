namespace Isolation.Netlink.Nftables;

/// <summary>A type of the keys or values of a set. The kernel knows its length only; the number is how nft(8) shows it (nft(8), DATA TYPES).</summary>
/// <param name="Number">nft's number of it. Of several types one after the other, six bits for each.</param>
/// <param name="Length">The bytes of a value.</param>
public readonly record struct NftDataType(uint Number, int Length)
{
    // libnftables/datatype.h: TYPE_BITS.
    private const int BitsPerType = 6;

    private const uint TypeMask = (1 << BitsPerType) - 1;

    /// <summary>An IPv4 address, <c>ipv4_addr</c>.</summary>
    public static NftDataType IPv4Address => new(7, 4);

    /// <summary>An IPv6 address, <c>ipv6_addr</c>.</summary>
    public static NftDataType IPv6Address => new(8, 16);

    /// <summary>A MAC address, <c>ether_addr</c>.</summary>
    public static NftDataType EthernetAddress => new(9, 6);

    /// <summary>A protocol above IP, <c>inet_proto</c>: one byte.</summary>
    public static NftDataType Protocol => new(12, 1);

    /// <summary>A port, <c>inet_service</c>.</summary>
    public static NftDataType Port => new(13, 2);

    /// <summary>A mark, <c>mark</c>.</summary>
    public static NftDataType Mark => new(19, 4);

    /// <summary>The name of a link, <c>ifname</c>.</summary>
    public static NftDataType InterfaceName => new(41, NftData.InterfaceNameLength);

    /// <summary>A verdict, as the value of a map.</summary>
    public static NftDataType Verdict => new(Interop.NftablesConstants.NFT_DATA_VERDICT, 0);

    /// <summary>Several types one after the other, each padded to four bytes, as <see cref="NftData.Concatenate"/> makes values of.</summary>
    public static NftDataType Concatenate(params ReadOnlySpan<NftDataType> types)
    {
        uint number = 0;
        int length = 0;
        foreach (NftDataType type in types)
        {
            number = (number << BitsPerType) | type.Number;
            length += (type.Length + 3) & ~3;
        }

        return new NftDataType(number, length);
    }

    /// <summary>Whether nft(8) takes the values for numbers of the machine's byte order.</summary>
    internal bool IsHostOrder => this == Mark || this == InterfaceName;

    /// <summary>Whether it consists of several types.</summary>
    internal bool IsConcatenated => Number is > TypeMask and not Interop.NftablesConstants.NFT_DATA_VERDICT;

    /// <summary>The lengths of the types of which this consists.</summary>
    /// <exception cref="ArgumentException">One of them is not known.</exception>
    internal IReadOnlyList<int> FieldLengths
    {
        get
        {
            var lengths = new List<int>();
            for (uint rest = Number; rest != 0; rest >>= BitsPerType)
                lengths.Insert(0, LengthOf(rest & TypeMask));
            return lengths;
        }
    }

    private static int LengthOf(uint number)
    {
        foreach (NftDataType known in (ReadOnlySpan<NftDataType>)[IPv4Address, IPv6Address, EthernetAddress, Protocol, Port, Mark, InterfaceName])
        {
            if (known.Number == number)
                return known.Length;
        }

        throw new ArgumentException($"How long values of nft's type {number} are is not known.");
    }
}
