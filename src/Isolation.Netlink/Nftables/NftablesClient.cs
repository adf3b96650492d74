using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Nftables;

/// <summary>A client of nf_tables: the tables, chains, rules, sets and counters of one network namespace (nft(8)).</summary>
/// <remarks>
/// It can be used from any thread; what several threads ask at once is done one after the other. Each change is a transaction
/// of its own: use <see cref="CreateTransaction"/> for several that belong together.
/// </remarks>
public sealed class NftablesClient : NftablesChanges, IDisposable
{
    private readonly NetlinkConnection _connection;

    private NftablesClient(NetlinkSocket socket) => _connection = new NetlinkConnection(socket);

    /// <summary>Opens a client for the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: the kernel has no netfilter; EMFILE and the like.</exception>
    public static NftablesClient Open() => new(NetlinkSocket.Open(NetfilterConstants.NETLINK_NETFILTER));

    /// <summary>Opens a client for another network namespace. It works from every thread and holds the namespace; the handle is not needed any more.</summary>
    /// <param name="networkNamespace">A descriptor of a network namespace, such as one of <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="LinuxException">EINVAL: it is of no network namespace; EPERM: it may not be entered (setns(2)).</exception>
    public static NftablesClient Open(SafeFileHandle networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        return new NftablesClient(NetlinkSocket.Open(networkNamespace, NetfilterConstants.NETLINK_NETFILTER));
    }

    /// <summary>A transaction, to be sent through this client.</summary>
    /// <param name="generation">The generation that the ruleset must still have then (<see cref="GetGeneration"/>); null for any.</param>
    public NftablesTransaction CreateTransaction(uint? generation = null) => new(_connection, generation ?? 0);

    /// <summary>The number of the ruleset's generation: each transaction that takes effect makes a new one.</summary>
    public uint GetGeneration()
        => _connection.Get(Kind(NftablesMessageType.NFT_MSG_GETGEN, 0, "get the ruleset's generation", null), new TableRequest(NftFamily.Any, null), ReadGeneration);

    /// <summary>The tables.</summary>
    public Listing<NftTable> ListTables(NftFamily family = NftFamily.Any)
        => List(NftablesMessageType.NFT_MSG_GETTABLE, "list tables", new TableRequest(family, null), NftTable.Read, static (_, _) => true, 0);

    /// <summary>The chains, of all tables or of one.</summary>
    public Listing<NftChain> ListChains(NftTable? table = null)
        => List(NftablesMessageType.NFT_MSG_GETCHAIN, "list chains", new TableRequest(table?.Family ?? NftFamily.Any, null), NftChain.Read, static (chain, table) => table is null || chain.Table == table.Name, table);

    /// <summary>The rules of all tables.</summary>
    public Listing<NftRule> ListRules() => ListRules(new RulesRequest(NftFamily.Any, null, null), null);

    /// <summary>The rules of a table, chain by chain.</summary>
    public Listing<NftRule> ListRules(NftTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return ListRules(new RulesRequest(NftNames.Check(table.Family), table.Name, null), null);
    }

    /// <summary>The rules of a chain, in their order.</summary>
    public Listing<NftRule> ListRules(NftChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return ListRules(new RulesRequest(NftNames.Check(chain.Family), chain.Table, chain.Name), chain.Name);
    }

    /// <summary>The sets and maps of all tables, or of one.</summary>
    public Listing<NftSet> ListSets(NftTable? table = null)
        => List(NftablesMessageType.NFT_MSG_GETSET, "list sets", new SetsRequest(table?.Family ?? NftFamily.Any, table?.Name, null), NftSet.Read, static (_, _) => true, 0);

    /// <summary>The elements of a set or map.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is no such set.</exception>
    public Listing<NftElement> ListElements(NftSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        using Dump dump = _connection.Dump(Kind(NftablesMessageType.NFT_MSG_GETSETELEM, 0, "list the elements of", set), new ElementsRequest(set with { Id = 0 }, null));
        var elements = new List<NftElement>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
            foreach (Wire.Attribute attribute in attributes)
            {
                if (attribute.Type != (ushort)NftablesElementListAttribute.NFTA_SET_ELEM_LIST_ELEMENTS)
                    continue;
                foreach (Wire.Attribute element in attribute.Attributes)
                    elements.Add(NftElement.Read(element.Attributes));
            }
        }

        return new Listing<NftElement>(elements, dump.IsInterrupted);
    }

    /// <summary>The counters of all tables, or of one.</summary>
    /// <param name="table">The table; null for all.</param>
    /// <param name="reset">Whether they begin again at 0. None of what was counted is lost, if the list is complete.</param>
    public Listing<NftCounter> ListCounters(NftTable? table = null, bool reset = false)
    {
        NftablesMessageType type = reset ? NftablesMessageType.NFT_MSG_GETOBJ_RESET : NftablesMessageType.NFT_MSG_GETOBJ;
        using Dump dump = _connection.Dump(Kind(type, 0, "list counters", table), new CountersRequest(table?.Family ?? NftFamily.Any, table?.Name, null));
        var counters = new List<NftCounter>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            if (NftCounter.Read(body) is { } counter)
                counters.Add(counter);
        }

        return new Listing<NftCounter>(counters, dump.IsInterrupted);
    }

    /// <summary>Closes the socket. What was made stays, but for tables that belong to the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => SubmitAll(description, [body]);

    private protected override void SubmitAll<TBody>(in RequestDescription description, IReadOnlyList<TBody> bodies)
    {
        using NftablesTransaction transaction = CreateTransaction();
        foreach (TBody body in bodies)
            transaction.Add(description, body);
        transaction.Send();
    }

    // Linux 5.14 filters rules by chain only with their table, and older ones by the table only.
    private Listing<NftRule> ListRules(RulesRequest request, string? chain)
        => List(NftablesMessageType.NFT_MSG_GETRULE, "list rules", request, NftRule.Read, static (rule, chain) => chain is null || rule.Chain == chain, chain);

    private Listing<T> List<TBody, T, TFilter>(NftablesMessageType type, string operation, TBody body, AnswerReader<T> read, Func<T, TFilter, bool> matches, TFilter filter)
        where TBody : IRequestBody
    {
        // The kernel marks a message of a list that was interrupted, but when none is left to be sent there is nothing to mark.
        // A commit changes the generation first and the rules then, so one that is under way is waited for.
        for (int attempt = 1; ; attempt++)
        {
            AwaitCommit();
            uint before = GetGeneration();
            using Dump dump = _connection.Dump(Kind(type, 0, operation, null), body);
            bool isInterrupted = dump.IsInterrupted || GetGeneration() != before;
            if (isInterrupted && attempt < NetlinkConnection.DumpAttempts)
                continue;
            var entries = new List<T>();
            foreach (ReadOnlySpan<byte> answer in dump)
            {
                T entry = read(answer);
                if (matches(entry, filter))
                    entries.Add(entry);
            }

            return new Listing<T>(entries, isInterrupted);
        }
    }

    private void AwaitCommit()
    {
        using var empty = new RequestBuffer();
        empty.Append(new RequestDescription(NftRequestKinds.Begin, 0, "wait for a commit", null), new BatchRequest(0));
        empty.Append(new RequestDescription(NftRequestKinds.End, 0, "wait for a commit", null), new BatchRequest(0));
        _connection.AwaitTransactions(empty);
    }

    private static uint ReadGeneration(ReadOnlySpan<byte> body)
    {
        Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)NftablesGenerationAttribute.NFTA_GEN_ID)
                return attribute.NetworkUInt32;
        }

        throw NetlinkException.Malformed("a generation without a number");
    }
}
