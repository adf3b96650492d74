using System.Text;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Nftables;

/// <summary>Names of tables and of what is in them, as nf_tables limits them.</summary>
internal static class NftNames
{
    /// <exception cref="ArgumentException">Nothing can have this name.</exception>
    public static string Check(string? name, string what)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"The name of the {what} is missing.");
        if (name.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(name) >= NftablesConstants.NFT_NAME_MAXLEN)
            throw new ArgumentException($"'{name}' is no name for a {what}: at most {NftablesConstants.NFT_NAME_MAXLEN - 1} bytes, none of them zero.");
        return name;
    }

    /// <summary>The family of a table: one, not all.</summary>
    public static NftFamily Check(NftFamily family)
        => family != NftFamily.Any ? family : throw new ArgumentException("A table is of one family.");

    /// <summary>As nft(8) writes a family.</summary>
    public static string Text(NftFamily family) => family switch
    {
        NftFamily.Inet => "inet",
        NftFamily.IPv4 => "ip",
        NftFamily.Arp => "arp",
        NftFamily.NetworkDevice => "netdev",
        NftFamily.Bridge => "bridge",
        NftFamily.IPv6 => "ip6",
        _ => family.ToString(),
    };
}
