using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isolation.Netlink.Nftables;

namespace Isolation.Netlink.Tests;

/// <summary>Each change beside the command of nft(8) that does the same: the bytes, and what nft(8) shows afterwards.</summary>
[NativeOnly]
public sealed class NftCommandTests
{
    private static readonly NftTable s_table = new(NftFamily.IPv4, "t");
    private static readonly NftChain s_post = new(s_table, "post"), s_pre = new(s_table, "pre"), s_forward = new(s_table, "f"), s_jumped = new(s_table, "r");
    private static readonly NftSet s_set = new(s_table, "s", NftDataType.IPv4Address) { Flags = NftSetOptions.Interval };
    private static readonly NftSet s_new = s_set with { Name = "new" };

    private static readonly NftSet s_anonymous = new(s_table, NftSet.AnonymousName, NftDataType.Port) { Flags = NftSetOptions.Anonymous | NftSetOptions.Constant, Id = 1, Size = 2 };

    private static readonly Dictionary<string, Action<NftablesChanges>> s_changes = new()
    {
        ["add table ip x { comment \"tab\"; }"] = c => c.EnsureTable(new NftTable(NftFamily.IPv4, "x") { Comment = "tab" }),
        ["add chain ip t new { type filter hook forward priority 10; policy drop; comment \"c\"; }"]
            = c => c.EnsureChain(new NftChain(s_table, "new") { Hook = new NftHook(NftChainType.Filter, NftHookPoint.Forward, 10), Policy = NftPolicy.Drop, Comment = "c" }),
        ["add chain ip t jumped"] = c => c.EnsureChain(new NftChain(s_table, "jumped")),
        ["add rule ip t post ip saddr 10.0.0.0/24 oifname \"eth0\" counter masquerade comment \"x\""]
            = c => c.AddRule(new NftRule(s_post).MatchSource(IPNetwork.Parse("10.0.0.0/24")).MatchOutputInterface("eth0").Count().Masquerade().WithComment("x")),
        ["add rule ip t post ip saddr 10.0.0.0/25 oifname != \"eth*\" counter masquerade random"]
            = c => c.AddRule(new NftRule(s_post).MatchSource(IPNetwork.Parse("10.0.0.0/25")).MatchOutputInterface("eth*", isInverted: true).Count().Masquerade(NftNatOptions.Random)),
        ["add rule ip t pre tcp dport 8080 dnat to 10.0.0.2:80"]
            = c => c.AddRule(new NftRule(s_pre).MatchDestinationPort(ProtocolType.Tcp, 8080).DestinationNat(IPAddress.Parse("10.0.0.2"), 80)),
        ["add rule ip t pre udp dport 53 redirect to :5353"] = c => c.AddRule(new NftRule(s_pre).MatchDestinationPort(ProtocolType.Udp, 53).Redirect(5353)),
        ["add rule ip t post ip saddr 10.0.0.0/24 snat to 192.0.2.1"]
            = c => c.AddRule(new NftRule(s_post).MatchSource(IPNetwork.Parse("10.0.0.0/24")).SourceNat(IPAddress.Parse("192.0.2.1"))),
        ["add rule ip t f ct state established,related accept"] = c => c.AddRule(new NftRule(s_forward).MatchConnectionState(NftConnectionStates.Established | NftConnectionStates.Related).Accept()),
        ["add rule ip t f ct status dnat accept"] = c => c.AddRule(new NftRule(s_forward).MatchDestinationNat().Accept()),
        ["add rule ip t f iifname \"br0\" tcp dport { 80, 443 } accept"] = c =>
        {
            c.EnsureSet(s_anonymous);
            c.EnsureElements(s_anonymous, new NftElement(NftData.FromPort(80)), new NftElement(NftData.FromPort(443)));
            c.AddRule(new NftRule(s_forward).MatchInputInterface("br0").MatchDestinationPort(ProtocolType.Tcp, s_anonymous).Accept());
        },
        ["add rule ip t f tcp dport 1000-2000 counter name \"c\" drop"] = c => c.AddRule(new NftRule(s_forward).MatchDestinationPort(ProtocolType.Tcp, 1000, 2000).Count("c").Drop()),
        ["add rule ip t f limit rate 10/second burst 5 packets log prefix \"x: \" level info reject"]
            = c => c.AddRule(new NftRule(s_forward).Limit(10, TimeSpan.FromSeconds(1)).Log("x: ", NftLogLevel.Information).Reject()),
        ["add rule ip t f tcp dport 5 reject with tcp reset"] = c => c.AddRule(new NftRule(s_forward).MatchDestinationPort(ProtocolType.Tcp, 5).RejectWithReset()),
        ["add rule ip t f meta mark set 0x5 return"] = c => c.AddRule(new NftRule(s_forward).SetMark(5).Decide(NftVerdict.Return)),
        ["add rule ip t f ip daddr != 10.0.0.1 jump r"] = c => c.AddRule(new NftRule(s_forward).MatchDestination(IPNetwork.Parse("10.0.0.1/32"), isInverted: true).Jump("r")),
        ["add rule ip t f ip saddr @s drop"] = c => c.AddRule(new NftRule(s_forward).MatchSource(s_set).Drop()),
        ["add rule ip t pre fib daddr type local tcp dport 80 dnat to 10.0.0.3"]
            = c => c.AddRule(new NftRule(s_pre).MatchLocalDestination().MatchDestinationPort(ProtocolType.Tcp, 80).DestinationNat(IPAddress.Parse("10.0.0.3"))),
        ["insert rule ip t f accept"] = c => c.InsertRule(new NftRule(s_forward).Accept()),
        ["add rule inet i pre ip6 saddr fd00::/64 tcp dport 8080 dnat ip6 to [fd00::2]:80"] = c => c.AddRule(
            new NftRule(NftFamily.Inet, "i", "pre").MatchSource(IPNetwork.Parse("fd00::/64")).MatchDestinationPort(ProtocolType.Tcp, 8080).DestinationNat(IPAddress.Parse("fd00::2"), 80)),
        ["add set ip t new { type ipv4_addr; flags interval; comment \"hi\"; }"] = c => c.EnsureSet(s_new with { Comment = "hi" }),
        ["add set ip t new { type ipv4_addr . inet_service; flags interval; timeout 1h; }"] = c => c.EnsureSet(s_new with
        {
            KeyType = NftDataType.Concatenate(NftDataType.IPv4Address, NftDataType.Port),
            Flags = NftSetOptions.Interval | NftSetOptions.Concatenation | NftSetOptions.Timeout,
            Timeout = TimeSpan.FromHours(1),
        }),
        ["add map ip t new { type ifname : verdict; }"] = c => c.EnsureSet(new NftSet(s_table, "new", NftDataType.InterfaceName) { DataType = NftDataType.Verdict }),
        ["add element ip t s { 10.0.0.0/8 }"] = c => c.EnsureElements(s_set, [new NftElement(new NftData(0, 0, 0, 0)) { IsRangeEnd = true }, .. NftElement.Network(IPNetwork.Parse("10.0.0.0/8"))]),
        ["add element ip t m { 80 : 10.0.0.1 }"] = c => c.EnsureElements(s_set with { Name = "m" }, new NftElement(NftData.FromPort(80)) { Value = NftData.FromAddress(IPAddress.Parse("10.0.0.1")) }),
        ["add element ip t vm { \"eth0\" : jump r }"] = c => c.EnsureElements(s_set with { Name = "vm" }, new NftElement(NftData.FromInterfaceName("eth0")) { Verdict = NftVerdict.Jump("r") }),
        ["add element ip t old { 10.0.0.1 timeout 10s comment \"x\" }"]
            = c => c.EnsureElements(s_set with { Name = "old" }, new NftElement(NftData.FromAddress(IPAddress.Parse("10.0.0.1"))) { Timeout = TimeSpan.FromSeconds(10), Comment = "x" }),
        ["add element ip t cc { 10.0.0.0/24 . 80-90 }"] = c => c.EnsureElements(
            s_set with { Name = "cc" },
            new NftElement(NftData.Concatenate(new NftData(10, 0, 0, 0), NftData.FromPort(80))) { KeyEnd = NftData.Concatenate(new NftData(10, 0, 0, 255), NftData.FromPort(90)) }),
        ["add counter ip t new { packets 3 bytes 4 comment \"n\"; }"] = c => c.EnsureCounter(new NftCounter(s_table, "new") { Packets = 3, Bytes = 4, Comment = "n" }),
        ["delete table ip t"] = c => c.DeleteTable(s_table),
        ["delete chain ip t r"] = c => c.DeleteChain(s_jumped),
        ["flush chain ip t r"] = c => c.FlushChain(s_jumped),
        ["delete rule ip t r handle 10"] = c => c.DeleteRule(new NftRule(s_jumped) { Handle = 10 }),
        ["delete set ip t s"] = c => c.DeleteSet(s_set),
        ["delete counter ip t c"] = c => c.DeleteCounter(new NftCounter(s_table, "c")),
        ["flush set ip t s"] = c => c.FlushSet(s_set),
        ["flush ruleset"] = c => c.FlushRuleset(),
    };

