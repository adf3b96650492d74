using System.Buffers.Binary;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>What begins and ends a transaction.</summary>
/// <param name="Generation">At the beginning: the generation that the ruleset must still have; 0 for any.</param>
internal readonly record struct BatchRequest(uint Generation) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new NetfilterHeader { res_id = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)NetfilterConstants.NFNL_SUBSYS_NFTABLES) : (ushort)NetfilterConstants.NFNL_SUBSYS_NFTABLES });
        if (Generation != 0)
            writer.WriteNetwork(NetfilterBatchAttribute.NFNL_BATCH_GENID, Generation);
    }
}

/// <summary>A table, or all of a family.</summary>
internal readonly record struct TableRequest(NftFamily Family, string? Name) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, Family);
        if (Name is not null)
            writer.WriteText(NftablesTableAttribute.NFTA_TABLE_NAME, NftNames.Check(Name, "table"));
    }
}

/// <summary>A chain that is to go.</summary>
internal readonly record struct DeleteChainRequest(NftFamily Family, string Table, string Name) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Family));
        writer.WriteText(NftablesChainAttribute.NFTA_CHAIN_TABLE, NftNames.Check(Table, "table"));
        writer.WriteText(NftablesChainAttribute.NFTA_CHAIN_NAME, NftNames.Check(Name, "chain"));
    }
}

/// <summary>A rule beside another one.</summary>
internal readonly record struct RuleRequest(NftRule Rule, ulong Position) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Rule.WriteTo(writer, Position);
}

/// <summary>Rules: one, those of a chain, of a table, or of a family.</summary>
internal readonly record struct RulesRequest(NftFamily Family, string? Table, string? Chain, ulong Handle = 0) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, Family);
        if (Table is not null)
            writer.WriteText(NftablesRuleAttribute.NFTA_RULE_TABLE, NftNames.Check(Table, "table"));
        if (Chain is not null)
            writer.WriteText(NftablesRuleAttribute.NFTA_RULE_CHAIN, NftNames.Check(Chain, "chain"));
        if (Handle != 0)
            writer.WriteNetwork64(NftablesRuleAttribute.NFTA_RULE_HANDLE, Handle);
    }
}

/// <summary>Sets: one, those of a table, or of a family.</summary>
internal readonly record struct SetsRequest(NftFamily Family, string? Table, string? Name) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, Family);
        if (Table is not null)
            writer.WriteText(NftablesSetAttribute.NFTA_SET_TABLE, NftNames.Check(Table, "table"));
        if (Name is not null)
            writer.WriteText(NftablesSetAttribute.NFTA_SET_NAME, NftNames.Check(Name, "set"));
    }
}

/// <summary>Some elements of a set, or all.</summary>
internal readonly record struct ElementsRequest(NftSet Set, ReadOnlyMemory<NftElement>? Elements) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, NftNames.Check(Set.Family));
        writer.WriteText(NftablesElementListAttribute.NFTA_SET_ELEM_LIST_TABLE, NftNames.Check(Set.Table, "table"));
        writer.WriteText(NftablesElementListAttribute.NFTA_SET_ELEM_LIST_SET, NftNames.Check(Set.Name, "set"));
        if (Set.Id != 0)
            writer.WriteNetwork(NftablesElementListAttribute.NFTA_SET_ELEM_LIST_SET_ID, Set.Id);
        if (Elements is not { } elements)
            return;
        using MessageWriter.Scope list = writer.Nest(NftablesElementListAttribute.NFTA_SET_ELEM_LIST_ELEMENTS);
        foreach (NftElement element in elements.Span)
            (element ?? throw new ArgumentException("An element is null.")).WriteTo(writer);
    }
}

/// <summary>Counters: one, those of a table, or of a family.</summary>
internal readonly record struct CountersRequest(NftFamily Family, string? Table, string? Name) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        NftWire.WriteHeader(writer, Family);
        if (Table is not null)
            writer.WriteText(NftablesObjectAttribute.NFTA_OBJ_TABLE, NftNames.Check(Table, "table"));
        if (Name is not null)
            writer.WriteText(NftablesObjectAttribute.NFTA_OBJ_NAME, NftNames.Check(Name, "counter"));
        writer.WriteNetwork(NftablesObjectAttribute.NFTA_OBJ_TYPE, NftablesConstants.NFT_OBJECT_COUNTER);
    }
}
