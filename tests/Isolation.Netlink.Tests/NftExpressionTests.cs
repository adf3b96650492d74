using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Nftables;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Isolation.Syscalls.Tests;

namespace Isolation.Netlink.Tests;

/// <summary>The messages of nf_tables: round trips, bytes that are none of the kernel's, and what is refused before anything is sent.</summary>
[NativeOnly]
public sealed class NftExpressionTests
{
    private static readonly NftChain s_chain = new(NftFamily.Inet, "t", "c");

    [Property(MaxTest = 1000)]
    public void Every_expression_comes_back_as_it_was(uint a, uint b, uint c, ushort d, byte e, bool f, bool g, byte[] bytes, ulong big)
    {
        NftExpression[] expressions = Expressions(a, b, c, d, e, f, g, bytes, big);
        Assert.Equal(
            typeof(NftExpression).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(NftExpression))).OrderBy(t => t.Name),
            expressions.Select(x => x.GetType()).Distinct().OrderBy(t => t.Name));
        foreach (NftExpression expression in expressions)
            Assert.Equal([expression], Reread(new NftRule(s_chain).Append(expression)).Expressions);
        NftRule all = new NftRule(s_chain) { UserData = new NftData(bytes.Take(256).ToArray()), Handle = big }.Append(expressions);
        Assert.Equal(all, Reread(all));
    }

    [Property(MaxTest = 1000)]
    public void Tables_chains_sets_and_counters_come_back_as_they_were(byte family, uint a, uint b, int priority, byte point, bool isBase, bool isMap, ulong big, ushort time, byte devices)
    {
        NftFamily of = new[] { NftFamily.Inet, NftFamily.IPv4, NftFamily.IPv6, NftFamily.Bridge, NftFamily.NetworkDevice, NftFamily.Arp }[family % 6];
        NftTable table = new(of, $"t{a}") { Flags = (NftTableOptions)(b & 3), Comment = a % 2 == 0 ? "text" : null };
        Assert.Equal(table, NftTable.Read(Encode(table)));
        NftHookPoint[] points = of switch
        {
            NftFamily.NetworkDevice => [NftHookPoint.Ingress, NftHookPoint.Egress],
            NftFamily.Arp => [NftHookPoint.Input, NftHookPoint.Output],
            NftFamily.Inet => [.. Enum.GetValues<NftHookPoint>().Where(p => p <= NftHookPoint.Ingress)],
            _ => [.. Enum.GetValues<NftHookPoint>().Where(p => p <= NftHookPoint.Postrouting)],
        };
        NftChain chain = new(table, "c") { Comment = "of it" };
        if (isBase)
            chain = chain with { Hook = new NftHook(NftChainType.Filter, points[point % points.Length], priority) { Devices = [.. Enumerable.Range(0, devices % 4).Select(i => $"eth{i}")] }, Policy = (NftPolicy)(b % 2) };
        Assert.Equal(chain, NftChain.Read(Encode(chain)));
        NftSet set = new(table, "s", new NftDataType(a, (int)(b % 64)))
        {
            DataType = isMap ? new NftDataType(b & 0xff, time % 64) : null,
            ObjectType = isMap || b % 3 == 0 ? null : b % 10,
            Flags = (NftSetOptions)(b & 0x1ff) & ~(NftSetOptions.Map | NftSetOptions.Objects | NftSetOptions.Concatenation),
            Timeout = time == 0 ? null : TimeSpan.FromMilliseconds(time),
            CollectionInterval = time == 0 ? null : TimeSpan.FromMilliseconds(time),
            Size = a == 0 ? null : a,
            UserData = new NftData(0, 1, 7),
        };
        Assert.Equal(set, NftSet.Read(Encode(set)));
        NftCounter counter = new(table, "n") { Packets = big, Bytes = a, Comment = "c" };
        Assert.Equal(counter, NftCounter.Read(Encode(counter)));
    }

    [Property(MaxTest = 1000)]
    public void An_element_comes_back_as_it_was(byte[] key, byte[] value, bool isEnd, byte kind, uint time, ulong packets)
    {
        NftElement element = new(Data(key))
        {
            IsRangeEnd = isEnd,
            KeyEnd = kind % 5 == 0 ? Data(value) : null,
            Value = kind % 3 == 0 ? Data(value) : null,
            Verdict = kind % 3 == 1 ? NftVerdict.Jump("c") : null,
            ObjectName = kind % 3 == 2 ? "counted" : null,
            Timeout = time == 0 ? null : TimeSpan.FromMilliseconds(time),
            Comment = kind % 2 == 0 ? "text" : null,
            Expressions = [.. Enumerable.Range(0, kind % 4).Select(i => new CounterExpression(packets, (ulong)i))],
        };
        byte[] body = Encode(new ElementsRequest(new NftSet(NftFamily.IPv4, "t", "s", default), new[] { element }));
        Message.ReadFixed<NetfilterHeader>(body, out AttributeReader attributes);
        bool found = false;
        foreach (Wire.Attribute list in attributes)
        {
            if (list.Type != (ushort)NftablesElementListAttribute.NFTA_SET_ELEM_LIST_ELEMENTS)
                continue;
            foreach (Wire.Attribute one in list.Attributes)
            {
                Assert.Equal(element, NftElement.Read(one.Attributes));
                found = true;
            }
        }

        Assert.True(found);
    }

    // Real messages with a few bytes changed, or cut.
    [Property(MaxTest = 5000)]
    public void Any_mutated_message_is_read_or_a_typed_error(int which, (ushort Place, byte Value)[] changes, ushort cut)
    {
        byte[][] real = [.. NftBytes.ByCommand.Values.SelectMany(m => m).Select(h => Convert.FromHexString(h)[16..]).Where(b => b.Length > 4)];
        byte[] message = [.. real[(uint)which % real.Length]];
        foreach ((ushort place, byte value) in changes)
            message[place % message.Length] = value;
        ReadOnlySpan<byte> bytes = message.AsSpan(0, message.Length - (cut % 4 == 0 ? cut / 4 % message.Length : 0));
        AssertTyped(bytes, static b => NftTable.Read(b));
        AssertTyped(bytes, static b => NftChain.Read(b));
        AssertTyped(bytes, static b => NftRule.Read(b));
        AssertTyped(bytes, static b => NftSet.Read(b));
        AssertTyped(bytes, static b => NftCounter.Read(b));
        AssertTyped(bytes, static b =>
        {
            Message.ReadFixed<NetfilterHeader>(b, out AttributeReader attributes);
            foreach (Wire.Attribute list in attributes)
            {
                foreach (Wire.Attribute one in list.Attributes)
                    NftElement.Read(one.Attributes);
            }
        });
        AssertTyped(bytes, static b => GenericNetlinkFamily.Read(b));
    }

    [LinuxFact]
    public void A_use_of_an_expression_that_has_no_type_here_stays_as_it_is()
    {
        // bitwise with NFT_BITWISE_AND of two registers (Linux 6.13), and objref of a map.
        foreach (NftExpression expression in (NftExpression[])[
            new GenericExpression("bitwise") { Data = new NftData(8, 0, 6, 0, 0, 0, 0, 3) },
            new GenericExpression("objref") { Data = new NftData(8, 0, 3, 0, 0, 0, 0, 1) },
            new GenericExpression("notrack"),
            new GenericExpression("queue") { Data = default(NftData) }])
        {
            Assert.Equal([expression], Reread(new NftRule(s_chain).Append(expression)).Expressions);
        }
    }

    [LinuxFact]
    public void What_cannot_be_sent_is_refused_before()
    {
        using var recorder = new NftRecorder();
        NftTable table = new(NftFamily.Inet, "t");
        NftRule rule = new(s_chain);
        Refused(() => recorder.AddTable(new NftTable(NftFamily.Any, "t")));
        Refused(() => recorder.AddTable(new NftTable(NftFamily.Inet, "")));
        Refused(() => recorder.AddTable(new NftTable(NftFamily.Inet, new string('x', 256))));
        Refused(() => recorder.AddTable(new NftTable(NftFamily.Inet, "a\0b")));
        Refused(() => new NftTable(NftFamily.Inet, "t") { Comment = "say \"no\"" });
        Refused(() => new NftTable(NftFamily.Inet, "t") { Comment = "two\nlines" });
        Refused(() => new NftTable(NftFamily.Inet, "t") { Comment = new string('x', 129) });
        Refused(() => recorder.AddChain(new NftChain(table, "c") { Policy = NftPolicy.Drop }));
        Refused(() => recorder.AddChain(new NftChain(table, "c") { Hook = new NftHook("what", NftHookPoint.Input) }));
        Refused(() => recorder.AddChain(new NftChain(NftFamily.Arp, "t", "c") { Hook = new NftHook(NftChainType.Filter, NftHookPoint.Postrouting) }));
        Refused(() => recorder.DeleteRule(rule));
        Refused(() => recorder.ReplaceRule(rule));
        Refused(() => recorder.AddRule(rule with { Expressions = default }));
        Refused(() => recorder.AddRule(rule.Append(new CompareExpression(NftComparison.Equal, default))));
        Refused(() => recorder.AddRule(rule.Append(new CompareExpression(NftComparison.Equal, new NftData(new byte[65])))));
        Refused(() => recorder.AddRule(rule.Append(new BitwiseExpression(new NftData(1), new NftData(1, 2)))));
        Refused(() => recorder.AddRule(rule.Append(new ImmediateExpression(NftRegister.Verdict, new NftData(1)))));
        Refused(() => recorder.AddRule(rule.Decide(new NftVerdict(NftVerdictKind.Jump))));
        Refused(() => recorder.AddRule(rule.Decide(new NftVerdict(NftVerdictKind.Drop, "c"))));
        Refused(() => recorder.AddRule(rule.Limit(0, TimeSpan.FromSeconds(1))));
        Refused(() => recorder.AddRule(rule.Log(new string('x', 128))));
        Refused(() => recorder.AddSet(new NftSet(table, "s", new NftDataType(63, 4)) { Flags = NftSetOptions.Concatenation }));
        Refused(() => rule.MatchDestinationPort(System.Net.Sockets.ProtocolType.Icmp, 1));
        Refused(() => rule.MatchDestinationPort(System.Net.Sockets.ProtocolType.Tcp, 2, 1));
        Refused(() => rule.MatchInputInterface("a-name-of-16-byt"));
        Refused(() => rule.MatchSource(System.Net.IPNetwork.Parse("0.0.0.0/0"), isInverted: true));
        Refused(() => new NftRule(NftFamily.IPv4, "t", "c").MatchSource(System.Net.IPAddress.IPv6Loopback));
        Refused(() => NftElement.Range(new NftData(2), new NftData(1)));
        Assert.Equal(0, recorder.Requests.Count);

        static void Refused(Action action) => Assert.ThrowsAny<ArgumentException>(action);
    }

    [LinuxFact]
    public void A_range_ends_behind_its_last_key()
    {
        Assert.Equal([new NftElement(new NftData(10, 0, 0, 0)), new NftElement(new NftData(10, 0, 1, 0)) { IsRangeEnd = true }], NftElement.Network(System.Net.IPNetwork.Parse("10.0.0.0/24")));
        Assert.Equal([new NftElement(new NftData(255, 255, 255, 0))], NftElement.Network(System.Net.IPNetwork.Parse("255.255.255.0/24")));
    }

    [LinuxFact]
    public void An_offset_is_turned_into_the_attributes_name()
    {
        using var recorder = new NftRecorder();
        recorder.AddRule(new NftRule(s_chain).Append(new CompareExpression(NftComparison.Equal, new NftData(1, 2, 3, 4))));
        byte[] message = recorder.Messages[0];
        int value = message.AsSpan().IndexOf((ReadOnlySpan<byte>)[8, 0, 1, 0, 1, 2, 3, 4]);
        AttributeSpace? space = recorder.Requests.Description(0).Kind.Attributes;
        Assert.Equal("NFTA_RULE_TABLE", Transport.AttributePath.At(space, message, 20));
        Assert.Equal("NFTA_RULE_EXPRESSIONS.1.NFTA_EXPR_DATA.NFTA_CMP_DATA.NFTA_DATA_VALUE", Transport.AttributePath.At(space, message, value));
    }

    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(NftFamily), "Any=NFPROTO_UNSPEC Inet=NFPROTO_INET IPv4=NFPROTO_IPV4 Arp=NFPROTO_ARP NetworkDevice=NFPROTO_NETDEV Bridge=NFPROTO_BRIDGE IPv6=NFPROTO_IPV6", "linux/netfilter.h")]
    [InlineData(typeof(NftVerdictKind), "Drop=NF_DROP Accept=NF_ACCEPT Continue=NFT_CONTINUE Break=NFT_BREAK Jump=NFT_JUMP GoTo=NFT_GOTO Return=NFT_RETURN", "linux/netfilter.h")]
    [InlineData(typeof(NftPolicy), "Drop=NF_DROP Accept=NF_ACCEPT", "linux/netfilter.h")]
    [InlineData(typeof(NftTableOptions), "Dormant=NFT_TABLE_F_DORMANT Owned=NFT_TABLE_F_OWNER", null)]
    [InlineData(typeof(NftSetOptions), "Anonymous=NFT_SET_ANONYMOUS Constant=NFT_SET_CONSTANT Interval=NFT_SET_INTERVAL Map=NFT_SET_MAP Timeout=NFT_SET_TIMEOUT Dynamic=NFT_SET_EVAL Objects=NFT_SET_OBJECT Concatenation=NFT_SET_CONCAT Expressions=NFT_SET_EXPR", null)]
    [InlineData(typeof(NftComparison), "Equal=NFT_CMP_EQ NotEqual=NFT_CMP_NEQ Less=NFT_CMP_LT LessOrEqual=NFT_CMP_LTE Greater=NFT_CMP_GT GreaterOrEqual=NFT_CMP_GTE", null)]
    [InlineData(typeof(NftNatKind), "Source=NFT_NAT_SNAT Destination=NFT_NAT_DNAT", null)]
    [InlineData(typeof(NftNatOptions), "Addresses=NF_NAT_RANGE_MAP_IPS Ports=NF_NAT_RANGE_PROTO_SPECIFIED Random=NF_NAT_RANGE_PROTO_RANDOM Persistent=NF_NAT_RANGE_PERSISTENT FullyRandom=NF_NAT_RANGE_PROTO_RANDOM_FULLY", "linux/netfilter/nf_nat.h")]
    [InlineData(typeof(NftFibResult), "OutputInterface=NFT_FIB_RESULT_OIF OutputInterfaceName=NFT_FIB_RESULT_OIFNAME AddressType=NFT_FIB_RESULT_ADDRTYPE", null)]
    [InlineData(typeof(NftFibInputs), "Source=NFTA_FIB_F_SADDR Destination=NFTA_FIB_F_DADDR Mark=NFTA_FIB_F_MARK InputInterface=NFTA_FIB_F_IIF OutputInterface=NFTA_FIB_F_OIF Presence=NFTA_FIB_F_PRESENT", null)]
    [InlineData(typeof(NftRejection), "Icmp=NFT_REJECT_ICMP_UNREACH TcpReset=NFT_REJECT_TCP_RST IcmpOfEither=NFT_REJECT_ICMPX_UNREACH", null)]
    [InlineData(typeof(NftLogLevel), "Emergency=NFT_LOGLEVEL_EMERG Alert=NFT_LOGLEVEL_ALERT Critical=NFT_LOGLEVEL_CRIT Error=NFT_LOGLEVEL_ERR Warning=NFT_LOGLEVEL_WARNING Notice=NFT_LOGLEVEL_NOTICE Information=NFT_LOGLEVEL_INFO Debug=NFT_LOGLEVEL_DEBUG Audit=NFT_LOGLEVEL_AUDIT", null)]
    [InlineData(typeof(NftPayloadBase), "Link=NFT_PAYLOAD_LL_HEADER Network=NFT_PAYLOAD_NETWORK_HEADER Transport=NFT_PAYLOAD_TRANSPORT_HEADER Inner=NFT_PAYLOAD_INNER_HEADER", null)]
    [InlineData(typeof(NftMetaKey), "Length=NFT_META_LEN Protocol=NFT_META_PROTOCOL Priority=NFT_META_PRIORITY Mark=NFT_META_MARK InputInterface=NFT_META_IIF OutputInterface=NFT_META_OIF InputInterfaceName=NFT_META_IIFNAME OutputInterfaceName=NFT_META_OIFNAME InputInterfaceType=NFT_META_IFTYPE OutputInterfaceType=NFT_META_OIFTYPE UserId=NFT_META_SKUID GroupId=NFT_META_SKGID Trace=NFT_META_NFTRACE RealmId=NFT_META_RTCLASSID SecurityMark=NFT_META_SECMARK Family=NFT_META_NFPROTO TransportProtocol=NFT_META_L4PROTO BridgeInputInterfaceName=NFT_META_BRI_IIFNAME BridgeOutputInterfaceName=NFT_META_BRI_OIFNAME PacketType=NFT_META_PKTTYPE Processor=NFT_META_CPU InputInterfaceGroup=NFT_META_IIFGROUP OutputInterfaceGroup=NFT_META_OIFGROUP CgroupClass=NFT_META_CGROUP Random=NFT_META_PRANDOM IsIpsec=NFT_META_SECPATH InputInterfaceKind=NFT_META_IIFKIND OutputInterfaceKind=NFT_META_OIFKIND", null)]
    [InlineData(typeof(NftConntrackKey), "State=NFT_CT_STATE Direction=NFT_CT_DIRECTION Status=NFT_CT_STATUS Mark=NFT_CT_MARK SecurityMark=NFT_CT_SECMARK Expiration=NFT_CT_EXPIRATION Helper=NFT_CT_HELPER Family=NFT_CT_L3PROTOCOL Source=NFT_CT_SRC Destination=NFT_CT_DST Protocol=NFT_CT_PROTOCOL SourcePort=NFT_CT_PROTO_SRC DestinationPort=NFT_CT_PROTO_DST Labels=NFT_CT_LABELS Packets=NFT_CT_PKTS Bytes=NFT_CT_BYTES AveragePacket=NFT_CT_AVGPKT Zone=NFT_CT_ZONE EventMask=NFT_CT_EVENTMASK SourceIPv4=NFT_CT_SRC_IP DestinationIPv4=NFT_CT_DST_IP SourceIPv6=NFT_CT_SRC_IP6 DestinationIPv6=NFT_CT_DST_IP6 Id=NFT_CT_ID", null)]
    [InlineData(typeof(GenericNetlinkUses), "NeedsAdministrator=GENL_ADMIN_PERM Do=GENL_CMD_CAP_DO Dump=GENL_CMD_CAP_DUMP HasPolicy=GENL_CMD_CAP_HASPOL NeedsNamespaceAdministrator=GENL_UNS_ADMIN_PERM", null)]
    public void Public_names_stand_for_the_kernels(Type type, string pairs, string? header)
    {
        Dictionary<string, string> names = pairs.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        (string Name, long Value)[] ours = [.. Enum.GetNames(type).Where(n => n != "None").Select(n => (names[n], Convert.ToInt64(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture)))];
        Assert.Equal(names.Count, ours.Length);
        string headers = header is null ? KernelNames.Headers : $"{KernelNames.Headers}\n#include <{header}>";
        CProgram.AssertSame(ours, CProgram.Values(headers, ours.Select(o => o.Name)));
    }

    // What conntrack calls its bits has no header for programs but this one, whose numbers are places of bits.
    [LinuxFact(Needs.CCompiler)]
    public void States_and_status_bits_are_those_of_conntrack()
        => CProgram.AssertSame(
            [
                ("NF_CT_STATE_INVALID_BIT", (long)NftConnectionStates.Invalid),
                ("NF_CT_STATE_BIT(IP_CT_ESTABLISHED)", (long)NftConnectionStates.Established),
                ("NF_CT_STATE_BIT(IP_CT_RELATED)", (long)NftConnectionStates.Related),
                ("NF_CT_STATE_BIT(IP_CT_NEW)", (long)NftConnectionStates.New),
                ("NF_CT_STATE_UNTRACKED_BIT", (long)NftConnectionStates.Untracked),
                ("IPS_DST_NAT", ConnectionStatus.DestinationNat),
            ],
            CProgram.Values("#include <linux/netfilter/nf_conntrack_common.h>", ["NF_CT_STATE_INVALID_BIT", "NF_CT_STATE_BIT(IP_CT_ESTABLISHED)", "NF_CT_STATE_BIT(IP_CT_RELATED)", "NF_CT_STATE_BIT(IP_CT_NEW)", "NF_CT_STATE_UNTRACKED_BIT", "IPS_DST_NAT"]));

    private static NftExpression[] Expressions(uint a, uint b, uint c, ushort d, byte e, bool f, bool g, byte[] bytes, ulong big)
    {
        NftData data = Data(bytes);
        NftRegister register = new(a), other = new(b);
        NftRegister? maybe = f ? other : null, maybeToo = g ? register : null;
        return
        [
            new PayloadExpression((NftPayloadBase)(a & 3), b, c) { Register = register },
            new PayloadWriteExpression((NftPayloadBase)(a & 3), b, c) { Register = register, ChecksumType = a, ChecksumOffset = b, ChecksumFlags = c },
            new MetaExpression((NftMetaKey)a) { Register = other, IsSet = f },
            new CompareExpression((NftComparison)a, data) { Register = register },
            new RangeExpression(data, new NftData(1, e)) { Register = register, IsInverted = f },
            new BitwiseExpression(data, data) { Source = register, Register = other },
            new ShiftExpression(f, a, b) { Source = register, Register = other },
            new ImmediateExpression(new NftRegister(a | 1), data),
            new VerdictExpression(f ? NftVerdict.Jump($"c{a}") : new NftVerdict((NftVerdictKind)(e | 4))),
            new CounterExpression(big, a),
            new NatExpression((NftNatKind)a, (NftFamily)e) { Address = maybe, LastAddress = maybeToo, Port = maybe, LastPort = maybeToo, Flags = (NftNatOptions)b },
            new MasqueradeExpression { Port = maybe, LastPort = maybeToo, Flags = (NftNatOptions)b },
            new RedirectExpression { Port = maybe, LastPort = maybeToo, Flags = (NftNatOptions)b },
            new ConntrackExpression((NftConntrackKey)a) { Register = register, IsSet = f, Direction = g ? e : null },
            new LookupExpression($"s{a}") { Register = register, Result = maybe, SetId = b, IsInverted = g },
            new FibExpression((NftFibResult)a, (NftFibInputs)b) { Register = register },
            new LimitExpression(big | 1, TimeSpan.FromSeconds(a + 1L)) { Burst = b, IsOfBytes = f, IsInverted = g },
            new LogExpression(f ? "text" : null) { Level = g ? (NftLogLevel)a : null, Group = f ? d : null, CopiedBytes = g ? b : null, QueueLength = f ? d : null, Flags = c },
            new RejectExpression((NftRejection)a, e),
            new TransparentProxyExpression((NftFamily)e) { Address = maybe, Port = maybeToo },
            new ObjectReferenceExpression(a, "name"),
            new GenericExpression("some") { Data = f ? NftData.Concatenate(data) : null },
        ];
    }

    private static NftData Data(byte[] bytes) => new([.. bytes.Take(63), 1]);

    private static NftRule Reread(NftRule rule) => NftRule.Read(Encode(rule));

    private static byte[] Encode<TBody>(TBody body)
        where TBody : IRequestBody
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(NftRequestKinds.Begin, 0, "test", null), body);
        return buffer.Bytes[16..].ToArray();
    }

    private delegate void Reader(ReadOnlySpan<byte> bytes);

    private static void AssertTyped(ReadOnlySpan<byte> bytes, Reader read)
    {
        try
        {
            read(bytes);
        }
        catch (NetlinkException e)
        {
            Assert.Equal(Errno.EBADMSG, e.Errno);
        }
    }
}
