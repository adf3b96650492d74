using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>What can be changed in the nf_tables of a network namespace. A <see cref="NftablesClient"/> does it at once, a <see cref="NftablesTransaction"/> collects it.</summary>
/// <remarks>
/// What begins with <c>Add</c> fails with EEXIST where it exists already; what begins with <c>Ensure</c> does not.
/// Changes need CAP_NET_ADMIN in the user namespace that owns the network namespace. What the kernel refuses is a
/// <see cref="NetlinkException"/>; a description that cannot be sent is an <see cref="ArgumentException"/>, before anything is changed.
/// </remarks>
public abstract class NftablesChanges
{
    // An attribute, and so the elements of one request, has 64 KB. No element has more than 2 KB without expressions.
    private const int ElementsARequest = 256;

    private const NetlinkMessageFlags Create = NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_EXCL;

    private protected NftablesChanges()
    {
    }

    private protected abstract void Submit<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody;

    /// <summary>Makes a table.</summary>
    public void AddTable(NftTable table) => Submit(table, NftablesMessageType.NFT_MSG_NEWTABLE, Create, "add the table");

    /// <summary>Makes a table unless it exists; its flags become the given ones.</summary>
    public void EnsureTable(NftTable table) => Submit(table, NftablesMessageType.NFT_MSG_NEWTABLE, NetlinkMessageFlags.NLM_F_CREATE, "add the table");

