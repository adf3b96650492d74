using Isolation.Netlink.Nftables;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Transactions: all or nothing, the generation, sizes, and what changes while it is listed.</summary>
[NativeOnly]
public sealed class NftTransactionTests
{
    private static readonly NftTable s_table = new(NftFamily.Inet, "t");
    private static readonly NftChain s_chain = new(s_table, "c");

    [LinuxFact(Needs.Root | Needs.Nft)]
    public void A_transaction_that_fails_changes_nothing_and_says_which_change_failed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        uint generation = network.Client.GetGeneration();
        using NftablesTransaction transaction = network.Client.CreateTransaction();
        transaction.AddTable(s_table);
        transaction.AddChain(s_chain);
        transaction.AddRule(new NftRule(s_table.Family, "t", "missing").Accept());
        transaction.AddRule(new NftRule(s_chain).Accept());
        transaction.AddRule(new NftRule(s_chain).MatchSource(new NftSet(s_table, "nowhere", NftDataType.IPv4Address)));
        IReadOnlyList<NetlinkException> failures = transaction.TrySend();
        Assert.Equal([(2, Errno.ENOENT), (4, Errno.ENOENT)], failures.Select(f => (f.RequestIndex!.Value, f.Errno)));
        Assert.Equal("NFTA_RULE_CHAIN", failures[0].Attribute);
        Assert.Equal("add a rule to inet t missing failed: No such file or directory (ENOENT from NFT_MSG_NEWRULE). It is about (NFTA_RULE_CHAIN). Nothing of the transaction took effect", failures[0].Message);
        Assert.Equal("", network.Ruleset);
        Assert.Equal(generation, network.Client.GetGeneration());
        Assert.Equal(2, Assert.Throws<NetlinkException>(transaction.Send).RequestIndex);

