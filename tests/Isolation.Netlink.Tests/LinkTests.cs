using System.Net.NetworkInformation;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Links, beside ip-link(8) both ways.</summary>
public sealed class LinkTests
{
    [LinuxFact(Needs.Root)]
    public void A_new_namespace_has_lo_and_nothing_else()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Link lo = Assert.Single(network.Client.ListLinks());
        Assert.Equal(("lo", 1, 772, null, false), (lo.Name, lo.Index, lo.HardwareType, lo.Kind, lo.IsUp));
        Assert.True(lo.Flags.HasFlag(LinkFlags.Loopback));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_attribute_by_attribute()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Ip("link add br0 address 02:00:00:00:00:01 mtu 1400 txqueuelen 77 type bridge stp_state 1 forward_delay 400 hello_time 200 max_age 700 ageing_time 12000 priority 4096 group_fwd_mask 8 mcast_snooping 0");
        network.Ip("link set br0 alias the-bridge group 5");
        network.Ip("link property add dev br0 altname a-very-long-name-for-a-bridge");
        network.Ip("link add v0 mtu 1400 type veth peer name v1");
        network.Ip("link set v0 up master br0");

        Link bridge = network.Client.GetLink("br0"), veth = network.Client.GetLink("v0"), peer = network.Client.GetLink("v1");
        BridgeLink read = Assert.IsType<BridgeLink>(bridge.Kind);
        Assert.Equal((ushort)4096, read.Id!.Value.Priority);
        Assert.Equal(
            new BridgeLink
            {
                SpanningTree = true,
                ForwardDelay = TimeSpan.FromSeconds(4),
                HelloTime = TimeSpan.FromSeconds(2),
                MaximumAge = TimeSpan.FromSeconds(7),
                AgeingTime = TimeSpan.FromSeconds(120),
                Priority = 4096,
                GroupForwardMask = 8,
                MulticastSnooping = false,
            },
            new BridgeLink
            {
                SpanningTree = read.SpanningTree,
                ForwardDelay = read.ForwardDelay,
                HelloTime = read.HelloTime,
                MaximumAge = read.MaximumAge,
                AgeingTime = read.AgeingTime,
                Priority = read.Priority,
                GroupForwardMask = read.GroupForwardMask,
                MulticastSnooping = read.MulticastSnooping,
            });
        Assert.Equal(("02:00:00:00:00:01", 1400, 77, "the-bridge", 5), (Mac(bridge.Address), bridge.Mtu, bridge.TransmitQueueLength, bridge.Alias, bridge.Group));
        Assert.Equal(["a-very-long-name-for-a-bridge"], bridge.AlternativeNames);
        Assert.Equal("ff:ff:ff:ff:ff:ff", Mac(bridge.Broadcast));
        Assert.Equal((new VethLink(), bridge.Index, peer.Index, null, true), (veth.Kind, veth.MasterIndex, veth.ParentIndex, veth.ParentNamespaceId, veth.IsUp));
        Eventually.Equal(LinkOperationalState.LowerLayerDown, () => network.Client.GetLink(veth.Index).OperationalState);
        Assert.Equal(bridge.Index, network.Client.GetLink("a-very-long-name-for-a-bridge").Index);
        Assert.Equal("br0", network.Client.GetLink(bridge.Index).Name);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows_attribute_by_attribute()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.AddLink(
            "br0",
            new BridgeLink { SpanningTree = true, ForwardDelay = TimeSpan.FromSeconds(4), AgeingTime = TimeSpan.FromSeconds(120), Priority = 4096, GroupForwardMask = 8, MulticastSnooping = false },
            new LinkSettings { Mtu = 1400, TransmitQueueLength = 77, Address = PhysicalAddress.Parse("02-00-00-00-00-01"), Group = 5, IsUp = true });
        Link bridge = network.Client.GetLink("br0");
        network.Client.AddLink("v0", new VethLink { Peer = new LinkSettings { Name = "v1", Mtu = 1300 } }, new LinkSettings { MasterIndex = bridge.Index, Mtu = 1400 });
        network.Client.ChangeLink(bridge.Index, new LinkSettings { Alias = "the-bridge" });
        network.Client.AddAlternativeName(bridge.Index, "a-very-long-name-for-a-bridge");

