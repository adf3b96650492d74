namespace Isolation.Netlink.Nftables;

/// <summary>What becomes of a packet (nft(8), VERDICT STATEMENTS).</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Chain">The chain, for a jump or goto.</param>
public readonly record struct NftVerdict(NftVerdictKind Kind, string? Chain = null)
{
    /// <summary>It goes on. Base chains with a later priority still see it.</summary>
    public static NftVerdict Accept => new(NftVerdictKind.Accept);

    /// <summary>It ends here.</summary>
    public static NftVerdict Drop => new(NftVerdictKind.Drop);

    /// <summary>The next rule.</summary>
    public static NftVerdict Continue => new(NftVerdictKind.Continue);

    /// <summary>Back to the chain that jumped here; from a base chain, to its policy.</summary>
    public static NftVerdict Return => new(NftVerdictKind.Return);

    /// <summary>To another chain, and back.</summary>
    public static NftVerdict Jump(string chain) => new(NftVerdictKind.Jump, chain);

    /// <summary>To another chain, and not back.</summary>
    public static NftVerdict GoTo(string chain) => new(NftVerdictKind.GoTo, chain);

    /// <summary>As nft(8) writes it: <c>jump web</c>.</summary>
    public override string ToString() => Chain is null ? Kind.ToString().ToLowerInvariant() : $"{Kind.ToString().ToLowerInvariant()} {Chain}";
}

/// <summary>The kinds of verdicts, with the kernel's numbers.</summary>
public enum NftVerdictKind
{
    /// <summary>NF_DROP.</summary>
    Drop = 0,

    /// <summary>NF_ACCEPT.</summary>
    Accept = 1,

    /// <summary>NFT_CONTINUE.</summary>
    Continue = -1,

    /// <summary>The rule ends, as if it did not match (NFT_BREAK).</summary>
    Break = -2,

    /// <summary>NFT_JUMP.</summary>
    Jump = -3,

    /// <summary>NFT_GOTO.</summary>
    GoTo = -4,

    /// <summary>NFT_RETURN.</summary>
    Return = -5,
}
