using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Asks the routing tables about an address (nft(8), FIB EXPRESSIONS).</summary>
/// <param name="Result">What is asked.</param>
/// <param name="Flags">What it is asked by.</param>
public sealed record FibExpression(NftFibResult Result, NftFibInputs Flags) : NftExpression(KindName)
{
    internal const string KindName = "fib";

    /// <summary>Where the answer goes.</summary>
    public NftRegister Register { get; init; } = NftRegister.First;

    private protected override void WriteData(MessageWriter writer)
    {
        using MessageWriter.Scope data = writer.Nest(ExpressionAttribute.NFTA_EXPR_DATA);
        writer.WriteNetwork(FibAttribute.NFTA_FIB_FLAGS, (uint)Flags);
        writer.WriteNetwork(FibAttribute.NFTA_FIB_RESULT, (uint)Result);
        writer.WriteRegister(FibAttribute.NFTA_FIB_DREG, Register);
    }

    internal static FibExpression ReadData(AttributeReader data)
    {
        var expression = new FibExpression(default, default);
        foreach (Wire.Attribute attribute in data)
        {
            expression = (FibAttribute)attribute.Type switch
            {
                FibAttribute.NFTA_FIB_FLAGS => expression with { Flags = (NftFibInputs)attribute.NetworkUInt32 },
                FibAttribute.NFTA_FIB_RESULT => expression with { Result = (NftFibResult)attribute.NetworkUInt32 },
                FibAttribute.NFTA_FIB_DREG => expression with { Register = NftWire.ReadRegister(attribute) },
                _ => expression,
            };
        }

        return expression;
    }
}

/// <summary>What the routing tables are asked.</summary>
public enum NftFibResult
{
    /// <summary>The index of the link that packets leave by (NFT_FIB_RESULT_OIF).</summary>
    OutputInterface = 1,

    /// <summary>The name of that link (NFT_FIB_RESULT_OIFNAME).</summary>
    OutputInterfaceName = 2,

    /// <summary>What kind of address it is: a <see cref="RouteType"/>, as a number of four bytes (NFT_FIB_RESULT_ADDRTYPE).</summary>
    AddressType = 3,
}

/// <summary>What the routing tables are asked by.</summary>
[Flags]
public enum NftFibInputs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The source address (NFTA_FIB_F_SADDR).</summary>
    Source = 1,

    /// <summary>The destination address (NFTA_FIB_F_DADDR).</summary>
    Destination = 2,

    /// <summary>The mark (NFTA_FIB_F_MARK).</summary>
    Mark = 4,

    /// <summary>The link that the packet came in by (NFTA_FIB_F_IIF).</summary>
    InputInterface = 8,

    /// <summary>The link that it leaves by (NFTA_FIB_F_OIF).</summary>
    OutputInterface = 16,

    /// <summary>Only whether there is an answer (NFTA_FIB_F_PRESENT).</summary>
    Presence = 32,
}