        JsonElement shown = Assert.Single(network.IpJson("link show br0")), data = shown.GetProperty("linkinfo").GetProperty("info_data");
        Assert.Equal((1400, 77, "02:00:00:00:00:01", "the-bridge", "5"), (shown.GetProperty("mtu").GetInt32(), shown.GetProperty("txqlen").GetInt32(), shown.GetProperty("address").GetString(), shown.GetProperty("ifalias").GetString(), shown.GetProperty("group").GetString()));
        Assert.Equal("a-very-long-name-for-a-bridge", Assert.Single(shown.GetProperty("altnames").EnumerateArray()).GetString());
        Assert.Contains("UP", shown.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal("bridge", shown.GetProperty("linkinfo").GetProperty("info_kind").GetString());
        Assert.Equal(
            (1, 400, 12000, 4096, "0x8", 0),
            (Number(data, "stp_state"), Number(data, "forward_delay"), Number(data, "ageing_time"), Number(data, "priority"), data.GetProperty("group_fwd_mask").GetString(), Number(data, "mcast_snooping")));
        Assert.Equal("br0", Assert.Single(network.IpJson("link show v0")).GetProperty("master").GetString());
        Assert.Equal(1300, Assert.Single(network.IpJson("link show v1")).GetProperty("mtu").GetInt32());

        network.Client.ChangeLink(bridge.Index, new LinkSettings(), new BridgeLink { Priority = 8192 });
        Assert.Equal(8192, Number(Assert.Single(network.IpJson("link show br0")).GetProperty("linkinfo").GetProperty("info_data"), "priority"));
        network.Client.DeleteAlternativeName(bridge.Index, "a-very-long-name-for-a-bridge");
        network.Client.ChangeLink(bridge.Index, new LinkSettings { Alias = "" });
        Assert.Equal((0, null), (network.Client.GetLink("br0").AlternativeNames.Length, network.Client.GetLink("br0").Alias));
    }

