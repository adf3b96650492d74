using System.Net.NetworkInformation;
using System.Text.Json;

namespace Isolation.Netlink.Tests;

/// <summary>What every link has, beside ip-link(8) both ways.</summary>
public sealed class LinkSettingsTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_set_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.AddLink("v0", new VethLink { Peer = new LinkSettings { Name = "v1" } }, new LinkSettings { TransmitQueues = 3, ReceiveQueues = 2, Index = 77 });
        network.Client.ChangeLink(77, new LinkSettings
        {
            IsUp = true,
            IsArpEnabled = false,
            IsMulticastEnabled = false,
            IsAllMulticast = true,
            IsPromiscuous = true,
            Broadcast = PhysicalAddress.Parse("FF-FF-FF-FF-FF-FE"),
            SegmentationSize = 60000,
            SegmentationCount = 30,
            ReceiveOffloadSize = 50000,
            IPv6AddressGeneration = IPv6AddressGeneration.None,
            Mode = LinkMode.Dormant,
        });
        network.Client.AddAlternativeNames(77, "first-name", "second-name", "third-name");
        JsonElement shown = Assert.Single(network.IpJson("link show v0"));
        string[] flags = [.. shown.GetProperty("flags").EnumerateArray().Select(f => f.GetString()!)];
        Assert.Superset(new HashSet<string> { "UP", "NOARP", "ALLMULTI", "PROMISC" }, flags.ToHashSet());
        Assert.DoesNotContain("MULTICAST", flags);
        Assert.Equal((77, "ff:ff:ff:ff:ff:fe", "none", "DORMANT"), (Number("ifindex"), shown.GetProperty("broadcast").GetString(), shown.GetProperty("inet6_addr_gen_mode").GetString(), shown.GetProperty("linkmode").GetString()));
        Assert.Equal((3, 2, 60000, 30, 50000, 1, 1), (Number("num_tx_queues"), Number("num_rx_queues"), Number("gso_max_size"), Number("gso_max_segs"), Number("gro_max_size"), Number("promiscuity"), Number("allmulti")));
        Assert.Equal(["first-name", "second-name", "third-name"], shown.GetProperty("altnames").EnumerateArray().Select(n => n.GetString()));
        network.Client.DeleteAlternativeNames(77, "first-name", "third-name");
        Assert.Equal(["second-name"], network.Client.GetLink("v0").AlternativeNames);
        Assert.Throws<ArgumentException>(() => network.Client.AddAlternativeNames(77));

        int Number(string name) => shown.GetProperty(name).GetInt32();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_sets_is_read()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Ip("link add v0 numtxqueues 3 numrxqueues 2 type veth peer name v1");
        network.Ip("link set v0 up arp off multicast off allmulticast on promisc on addrgenmode none mode dormant");
        network.Ip("link set v0 gso_max_size 60000 gso_max_segs 30 gro_max_size 50000");
        network.Ip("link set v1 up");
        foreach (Link link in (Link[])[network.Client.GetLink("v0"), network.Client.ListLinks().Single(l => l.Name == "v0")])
        {
            Assert.True(link.Flags.HasFlag(LinkFlags.NoArp | LinkFlags.AllMulticast | LinkFlags.Promiscuous) && !link.Flags.HasFlag(LinkFlags.Multicast));
            Assert.Equal((3, 2, 60000, 30, 50000, 1, 1), (link.TransmitQueues, link.ReceiveQueues, link.SegmentationSize, link.SegmentationCount, link.ReceiveOffloadSize, link.Promiscuity, link.AllMulticasts));
            Assert.Equal((IPv6AddressGeneration.None, LinkMode.Dormant, 68, 65535), (link.IPv6AddressGeneration, link.Mode, link.MinimumMtu, link.MaximumMtu));
            Assert.Equal((true, 1u, true, "noqueue"), (link.HasCarrier, link.CarrierUps, link.CarrierDowns > 0, link.QueueingDiscipline));
        }
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_protocol_switches_a_link_off_for_its_reasons()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.AddLink("m0", new MacvlanLink(), new LinkSettings { ParentIndex = network.AddVeth("v0", "v1").Index });
        int macvlan = network.Client.GetLink("m0").Index;
        network.Client.ChangeLink(macvlan, new LinkSettings { IsProtocolDown = true });
        network.Client.ChangeLink(macvlan, new LinkSettings { ProtocolDownReasons = 0b101 });
        Link link = network.Client.GetLink(macvlan);
        Assert.Equal((true, 0b101u), (link.IsProtocolDown, link.ProtocolDownReasons));
        Assert.True(Assert.Single(network.IpJson("link show m0")).GetProperty("proto_down").GetBoolean());
        network.Client.ChangeLink(macvlan, new LinkSettings { ProtocolDownReasons = 0 });
        network.Client.ChangeLink(macvlan, new LinkSettings { IsProtocolDown = false });
        Assert.False(network.Client.GetLink(macvlan).IsProtocolDown);
    }

    [LinuxFact(Needs.Root)]
    public void A_group_is_changed_and_a_list_is_filtered_by_group_and_state()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        for (int i = 0; i < 3; i++)
            network.Client.AddLink($"g{i}", new BridgeLink(), new LinkSettings { Group = 9 });
        network.Client.AddLink("other", new BridgeLink());
        network.Client.ChangeLinkGroup(9, new LinkSettings { IsUp = true, Mtu = 1234 });
        Assert.Equal(["g0", "g1", "g2"], Names(new LinkFilter { IsUp = true }));
        Assert.Equal(["g0", "g1", "g2"], Names(new LinkFilter { Group = 9, Kind = "bridge" }));
        Assert.Equal(["lo", "other"], Names(new LinkFilter { IsUp = false }));
        Assert.All(network.Client.ListLinks(new LinkFilter { Group = 9 }), l => Assert.Equal(1234, l.Mtu));
        Assert.Throws<ArgumentException>(() => network.Client.ChangeLinkGroup(9, new LinkSettings { Name = "x" }));

        IEnumerable<string> Names(LinkFilter filter) => network.Client.ListLinks(filter).Select(l => l.Name);
    }

    [LinuxFact(Needs.Root)]
    public void A_link_is_moved_with_a_new_name_and_index()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork one = new(), other = new();
        int veth = one.AddVeth("v0", "v1").Index;
        one.Client.MoveLink(veth, other.Namespace, "eth0");
        Assert.True(other.Client.TryGetLink("eth0", out Link? moved));
        other.Client.ChangeLink(moved.Index, new LinkSettings { NetworkNamespace = one.Namespace, Index = 4321 });
        Assert.Equal("eth0", one.Client.GetLink(4321).Name);
    }

    [LinuxFact(Needs.Root)]
    public void Details_are_asked_for_where_there_are_none()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Link lo = network.Client.GetLink("lo", LinkDetails.Xdp | LinkDetails.VirtualFunctions);
        Assert.Equal((null, 0), (lo.Xdp, lo.VirtualFunctions.Length));
        Assert.Equal("lo", network.Client.GetLink(1, LinkDetails.VirtualFunctions).Name);
        Assert.Single(network.Client.ListLinks(new LinkFilter { Details = LinkDetails.VirtualFunctions | LinkDetails.Xdp }));
    }
}