    public static TheoryData<string> Commands => [.. NftBytes.ByCommand.Keys];

    [LinuxFact]
    public void Each_command_has_a_change() => Assert.Equal(NftBytes.ByCommand.Keys, s_changes.Keys);

    [LinuxTheory]
    [MemberData(nameof(Commands))]
    public void We_send_what_nft_sends(string command)
    {
        using var recorder = new NftRecorder();
        s_changes[command](recorder);
        Assert.Equal(NftBytes.ByCommand[command].Select(h => Describe(Convert.FromHexString(h))), recorder.Messages.Select(m => Describe(m)));
    }

    [LinuxTheory(Needs.Root | Needs.Nft)]
    [MemberData(nameof(Commands))]
    public void Nft_shows_the_same_after_our_change_and_after_its_own_command(string command)
    {
        using var nothingLeft = new ResidueCheck();
        using NftTestNetwork theirs = new(), ours = new();
        theirs.Nft(NftBytes.Before);
        ours.Nft(NftBytes.Before);
        theirs.Nft(command);
        using (NftablesTransaction transaction = ours.Client.CreateTransaction())
        {
            s_changes[command](transaction);
            transaction.Send();
        }

        string shown = WithoutTimes(theirs.Ruleset);
        Assert.Equal(shown, WithoutTimes(ours.Ruleset));
        Assert.Equal(theirs.RulesetJson.Select(e => WithoutTimes(e.ToString())), ours.RulesetJson.Select(e => WithoutTimes(e.ToString())));
        theirs.Nft("flush", "ruleset");
        theirs.Nft(NftBytes.Before);
        Assert.NotEqual(shown, WithoutTimes(theirs.Ruleset));
    }

