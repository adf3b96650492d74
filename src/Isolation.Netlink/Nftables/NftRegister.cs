namespace Isolation.Netlink.Nftables;

/// <summary>
/// Where the expressions of a rule keep values: 64 bytes, as four registers of 16 bytes, 1 to 4, or sixteen of four bytes,
/// which share their memory (enum nft_registers). A number stands for each.
/// </summary>
/// <param name="Number">1 to 4, or 8 to 23 for those of four bytes. 0 is the verdict.</param>
public readonly record struct NftRegister(uint Number)
{
    /// <summary>The verdict (NFT_REG_VERDICT).</summary>
    public static NftRegister Verdict => new(0);

    /// <summary>The first one of 16 bytes (NFT_REG_1).</summary>
    public static NftRegister First => new(1);

    /// <summary>The second one of 16 bytes (NFT_REG_2).</summary>
    public static NftRegister Second => new(2);

    /// <summary>One of four bytes (NFT_REG32_00 and so on).</summary>
    /// <param name="index">0 to 15.</param>
    public static NftRegister Small(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 15);

        // The kernel tells the first four bytes of a register of 16 by the latter's number.
        return new NftRegister(index % 4 == 0 ? (uint)(index / 4) + 1 : (uint)index + 8);
    }
}
