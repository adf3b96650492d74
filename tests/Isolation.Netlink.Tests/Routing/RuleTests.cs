using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Rules, beside ip-rule(8) both ways.</summary>
public sealed class RuleTests
{
    internal static RoutingRule All { get; } = new(AddressFamily.InterNetwork)
    {
        Source = IPNetwork.Parse("10.0.0.0/8"),
        Destination = IPNetwork.Parse("11.0.0.0/8"),
        InputInterface = "v0",
        OutputInterface = "v1",
        Mark = 1,
        MarkMask = 3,
        TypeOfService = 4,
        IPProtocol = ProtocolType.Tcp,
        SourcePorts = new PortRange(1, 5),
        DestinationPorts = new PortRange(80),
        UserIds = new UserIdRange(0, 5),
        TunnelId = 9,
        Table = 77,
        Priority = 1000,
    };

    private static readonly string[] s_made =
    [
        "from 10.0.0.0/8 to 11.0.0.0/8 iif v0 oif v1 fwmark 1/3 tos 4 ipproto tcp sport 1-5 dport 80 uidrange 0-5 tun_id 9 lookup 77 prio 1000",
        "not from 1.0.0.0/8 lookup 1000 suppress_prefixlength 0 suppress_ifgroup 5 protocol static",
        "l3mdev prio 40",
        "prio 5 goto 32766",
        "prio 6 nop",
        "prio 7 goto 12345",
        "from 10.0.0.0/8 lookup main realms 5/6 prio 8",
        "from 10.1.2.3/8 lookup 77 prio 9",
        "blackhole prio 10",
        "to 1.2.3.4 unreachable prio 11",
        "iif lo prohibit prio 12",
        "fwmark 0x10 lookup 4294967295 prio 13",
    ];

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        network.Client.AddRule(All);
        network.Client.AddRule(new RoutingRule(AddressFamily.InterNetworkV6) { IsInverted = true, Source = IPNetwork.Parse("fd00::/8"), Table = 1000, Priority = 50, SuppressedPrefixLength = 0, SuppressedInterfaceGroup = 5, Protocol = RouteProtocol.Static });
        network.Client.AddRule(new RoutingRule(AddressFamily.InterNetworkV6) { Action = RoutingRuleAction.GoTo, Target = 32766, Priority = 60 });
        network.Client.AddRule(new RoutingRule(AddressFamily.InterNetwork) { UsesMasterTable = true, Priority = 40 });

