using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Changes bits of a value: <c>(value AND mask) XOR other</c>.</summary>
/// <param name="Mask">The bits that stay.</param>
/// <param name="Xor">The bits that are turned around afterwards; as long as the mask.</param>
public sealed record BitwiseExpression(NftData Mask, NftData Xor) : NftExpression(KindName)
{
    internal const string KindName = "bitwise";

    /// <summary>Where the value is.</summary>
    public NftRegister Source { get; init; } = NftRegister.First;

    /// <summary>Where the result goes.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    /// <summary>Keeps some bits, and clears the others.</summary>
    public static BitwiseExpression And(NftData mask) => new(mask, new NftData(new byte[mask.Length]));

    private protected override void WriteData(MessageWriter writer)
    {
        if (Mask.Length != Xor.Length)
            throw new ArgumentException($"A mask of {Mask.Length} bytes does not fit to {Xor.Length} bytes that are turned around.");
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(BitwiseAttribute.NFTA_BITWISE_SREG, Source);
        writer.WriteRegister(BitwiseAttribute.NFTA_BITWISE_DREG, Register);
        writer.WriteNetwork(BitwiseAttribute.NFTA_BITWISE_LEN, (uint)Mask.Length);
        NftWire.WriteValue(writer, BitwiseAttribute.NFTA_BITWISE_MASK, Mask);
        NftWire.WriteValue(writer, BitwiseAttribute.NFTA_BITWISE_XOR, Xor);
    }

    // Null for what newer kernels have more: the operations of two registers.
    internal static NftExpression? ReadData(AttributeReader data)
    {
        NftRegister source = default, destination = default;
        NftData mask = default, xor = default, shift = default;
        uint operation = NftablesConstants.NFT_BITWISE_MASK_XOR, length = 0;
        foreach (Wire.Attribute attribute in data)
        {
            switch ((BitwiseAttribute)attribute.Type)
            {
                case BitwiseAttribute.NFTA_BITWISE_SREG:
                    source = NftWire.ReadRegister(attribute);
                    break;
                case BitwiseAttribute.NFTA_BITWISE_DREG:
                    destination = NftWire.ReadRegister(attribute);
                    break;
                case BitwiseAttribute.NFTA_BITWISE_OP:
                    operation = attribute.NetworkUInt32;
                    break;
                case BitwiseAttribute.NFTA_BITWISE_LEN:
                    length = attribute.NetworkUInt32;
                    break;
                case BitwiseAttribute.NFTA_BITWISE_MASK:
                    mask = NftWire.ReadValue(attribute);
                    break;
                case BitwiseAttribute.NFTA_BITWISE_XOR:
                    xor = NftWire.ReadValue(attribute);
                    break;
                case BitwiseAttribute.NFTA_BITWISE_DATA:
                    shift = NftWire.ReadValue(attribute);
                    break;
            }
        }

        return operation switch
        {
            NftablesConstants.NFT_BITWISE_MASK_XOR => new BitwiseExpression(mask, xor) { Source = source, Register = destination },
            NftablesConstants.NFT_BITWISE_LSHIFT or NftablesConstants.NFT_BITWISE_RSHIFT
                => new ShiftExpression(operation == NftablesConstants.NFT_BITWISE_LSHIFT, ShiftExpression.ReadBits(shift), length) { Source = source, Register = destination },
            _ => null,
        };
    }
}

/// <summary>Shifts the bits of a value.</summary>
/// <param name="IsLeft">To the left: to the first byte.</param>
/// <param name="Bits">By how many bits: 0 to 31.</param>
/// <param name="Length">The bytes of the value.</param>
public sealed record ShiftExpression(bool IsLeft, uint Bits, uint Length) : NftExpression(BitwiseExpression.KindName)
{
    /// <summary>Where the value is.</summary>
    public NftRegister Source { get; init; } = NftRegister.First;

    /// <summary>Where the result goes.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteRegister(BitwiseAttribute.NFTA_BITWISE_SREG, Source);
        writer.WriteRegister(BitwiseAttribute.NFTA_BITWISE_DREG, Register);
        writer.WriteNetwork(BitwiseAttribute.NFTA_BITWISE_OP, IsLeft ? NftablesConstants.NFT_BITWISE_LSHIFT : NftablesConstants.NFT_BITWISE_RSHIFT);
        writer.WriteNetwork(BitwiseAttribute.NFTA_BITWISE_LEN, Length);
        NftWire.WriteValue(writer, BitwiseAttribute.NFTA_BITWISE_DATA, NftData.FromNumber(Bits));
    }

    // The one number of an expression that is in the machine's order.
    internal static uint ReadBits(NftData data)
        => data.Length == sizeof(uint) ? System.Runtime.InteropServices.MemoryMarshal.Read<uint>(data.Bytes) : throw NetlinkException.Malformed($"a shift of {data.Length} bytes");
}