    [LinuxTheory(Needs.Root | Needs.Nft)]
    [MemberData(nameof(Commands))]
    public void What_nft_makes_is_read_and_can_be_made_again(string command)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        network.Nft(NftBytes.Before);
        network.Nft(command);
        string shown = WithoutTimes(network.Ruleset);
        using NftablesTransaction transaction = network.Client.CreateTransaction();
        transaction.FlushRuleset();
        foreach (NftTable table in network.Client.ListTables())
            transaction.AddTable(table);
        foreach (NftCounter counter in network.Client.ListCounters())
            transaction.AddCounter(counter);
        foreach (NftChain chain in network.Client.ListChains())
            transaction.AddChain(chain);
        uint id = 0;
        var ids = new Dictionary<string, uint>();
        foreach (NftSet set in network.Client.ListSets())
        {
            // The kernel has named anonymous ones.
            bool isAnonymous = set.Flags.HasFlag(NftSetOptions.Anonymous);
            NftSet again = set with { Name = isAnonymous ? NftSet.AnonymousName : set.Name, Id = ids[set.Name] = ++id };
            transaction.AddSet(again);
            transaction.AddElements(again, network.Client.ListElements(set).ToArray());
        }

        foreach (NftRule rule in network.Client.ListRules())
        {
            Assert.DoesNotContain(rule.Expressions, e => e is GenericExpression);
            transaction.AddRule(rule with { Expressions = [.. rule.Expressions.Select(e => e is LookupExpression lookup && lookup.Set.StartsWith("__", StringComparison.Ordinal) ? lookup with { Set = NftSet.AnonymousName, SetId = ids[lookup.Set] } : e)] });
        }

