using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>A chain of rules (nft(8), CHAINS). With a <see cref="Hook"/> it is a base chain, which packets come to; without one, others jump to it.</summary>
/// <param name="Family">The family of its table.</param>
/// <param name="Table">The name of its table.</param>
/// <param name="Name">Its name.</param>
public sealed record NftChain(NftFamily Family, string Table, string Name) : IRequestBody
{
    /// <summary>A chain of a table.</summary>
    public NftChain(NftTable table, string name)
        : this((table ?? throw new ArgumentNullException(nameof(table))).Family, table.Name, name)
    {
    }

    /// <summary>Where packets come to it; null for a chain that others jump to.</summary>
    public NftHook? Hook { get; init; }

    /// <summary>What becomes of a packet that no rule decides about, in a base chain; null: it is accepted, or, for a chain that exists, as it was.</summary>
    public NftPolicy? Policy { get; init; }

    /// <summary>A comment, which nft(8) shows: 1 to 128 bytes.</summary>
    public string? Comment
    {
        get => NftUserData.ReadComment(UserData, NftUserData.Comment);
        init => UserData = NftUserData.WithComment(UserData, NftUserData.Comment, value);
    }

    /// <summary>What the kernel only keeps (NFTA_CHAIN_USERDATA): nft's notes, with the comment.</summary>
    public NftData UserData { get; init; }

    /// <summary>The kernel's number of it; 0 for one that was not read.</summary>
    public ulong Handle { get; init; }

    /// <summary>How many rules it has, and others that jump to it. It is not written.</summary>
    public uint UseCount { get; init; }

    /// <summary>As nft(8) writes it: <c>inet filter input</c>.</summary>
    public override string ToString() => $"{NftNames.Text(Family)} {Table} {Name}";

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesChainAttribute.NFTA_CHAIN_TABLE, NftNames.Check(Table, "table"));
        writer.WriteText(NftablesChainAttribute.NFTA_CHAIN_NAME, NftNames.Check(Name, "chain"));
        if (Hook is not null)
            Hook.WriteTo(writer, Family);
        else if (Policy is not null)
            throw new ArgumentException($"The chain {Name} has a policy, but no hook: only base chains have one.");
        writer.WriteNetwork(NftablesChainAttribute.NFTA_CHAIN_POLICY, (uint?)Policy);
        if (Hook is not null)
            writer.WriteText(NftablesChainAttribute.NFTA_CHAIN_TYPE, Hook.Type);
        NftWire.WriteUserData(writer, NftablesChainAttribute.NFTA_CHAIN_USERDATA, UserData);
    }

    internal static NftChain Read(ReadOnlySpan<byte> body)
    {
        NetfilterHeader header = Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        var chain = new NftChain((NftFamily)header.nfgen_family, "", "");
        string type = "";
        foreach (Wire.Attribute attribute in attributes)
        {
            chain = (NftablesChainAttribute)attribute.Type switch
            {
                NftablesChainAttribute.NFTA_CHAIN_TABLE => chain with { Table = attribute.Text },
                NftablesChainAttribute.NFTA_CHAIN_NAME => chain with { Name = attribute.Text },
                NftablesChainAttribute.NFTA_CHAIN_HANDLE => chain with { Handle = attribute.NetworkUInt64 },
                NftablesChainAttribute.NFTA_CHAIN_HOOK => chain with { Hook = NftHook.Read(attribute.Attributes, chain.Family) },
                NftablesChainAttribute.NFTA_CHAIN_POLICY => chain with { Policy = (NftPolicy)attribute.NetworkUInt32 },
                NftablesChainAttribute.NFTA_CHAIN_USE => chain with { UseCount = attribute.NetworkUInt32 },
                NftablesChainAttribute.NFTA_CHAIN_USERDATA => chain with { UserData = new NftData(attribute.Value) },
                _ => chain,
            };
            if (attribute.Type == (ushort)NftablesChainAttribute.NFTA_CHAIN_TYPE)
                type = attribute.Text;
        }

        return chain.Hook is null ? chain : chain with { Hook = chain.Hook with { Type = type } };
    }
}

/// <summary>What becomes of a packet that no rule of a base chain decides about.</summary>
public enum NftPolicy
{
    /// <summary>It ends here (NF_DROP).</summary>
    Drop = 0,

    /// <summary>It goes on (NF_ACCEPT).</summary>
    Accept = 1,
}