        transaction.Clear();
        transaction.AddTable(s_table);
        transaction.Send();
        Assert.Equal("t", Assert.Single(network.Client.ListTables()).Name);
        Assert.Equal(generation + 1, network.Client.GetGeneration());
        Assert.Equal(0, Assert.Throws<NetlinkException>(transaction.Send).RequestIndex);
    }

    [LinuxFact(Needs.Root | Needs.Nft)]
    public void A_map_of_counters_is_made_listed_and_made_again()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        NftSet map = new(s_table, "m", NftDataType.IPv4Address) { ObjectType = NftSet.Counters };
        NftElement element = new(NftData.FromAddress(System.Net.IPAddress.Parse("10.0.0.1"))) { ObjectName = "n" };
        for (int round = 0; round < 2; round++)
        {
            using NftablesTransaction transaction = network.Client.CreateTransaction();
            transaction.AddTable(s_table);
            transaction.AddCounter(new NftCounter(s_table, "n"));
            transaction.AddSet(map);
            transaction.AddElements(map, element);
            transaction.Send();
            Assert.Contains("type ipv4_addr : counter", network.Ruleset, StringComparison.Ordinal);
            Assert.Contains("elements = { 10.0.0.1 : \"n\" }", network.Ruleset, StringComparison.Ordinal);

            // The second round makes what the first one has listed.
            map = Assert.Single(network.Client.ListSets(s_table)) with { Handle = 0 };
            element = Assert.Single(network.Client.ListElements(map));
            network.Client.DeleteTable(s_table);
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_transaction_for_another_generation_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        using NftablesTransaction transaction = network.Client.CreateTransaction(network.Client.GetGeneration());
        transaction.AddTable(s_table);
        network.Client.AddTable(s_table with { Name = "other" });
        NetlinkException e = Assert.Throws<NetlinkException>(transaction.Send);
        Assert.Equal((Errno.ERESTART, null), (e.Errno, e.RequestIndex));
        Assert.Equal("other", Assert.Single(network.Client.ListTables()).Name);
    }

    [LinuxFact(Needs.Root)]
    public void Far_more_failures_than_the_queue_has_room_for_are_a_failure_and_the_next_request_works()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        network.Client.AddTable(s_table);
        using NftablesTransaction transaction = network.Client.CreateTransaction();
        transaction.AddChain(s_chain);
        for (int i = 0; i < 5000; i++)
            transaction.DeleteChain(new NftChain(s_table, $"n{i}"));
        IReadOnlyList<NetlinkException> failures = transaction.TrySend();
        Assert.Equal(Enumerable.Range(1, failures.Count), failures.Select(f => f.RequestIndex!.Value));
        Assert.InRange(failures.Count, 50, 5000);
        Assert.Empty(network.Client.ListChains());
        network.Client.AddChain(s_chain);
        Assert.Single(network.Client.ListChains());
    }

    [LinuxFact(Needs.Root)]
    public void A_transaction_larger_than_the_sockets_buffer_takes_effect_at_once()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        using NftablesTransaction transaction = network.Client.CreateTransaction();
        NftSet set = new(s_table, "s", NftDataType.IPv4Address);
        transaction.AddTable(s_table);
        transaction.AddChain(s_chain);
        transaction.AddSet(set);
        transaction.AddElements(set, Enumerable.Range(0, 20_000).Select(i => new NftElement(new NftData(10, (byte)(i >> 16), (byte)(i >> 8), (byte)i))));
        for (int i = 0; i < 5_000; i++)
            transaction.AddRule(new NftRule(s_chain).MatchMark((uint)i).Count().WithComment($"rule {i}"));
        transaction.Send();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"rule {i}"), network.Client.ListRules(s_chain).Select(r => r.Comment));
        Assert.Equal(20_000, network.Client.ListElements(set).Select(e => e.Key).Distinct().Count());
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_of_one_generation_while_somebody_changes_all_rules()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        network.Client.AddTable(s_table);
        network.Client.AddChain(s_chain);
        using NftablesClient other = NftablesClient.Open(network.Network.Namespace);
        using var stop = new CancellationTokenSource();
        int round = 0;
        Task changes = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using NftablesTransaction transaction = other.CreateTransaction();
                transaction.FlushChain(s_chain);
                for (int i = 0; i < 800; i++)
                    transaction.AddRule(new NftRule(s_chain).MatchMark((uint)i).WithComment($"round {round}"));
                transaction.Send();
                Interlocked.Increment(ref round);
                Thread.Sleep(5);
            }
        });
        int complete = 0;
        while (Volatile.Read(ref round) < 40)
        {
            Assert.False(changes.IsFaulted);
            Listing<NftRule> rules = network.Client.ListRules(s_chain);
            if (rules.IsInterrupted || rules.Count == 0)
                continue;
            complete++;
            Assert.Equal(800, rules.Count);
            Assert.Single(rules.Select(r => r.Comment).Distinct());
        }

        stop.Cancel();
        changes.GetAwaiter().GetResult();
        Assert.True(complete > 0);
    }

    [LinuxFact(Needs.Root | Needs.Nft)]
    public void Rules_are_inserted_replaced_and_deleted_beside_others()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        network.Client.AddTable(s_table);
        network.Client.AddChain(s_chain);
        NftRule rule = new(s_chain);
        network.Client.AddRule(rule.MatchMark(1).WithComment("1"));
        network.Client.AddRule(rule.MatchMark(3).WithComment("3"));
        network.Client.InsertRule(rule.MatchMark(0).WithComment("0"));
        NftRule three = network.Client.ListRules(s_chain).Single(r => r.Comment == "3");
        network.Client.InsertRuleBefore(rule.MatchMark(2).WithComment("2"), three);
        network.Client.AddRuleAfter(rule.MatchMark(4).WithComment("4"), three);
        network.Client.ReplaceRule(three.Count().WithComment("three"));
        Assert.Equal(["0", "1", "2", "three", "4"], network.Client.ListRules(s_chain).Select(r => r.Comment));
        Assert.Contains("meta mark 0x00000003 counter packets 0 bytes 0 comment \"three\"", network.Ruleset, StringComparison.Ordinal);
        foreach (NftRule each in network.Client.ListRules(s_table).Where(r => r.Comment != "2"))
            network.Client.DeleteRule(each);
        Assert.Equal("2", Assert.Single(network.Client.ListRules()).Comment);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteRule(three)).Errno);
        network.Client.FlushTable(s_table);
        Assert.Empty(network.Client.ListRules());
    }

    [LinuxFact(Needs.Root)]
    public void Adding_twice_fails_and_ensuring_twice_does_not()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        NftSet set = new(s_table, "s", NftDataType.Port);
        NftElement element = new(NftData.FromPort(80));
        NftCounter counter = new(s_table, "n");
        Action<NftablesChanges>[] adding = [c => c.AddTable(s_table), c => c.AddChain(s_chain), c => c.AddSet(set), c => c.AddElements(set, element), c => c.AddCounter(counter)];
        Action<NftablesChanges>[] ensuring = [c => c.EnsureTable(s_table), c => c.EnsureChain(s_chain), c => c.EnsureSet(set), c => c.EnsureElements(set, element), c => c.EnsureCounter(counter)];
        for (int i = 0; i < adding.Length; i++)
        {
            ensuring[i](network.Client);
            ensuring[i](network.Client);
            Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => adding[i](network.Client)).Errno);
        }

        Assert.Equal(element, Assert.Single(network.Client.ListElements(set)));
        network.Client.DeleteElements(set, element);
        Assert.Empty(network.Client.ListElements(set));
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.ListElements(set with { Name = "no" })).Errno);
        network.Client.FlushRuleset();
        Assert.Empty(network.Client.ListTables());
    }

    // Another user's thread clears the process's dumpable flag, so it is a process of its own.
    [LinuxFact(Needs.Root)]
    public void Without_capabilities_the_error_says_what_is_needed()
    {
        using var nothingLeft = new ResidueCheck();
        FreshProcess.Run(ChangeAsNobody).EnsureSuccess();
    }

    private static void ChangeAsNobody()
    {
        using var network = new NftTestNetwork();
        NetlinkException e = Assert.IsType<NetlinkException>(FailureAsNobody(() => network.Client.AddTable(s_table)));
        Assert.Equal(Errno.EPERM, e.Errno);
        Assert.Contains("CAP_NET_ADMIN", e.Message, StringComparison.Ordinal);

        // SO_SNDBUFFORCE needs a capability too; SO_SNDBUF ends at twice net.core.wmem_max.
        using NftablesTransaction transaction = network.Client.CreateTransaction();
        int most = 2 * int.Parse(File.ReadAllText("/proc/sys/net/core/wmem_max"), System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 0; i < most / 100; i++)
            transaction.AddRule(new NftRule(s_chain).MatchMark((uint)i));
        LinuxException tooLarge = Assert.IsAssignableFrom<LinuxException>(FailureAsNobody(transaction.Send));
        Assert.Equal(Errno.EMSGSIZE, tooLarge.Errno);
        Assert.Contains("net.core.wmem_max", tooLarge.Message, StringComparison.Ordinal);
        network.Client.AddTable(s_table);
    }

    private static Exception? FailureAsNobody(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            Syscalls.Interop.Sys.Check("become", "nobody", SyscallNumber.SetResUid, 65534, 65534, 65534);
            action();
        }));
        thread.Start();
        thread.Join();
        return failure;
    }
}