        transaction.Send();
        Assert.Equal(shown, WithoutTimes(network.Ruleset));
    }

    private static string WithoutTimes(string text) => System.Text.RegularExpressions.Regex.Replace(text, """ expires [0-9a-z]+|,? ?"expires": [0-9]+|,? ?"handle": [0-9]+""", "");

    // A message as text, so that what differs shows. What does not matter is left out: sequence numbers; the order of attributes
    // that are no list; NLM_F_CREATE of a table, which the kernel makes anyway; and the numbers of sets, which nft counts and we
    // only give where another request of the transaction needs one. nft numbers the elements of a list, where the kernel looks at the
    // order only; it notes how a set was written; and it repeats a counter's value when it is deleted.
    private static string Describe(ReadOnlySpan<byte> message)
    {
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]), flags = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        if (type == 0xa00)
            flags &= 0xfbff;
        int[] ignored = type switch { 0xa09 => [10], 0xa0c => [4], 0xa0e => [4], 0xa14 => [4], _ => [] };
        return $"{type:x} {flags:x} {Convert.ToHexStringLower(message[16..20])} {DescribeAttributes(message[20..], isList: false, listIn: type == 0xa0c ? 3 : -1, notesIn: type == 0xa09 ? 13 : -1, ignored)}";
    }

    private static string DescribeAttributes(ReadOnlySpan<byte> attributes, params int[] ignored) => DescribeAttributes(attributes, isList: false, listIn: -1, notesIn: -1, ignored);

    private static string DescribeAttributes(ReadOnlySpan<byte> attributes, bool isList, int listIn, int notesIn, params int[] ignored)
    {
        var all = new List<(int Type, string Text)>();
        while (attributes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes), type = BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]);
            ReadOnlySpan<byte> value = attributes[4..length];
            int number = type & 0x3fff;
            bool isOfLookup = number == 2 && all is [(1, "6c6f6f6b757000")];
            if (!ignored.Contains(number))
                all.Add((isList ? 1 : number, (type & 0x8000) != 0 ? DescribeAttributes(value, isList: number == listIn, -1, -1, isOfLookup ? [4] : []) : Convert.ToHexStringLower(number == notesIn ? WithoutTypes(value) : value)));
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return new StringBuilder("{ ").AppendJoin(", ", all.OrderBy(a => a.Type).Select(a => $"{a.Type}={a.Text}")).Append(" }").ToString();
    }

    // NFTNL_UDATA_SET_KEY_TYPEOF, NFTNL_UDATA_SET_DATA_TYPEOF and NFTNL_UDATA_SET_DATA_INTERVAL.
    private static byte[] WithoutTypes(ReadOnlySpan<byte> notes)
    {
        var rest = new List<byte>();
        while (!notes.IsEmpty)
        {
            if (notes[0] is not (3 or 4 or 6))
                rest.AddRange(notes[..(2 + notes[1])]);
            notes = notes[(2 + notes[1])..];
        }

        return [.. rest];
    }
}