    [LinuxFact(Needs.Root)]
    public void A_veth_is_made_in_two_namespaces_with_its_names_and_up_in_one_send()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        using RouteBatch batch = host.Client.CreateBatch();
        batch.AddLink("eth0", new VethLink { Peer = new LinkSettings { Name = "host0" } }, new LinkSettings { NetworkNamespace = container.Namespace, IsUp = true });
        batch.ChangeLink("host0", new LinkSettings { IsUp = true });
        batch.Send();
        Link outside = host.Client.GetLink("host0"), inside = container.Client.GetLink("eth0");
        Eventually.Equal((LinkOperationalState.Up, LinkOperationalState.Up), () => (host.Client.GetLink("host0").OperationalState, container.Client.GetLink("eth0").OperationalState));
        Assert.Equal((inside.Index, outside.Index), (outside.ParentIndex, inside.ParentIndex));
        Assert.NotNull(outside.ParentNamespaceId);
        Assert.Equal(["lo", "host0"], host.Client.ListLinks().Select(l => l.Name));
    }

    [LinuxFact(Needs.Root)]
    public void A_link_is_renamed_changed_and_moved()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork one = new(), other = new();
        Link veth = one.AddVeth("v0", "v1");
        one.Client.ChangeLink(veth.Index, new LinkSettings { Name = "renamed", Mtu = 1234, IsUp = true, Address = PhysicalAddress.Parse("02-00-00-00-00-02") });
        Link changed = one.Client.GetLink(veth.Index);
        Assert.Equal(("renamed", 1234, true, "02:00:00:00:00:02"), (changed.Name, changed.Mtu, changed.IsUp, Mac(changed.Address)));
        one.Client.ChangeLink(veth.Index, new LinkSettings { IsUp = false });
        Assert.False(one.Client.GetLink(veth.Index).IsUp);
        one.Client.ChangeLink(veth.Index, new LinkSettings { Name = "moved", NetworkNamespace = other.Namespace });
        Assert.Equal(["lo", "v1"], one.Client.ListLinks().Select(l => l.Name));
        Assert.Equal(1234, other.Client.GetLink("moved").Mtu);
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_kind_and_master()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.AddLink("br0", new BridgeLink());
        Link bridge = network.Client.GetLink("br0"), veth = network.AddVeth("v0", "v1");
        network.Client.ChangeLink(veth.Index, new LinkSettings { MasterIndex = bridge.Index });
        Assert.Equal(["br0"], Names(new LinkFilter { Kind = "bridge" }));
        Assert.Equal(["v0", "v1"], Names(new LinkFilter { Kind = "veth" }).Order());
        Assert.Equal(["v0"], Names(new LinkFilter { MasterIndex = bridge.Index }));
        Assert.Empty(Names(new LinkFilter { Kind = "nosuchkind" }));
        network.Client.ChangeLink(veth.Index, new LinkSettings { MasterIndex = 0 });
        Assert.Empty(Names(new LinkFilter { MasterIndex = bridge.Index }));

        IEnumerable<string> Names(LinkFilter filter) => network.Client.ListLinks(filter).Select(l => l.Name);
    }

    [LinuxFact(Needs.Root)]
    public void Statistics_are_counted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        network.Run(static () => new Ping().Send("127.0.0.1"));
        LinkStatistics statistics = network.Client.GetLink("lo").Statistics;
        Assert.True(statistics is { ReceivedPackets: > 0, ReceivedBytes: > 0, ReceiveErrors: 0 }, statistics.ToString());
        Assert.Equal((statistics.ReceivedPackets, statistics.ReceivedBytes), (statistics.SentPackets, statistics.SentBytes));
        Assert.Equal(statistics, Assert.Single(network.Client.ListLinks()).Statistics);
    }

    [LinuxFact(Needs.Root)]
    public void Links_are_deleted_by_index_by_name_and_by_group()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.DeleteLink(network.AddVeth("v0", "v1").Index);
        network.AddVeth("v0", "v1");
        network.Client.DeleteLink("v1");
        for (int i = 0; i < 20; i++)
            network.Client.AddLink($"g{i}", new VethLink(), new LinkSettings { Group = 9 });
        network.Client.AddLink("stays", new BridgeLink());
        network.Client.DeleteLinkGroup(9);
        Assert.Equal(["lo", "stays"], network.Client.ListLinks().Select(l => l.Name));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_kind_is_made_of_its_raw_attributes()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Link veth = network.AddVeth("v0", "v1");

        // IFLA_MACVLAN_MODE (1), of eight bytes, MACVLAN_MODE_PRIVATE (1).
        network.Client.AddLink("m0", new GenericLink("macvlan") { Data = new byte[] { 8, 0, 1, 0, 1, 0, 0, 0 } }, new LinkSettings { ParentIndex = veth.Index });
        Assert.Equal("private", Assert.Single(network.IpJson("link show m0")).GetProperty("linkinfo").GetProperty("info_data").GetProperty("mode").GetString());
        Link read = network.Client.GetLink("m0");
        Assert.Equal((MacvlanMode.Private, veth.Index), (Assert.IsType<MacvlanLink>(read.Kind).Mode, read.ParentIndex));
    }

    [LinuxFact(Needs.Root)]
    public void An_error_has_the_kernels_words_and_the_attribute()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddLink("x0", new GenericLink("nosuchkind")));
        Assert.Equal((Errno.EOPNOTSUPP, "RTM_NEWLINK", "Unknown device type"), (e.Errno, e.Call, e.KernelMessage));
        Assert.StartsWith("add the nosuchkind x0 failed: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("(EOPNOTSUPP from RTM_NEWLINK). The kernel says: Unknown device type", e.Message, StringComparison.Ordinal);

        e = Assert.Throws<NetlinkException>(() => network.Client.AddLink("br0", new GenericLink("bridge") { Data = new byte[] { 5, 0, 6, 0, 1, 0, 0, 0 } }));
        Assert.Equal((Errno.ERANGE, "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_BR_PRIORITY", false), (e.Errno, e.Attribute, e.IsAttributeMissing));
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.GetLink("nosuchlink")).Errno);
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.DeleteLink(99)).Errno);
        network.Client.AddLink("br0", new BridgeLink());
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AddLink("br0", new BridgeLink())).Errno);
        Assert.Equal(["lo", "br0"], network.Client.ListLinks().Select(l => l.Name));
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_description_is_refused_before_anything_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        foreach (string name in (string[])["", "a b", "a/b", ".", "..", "a:b", "eth%d", "sixteen-letters-", "\0"])
            Assert.ThrowsAny<ArgumentException>(() => network.Client.AddLink(name, new BridgeLink()));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("v0", new VethLink(), new LinkSettings { Alias = "x" }));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("v0", new VethLink { Peer = new LinkSettings { MasterIndex = 1 } }));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("v0", new VethLink { Peer = new LinkSettings { IsUp = true } }));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("v0", new VethLink(), new LinkSettings { Mtu = -1 }));
        Assert.Throws<ArgumentException>(() => network.Client.ChangeLink("lo", new LinkSettings { Name = "v1" }));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("v0", new VethLink(), new LinkSettings { Name = "v1" }));
        Assert.Throws<ArgumentException>(() => network.Client.AddLink("b0", new BridgeLink { HelloTime = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentException>(() => network.Client.ChangeLink(1, new LinkSettings { ParentIndex = 1 }));
        Assert.Throws<ArgumentException>(() => network.Client.ChangeLink(1, new LinkSettings { Alias = new string('x', 256) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Client.DeleteLinkGroup(0));
        Assert.Single(network.Client.ListLinks());
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void Without_privilege_a_change_says_what_it_needs()
    {
        CommandResult run = FreshProcess.RunAsUser(ChangeLo);
        Assert.Equal("change the link with index 1 failed: Operation not permitted (EPERM from RTM_NEWLINK). This needs CAP_NET_ADMIN in the user namespace that owns the network namespace", run.EnsureSuccess().Output.TrimEnd());
    }

    private static void ChangeLo()
    {
        using RouteClient client = RouteClient.Open();
        Link lo = client.GetLink("lo");
        Console.WriteLine(Assert.Throws<NetlinkException>(() => client.ChangeLink(lo.Index, new LinkSettings { Mtu = lo.Mtu })).Message);
    }

    private static int Number(JsonElement data, string name) => data.GetProperty(name).GetInt32();

    private static string Mac(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