    /// <summary>Removes a table with all that is in it.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: a rule elsewhere uses something of it.</exception>
    public void DeleteTable(NftTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELTABLE, 0, "delete the table", table), new TableRequest(NftNames.Check(table.Family), NftNames.Check(table.Name, "table")));
    }

    /// <summary>Removes all tables, or all of one family: <c>nft flush ruleset</c>. Tables of other programs too.</summary>
    public void FlushRuleset(NftFamily family = NftFamily.Any)
        => Submit(Kind(NftablesMessageType.NFT_MSG_DELTABLE, 0, "delete all tables", null), new TableRequest(family, null));

    /// <summary>Makes a chain.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such table; EOPNOTSUPP: there is no such hook; EEXIST.</exception>
    public void AddChain(NftChain chain) => Submit(chain, NftablesMessageType.NFT_MSG_NEWCHAIN, Create, "add the chain");

    /// <summary>Makes a chain unless it exists; its policy becomes the given one.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such table; EEXIST: it exists with another hook.</exception>
    public void EnsureChain(NftChain chain) => Submit(chain, NftablesMessageType.NFT_MSG_NEWCHAIN, NetlinkMessageFlags.NLM_F_CREATE, "add the chain");

    /// <summary>Removes a chain with its rules.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: a rule jumps to it.</exception>
    public void DeleteChain(NftChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELCHAIN, 0, "delete the chain", chain), new DeleteChainRequest(chain.Family, chain.Table, chain.Name));
    }

    /// <summary>Removes the rules of a chain.</summary>
    public void FlushChain(NftChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELRULE, 0, "flush the chain", chain), new RulesRequest(NftNames.Check(chain.Family), chain.Table, chain.Name));
    }

    /// <summary>Removes the rules of all chains of a table.</summary>
    public void FlushTable(NftTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELRULE, 0, "flush the table", table), new RulesRequest(NftNames.Check(table.Family), table.Name, null));
    }

    /// <summary>Makes a rule at the end of its chain.</summary>
    /// <exception cref="NetlinkException">ENOENT: no such table, chain or set, or no such expression in this kernel; EOPNOTSUPP: an expression does not fit to the chain.</exception>
    public void AddRule(NftRule rule) => SubmitNew(rule, 0, NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_APPEND, "add a rule to");

    /// <summary>Makes a rule at the beginning of its chain.</summary>
    /// <exception cref="NetlinkException">As for <see cref="AddRule"/>.</exception>
    public void InsertRule(NftRule rule) => SubmitNew(rule, 0, NetlinkMessageFlags.NLM_F_CREATE, "insert a rule into");

    /// <summary>Makes a rule after one of the same chain that has been listed.</summary>
    /// <exception cref="NetlinkException">ENOENT: the other one is gone. Else as for <see cref="AddRule"/>.</exception>
    public void AddRuleAfter(NftRule rule, NftRule other) => SubmitNew(rule, Handle(other), NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_APPEND, "add a rule to");

    /// <summary>Makes a rule before one of the same chain that has been listed.</summary>
    /// <exception cref="NetlinkException">ENOENT: the other one is gone. Else as for <see cref="AddRule"/>.</exception>
    public void InsertRuleBefore(NftRule rule, NftRule other) => SubmitNew(rule, Handle(other), NetlinkMessageFlags.NLM_F_CREATE, "insert a rule into");

    /// <summary>Puts a rule in the place of one that has been listed, whose <see cref="NftRule.Handle"/> it has.</summary>
    /// <exception cref="NetlinkException">ENOENT: that one is gone. Else as for <see cref="AddRule"/>.</exception>
    public void ReplaceRule(NftRule rule)
    {
        Handle(rule);
        Submit(Kind(NftablesMessageType.NFT_MSG_NEWRULE, NetlinkMessageFlags.NLM_F_REPLACE, "replace the rule", rule), new RuleRequest(rule, 0));
    }

    /// <summary>Removes a rule that has been listed.</summary>
    /// <exception cref="NetlinkException">ENOENT: it is gone.</exception>
    public void DeleteRule(NftRule rule)
        => Submit(Kind(NftablesMessageType.NFT_MSG_DELRULE, 0, "delete the rule", rule), new RulesRequest(NftNames.Check((rule ?? throw new ArgumentNullException(nameof(rule))).Family), rule.Table, rule.Chain, Handle(rule)));

    /// <summary>Makes a set or map.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such table; EOPNOTSUPP: the kernel has no set with these properties; EEXIST.</exception>
    public void AddSet(NftSet set) => Submit(set, NftablesMessageType.NFT_MSG_NEWSET, Create, "add the set");

    /// <summary>Makes a set or map unless it exists.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such table; EEXIST: it exists with other properties.</exception>
    public void EnsureSet(NftSet set) => Submit(set, NftablesMessageType.NFT_MSG_NEWSET, NetlinkMessageFlags.NLM_F_CREATE, "add the set");

    /// <summary>Removes a set or map with its elements.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: a rule uses it.</exception>
    public void DeleteSet(NftSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELSET, 0, "delete the set", set), new SetsRequest(NftNames.Check(set.Family), set.Table, set.Name));
    }

    /// <summary>Removes all elements of a set or map.</summary>
    public void FlushSet(NftSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELSETELEM, 0, "flush the set", set), new ElementsRequest(set, null));
    }

    /// <summary>Adds elements to a set or map. Of many, several requests are made.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is such an element, or range that it overlaps; ENOENT: there is no such set.</exception>
    public void AddElements(NftSet set, params IEnumerable<NftElement> elements) => Submit(set, elements, NftablesMessageType.NFT_MSG_NEWSETELEM, Create, "add elements to");

    /// <summary>Adds elements to a set or map unless they exist. Of many, several requests are made.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one with another value; ENOENT: there is no such set.</exception>
    public void EnsureElements(NftSet set, params IEnumerable<NftElement> elements) => Submit(set, elements, NftablesMessageType.NFT_MSG_NEWSETELEM, NetlinkMessageFlags.NLM_F_CREATE, "add elements to");

    /// <summary>Removes elements of a set or map. Of many, several requests are made.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such element, or set.</exception>
    public void DeleteElements(NftSet set, params IEnumerable<NftElement> elements) => Submit(set, elements, NftablesMessageType.NFT_MSG_DELSETELEM, 0, "delete elements of");

    /// <summary>Makes a counter.</summary>
    public void AddCounter(NftCounter counter) => Submit(counter, NftablesMessageType.NFT_MSG_NEWOBJ, Create, "add the counter");

    /// <summary>Makes a counter unless it exists.</summary>
    public void EnsureCounter(NftCounter counter) => Submit(counter, NftablesMessageType.NFT_MSG_NEWOBJ, NetlinkMessageFlags.NLM_F_CREATE, "add the counter");

    /// <summary>Removes a counter.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: a rule uses it.</exception>
    public void DeleteCounter(NftCounter counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        Submit(Kind(NftablesMessageType.NFT_MSG_DELOBJ, 0, "delete the counter", counter), new CountersRequest(NftNames.Check(counter.Family), counter.Table, counter.Name));
    }

    private protected static RequestDescription Kind(NftablesMessageType type, NetlinkMessageFlags flags, string operation, object? target)
        => new(NftRequestKinds.Of(type), flags, operation, target);

    private void Submit<TBody>(TBody body, NftablesMessageType type, NetlinkMessageFlags flags, string operation)
        where TBody : class, IRequestBody
    {
        ArgumentNullException.ThrowIfNull(body);
        Submit(Kind(type, flags, operation, body), body);
    }

    private void Submit(NftSet set, IEnumerable<NftElement> elements, NftablesMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(elements);
        SubmitAll(Kind(type, flags, operation, set), [.. elements.Chunk(ElementsARequest).Select(some => new ElementsRequest(set, some))]);
    }

    // All or none of them, also where each change is done at once.
    private protected abstract void SubmitAll<TBody>(in RequestDescription description, IReadOnlyList<TBody> bodies)
        where TBody : IRequestBody;

    private void SubmitNew(NftRule rule, ulong position, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Submit(Kind(NftablesMessageType.NFT_MSG_NEWRULE, flags, operation, rule with { Handle = 0 }), new RuleRequest(rule with { Handle = 0 }, position));
    }

    private static ulong Handle(NftRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Handle != 0 ? rule.Handle : throw new ArgumentException($"The rule of {rule} has no handle: it was not listed.");
    }
}