        Assert.Contains("1000:\tfrom 10.0.0.0/8 to 11.0.0.0/8 tos 0x04 fwmark 0x1/0x3 iif v0 oif v1 uidrange 0-5 ipproto tcp sport 1-5 dport 80 tun_id 9 lookup 77 proto unspec", network.Ip("-d rule show"), StringComparison.Ordinal);
        Assert.Contains("40:\tfrom all lookup [l3mdev-table]", network.Ip("rule show"), StringComparison.Ordinal);
        JsonElement inverted = Assert.Single(network.IpJson("-6 rule show"), r => r.Number("priority") == 50);
        Assert.Equal(("fd00::", 8, "1000", 0, "5", "static"), (inverted.Text("src"), inverted.Number("srclen"), inverted.Text("table"), inverted.Number("suppress_prefixlen"), inverted.Text("suppress_ifgroup"), inverted.Text("protocol")));
        Assert.True(inverted.TryGetProperty("not", out _));
        Assert.Equal(32766, Assert.Single(network.IpJson("-6 rule show"), r => r.Number("priority") == 60).Number("goto"));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_and_what_is_listed_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out _);
        Listing<RoutingRule> before = network.Client.ListRules();
        Assert.Equal([0u, 32766u, 32767u, 0u, 32766u], before.Select(r => r.Priority!.Value));
        foreach (string rule in s_made)
            network.Ip("rule add " + rule);
        network.Ip("-6 rule add from fd00::5/8 ipproto udp dport 53 lookup 77");

        RoutingRule[] made = [.. network.Client.ListRules().Except(before)];
        Assert.Equal(s_made.Length + 1, made.Length);
        Assert.Equal(All with { Protocol = RouteProtocol.Unspecified }, made.Single(r => r.Priority == 1000));
        Assert.Equal(new RoutingRule(AddressFamily.InterNetwork) { Priority = 8, Source = All.Source, Table = RouteTable.Main, Realms = new RouteRealms(5, 6), Protocol = RouteProtocol.Unspecified }, made.Single(r => r.Priority == 8));
        Assert.Equal((RoutingRuleAction.GoTo, RoutingRuleFlags.Unresolved), (made.Single(r => r.Priority == 7).Action, made.Single(r => r.Priority == 7).Flags));
        Assert.Equal("9: from 10.0.0.0/8 lookup 77", made.Single(r => r.Priority == 9).ToString());

        using RouteBatch batch = network.Client.CreateBatch();
        foreach (RoutingRule rule in made)
            batch.DeleteRule(rule);
        batch.Send();
        Assert.Equal(before, network.Client.ListRules());
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_of_one_family_or_both()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Assert.Equal(3, network.Client.ListRules(AddressFamily.InterNetwork).Count);
        Assert.Equal(2, network.Client.ListRules(AddressFamily.InterNetworkV6).Count);
        Assert.Equal(5, network.Client.ListRules().Count);
    }

    [LinuxFact(Needs.Root)]
    public void A_rule_is_added_once_and_deleted_once()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        RoutingRule rule = new(AddressFamily.InterNetwork) { Priority = 100, Table = 77, Source = IPNetwork.Parse("10.0.0.0/8") };
        network.Client.AddRule(rule);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddRule(rule));
        Assert.Equal((Errno.EEXIST, "add the rule", "100: from 10.0.0.0/8 lookup 77"), (e.Errno, e.Operation, e.Target));
        network.Client.DeleteRule(new RoutingRule(AddressFamily.InterNetwork) { Priority = 100, Action = RoutingRuleAction.Unspecified });
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteRule(rule)).Errno);
    }

    // Linux 6.13 and later; before, the kernel does not know the attributes.
    [LinuxFact(Needs.Root)]
    public void Newer_selectors_are_read_as_they_were_made()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        RoutingRule[] rules =
        [
            new(AddressFamily.InterNetwork) { Priority = 100, Table = 77, CodePoint = 10 },
            new(AddressFamily.InterNetworkV6) { Priority = 100, Table = 77, FlowLabel = 0x12345, FlowLabelMask = 0xfffff, CodePoint = 8, CodePointMask = 0x38 },
            new(AddressFamily.InterNetwork) { Priority = 101, Table = 77, IPProtocol = ProtocolType.Udp, SourcePorts = new PortRange(0x100), SourcePortMask = 0xff00, DestinationPorts = new PortRange(0x200), DestinationPortMask = 0xff00 },
        ];
        foreach (RoutingRule rule in rules)
        {
            try
            {
                network.Client.AddRule(rule);
            }
            catch (NetlinkException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
            {
                Assert.DoesNotContain(network.Client.ListRules(), r => r.Table == 77 && r.Priority == rule.Priority && r.Family == rule.Family);
                Assert.Skip($"This kernel is older: {e.Message}");
            }
        }

        RoutingRule[] listed = [.. network.Client.ListRules().Where(r => r.Table == 77)];
        Assert.Equal([rules[0].CodePoint, null, rules[1].CodePoint], listed.Select(r => r.CodePoint));
        Assert.Equal((0x12345u, 0xfffffu, (byte)0x38), (listed[2].FlowLabel, listed[2].FlowLabelMask, listed[2].CodePointMask));
        Assert.Equal((rules[2].SourcePorts, rules[2].SourcePortMask, rules[2].DestinationPorts, rules[2].DestinationPortMask), (listed[1].SourcePorts, listed[1].SourcePortMask, listed[1].DestinationPorts, listed[1].DestinationPortMask));
        foreach (RoutingRule rule in listed)
            network.Client.DeleteRule(rule);
        Assert.DoesNotContain(network.Client.ListRules(), r => r.Table == 77);
    }

    [LinuxFact(Needs.Root)]
    public void Wrong_rules_are_refused_before_anything_is_sent()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        var rule = new RoutingRule(AddressFamily.InterNetwork);
        RoutingRule[] wrong =
        [
            new(AddressFamily.Unix),
            rule with { Source = IPNetwork.Parse("fd00::/8") },
            rule with { Destination = IPNetwork.Parse("fd00::/8") },
            rule with { Action = RoutingRuleAction.GoTo },
            rule with { Target = 5 },
            rule with { UsesMasterTable = true, Table = 5 },
            rule with { SourcePorts = new PortRange(5, 4) },
            rule with { DestinationPorts = new PortRange(0, 4) },
            rule with { UserIds = new UserIdRange(5, 4) },
            rule with { SuppressedPrefixLength = 33 },
            rule with { InputInterface = "a name that is too long" },
            rule with { OutputInterface = "" },
            new(AddressFamily.InterNetworkV6) { Realms = new RouteRealms(1, 2) },
        ];
        foreach (RoutingRule one in wrong)
            Assert.Throws<ArgumentException>(() => network.Client.AddRule(one));
        Assert.Equal(5, network.Client.ListRules().Count);
    }

    [Property(MaxTest = 1000)]
    public void A_rule_comes_back_as_it_was(uint priority, byte action, int table, (uint Address, byte Length) source, (uint Address, byte Length) destination, uint? mark, uint? mask, byte tos, ushort port, ulong tunnel, (byte? Small, ushort? Middle, uint? Large) newer)
    {
        var rule = new RoutingRule(AddressFamily.InterNetwork)
        {
            Priority = priority,
            Action = (RoutingRuleAction)action,
            Target = action == (byte)RoutingRuleAction.GoTo ? priority : null,
            Table = table,
            IsInverted = port % 2 == 0,
            Source = Network(source),
            Destination = Network(destination),
            InputInterface = port % 3 == 0 ? null : $"i{port}",
            OutputInterface = port % 5 == 0 ? null : $"o{port}",
            Mark = mark,
            MarkMask = mask is uint.MaxValue ? null : mask,
            TypeOfService = tos,
            IPProtocol = tos % 2 == 0 ? null : (ProtocolType)tos,
            SourcePorts = port == 0 ? null : new PortRange(port, ushort.MaxValue),
            DestinationPorts = port == 0 ? null : new PortRange(1, port),
            UserIds = mark is { } users ? new UserIdRange(users / 2, users) : null,
            TunnelId = tunnel,
            SuppressedPrefixLength = tos % 33,
            SuppressedInterfaceGroup = port,
            UsesMasterTable = table == 0,
            Realms = port == 0 ? null : new RouteRealms(port, tos),
            Protocol = (RouteProtocol)tos,
            CodePoint = newer.Small,
            CodePointMask = newer.Small,
            FlowLabel = newer.Large,
            FlowLabelMask = newer.Large,
            SourcePortMask = newer.Middle,
            DestinationPortMask = newer.Middle,
        };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWRULE, 0, "test", null), rule);
        Assert.Equal(rule, RoutingRule.Read(bytes.AsSpan(16)));

        static IPNetwork? Network((uint Address, byte Length) value)
            => value.Length % 33 == 0 ? null : IPPrefix.ToNetwork(new IPAddress(value.Address).GetAddressBytes(), (byte)(value.Length % 33), AddressFamily.InterNetwork);
    }
}
