using System.Collections;
using System.Reflection;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Each kind of link in the kernel, beside ip-link(8) both ways. What this kernel lacks is skipped here and runs in the lab.</summary>
public sealed class LinkKindTests
{
    // They run down, or are the index of a link.
    private static readonly string[] s_changing = ["hello_timer", "tcn_timer", "topology_change_timer", "gc_timer"];

    public static IEnumerable<TheoryDataRow<int, string>> Kinds => LinkKindCases.All.Select((c, i) => new TheoryDataRow<int, string>(i, c.Arguments));

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Kinds))]
    public void What_we_make_ip_shows_as_if_it_had_made_it(int index, string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithParent();
        string ours = MakeAndShow(() => Add(network, LinkKindCases.All[index]));
        string theirs = MakeAndShow(() => network.Ip($"link add x0 {arguments}"));
        Assert.Equal(theirs, ours);

        string MakeAndShow(Action make)
        {
            make();
            string shown = Show(Assert.Single(network.IpJson("link show x0")));
            network.Client.DeleteLink("x0");
            return shown;
        }
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [MemberData(nameof(Kinds))]
    public void What_ip_makes_is_read_property_by_property(int index, string arguments)
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithParent();
        LinkKindCase of = LinkKindCases.All[index];
        Add(network, of);
        network.Client.DeleteLink("x0");
        network.Ip($"link add x0 {arguments}");
        Link link = network.Client.GetLink("x0");
        Assert.Equal(of.Kind.GetType(), link.Kind!.GetType());
        Assert.Empty(link.Kind.UnknownOptions);
        AssertTold(of.Kind, link.Kind);
        AssertTold(of.Kind, network.Client.ListLinks(new LinkFilter { Kind = of.Kind.Name }).Single(l => l.Name == "x0").Kind!);
    }

    [LinuxFact(Needs.Root)]
    public void A_netkit_is_made_with_its_peer()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork host = new(), container = new();
        var kind = new NetkitLink { Mode = NetkitMode.L2, Policy = NetkitPolicy.Blackhole, PeerPolicy = NetkitPolicy.Forward, Peer = new LinkSettings { Name = "inside", NetworkNamespace = container.Namespace } };
        Add(host, new LinkKindCase("", "", kind));
        NetkitLink primary = Assert.IsType<NetkitLink>(host.Client.GetLink("x0").Kind), peer = Assert.IsType<NetkitLink>(container.Client.GetLink("inside").Kind);
        Assert.Equal((NetkitMode.L2, NetkitPolicy.Blackhole, true, false), (primary.Mode, primary.Policy, primary.IsPrimary, peer.IsPrimary));
    }

    [LinuxFact(Needs.Root)]
    public void A_tunnels_number_that_the_kernel_would_cut_off_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        LinkKind[] wrong =
        [
            new VlanLink { Id = 4095 }, new VxlanLink { Id = 1 << 24 }, new GeneveLink { Id = 1 << 24 }, new VxlanLink { FlowLabel = 1 << 20 },
            new VxlanLink { SourcePorts = new PortRange(2, 1) }, new VrfLink { Table = 0 }, new XfrmLink { InterfaceId = 0 }, new BridgeLink { DefaultVlan = 4095 },
            new BridgeLink { GroupAddress = new([1, 2]) }, new BondLink { ActiveIndex = -1 }, new BondLink { MonitorInterval = TimeSpan.FromSeconds(-1) },
            new BondLink { ArpTargets = [System.Net.IPAddress.IPv6Loopback] }, new GreLink { Remote = System.Net.IPAddress.IPv6Loopback },
            new IPv6TunnelLink { Local = System.Net.IPAddress.Loopback }, new MacvlanLink { SourceAddresses = [new([1])] },
        ];
        foreach (LinkKind kind in wrong)
            Assert.Throws<ArgumentException>(() => network.Client.AddLink("x0", kind));
        foreach (LinkSettings settings in (LinkSettings[])[new() { IsProtocolDown = true }, new() { HasCarrier = true }, new() { ProtocolDownReasons = 1 }, new() { IPv6AddressGeneration = IPv6AddressGeneration.None }, new() { Index = -1 }, new() { TransmitQueues = -1 }])
            Assert.Throws<ArgumentException>(() => network.Client.AddLink("x0", new DummyLink(), settings));
        foreach (LinkSettings settings in (LinkSettings[])[new() { Index = 7 }, new() { TransmitQueues = 7 }, new() { ReceiveQueues = 7 }])
            Assert.Throws<ArgumentException>(() => network.Client.ChangeLink(1, settings));
        Assert.Single(network.Client.ListLinks());
    }

    /// <summary>Adds what a case describes as x0; skips the test where the kernel has no such kind.</summary>
    internal static void Add(TestNetwork network, LinkKindCase of)
    {
        try
        {
            network.Client.AddLink("x0", of.Kind, of.Settings);
        }
        catch (NetlinkException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT)
        {
            Assert.Skip($"This kernel cannot do it: {e.Message}");
        }

        // Attributes that the kernel was built without are neither taken nor told.
        if (network.Client.GetLink("x0").Kind is { } kind && Missing(of.Kind, kind) is { } missing)
            Assert.Skip($"This kernel does not tell {missing}.");
    }

    private static TestNetwork WithParent()
    {
        var network = new TestNetwork();
        network.Client.AddLink("p0", new VethLink { Peer = new LinkSettings { Name = "p1" } }, new LinkSettings { Index = LinkKindCases.Parent });
        return network;
    }

    private static string? Missing(LinkKind expected, LinkKind told) => Described(expected).FirstOrDefault(p => IsNothing(p, told))?.Name;

    private static void AssertTold(LinkKind expected, LinkKind told)
        => Assert.All(Described(expected), p => Assert.Equal(Text(p, expected), Text(p, told)));

    private static IEnumerable<PropertyInfo> Described(LinkKind kind)
        => kind.GetType().GetProperties().Where(p => p.SetMethod is { IsPublic: true } && p.Name != "Peer" && !IsNothing(p, kind));

    private static bool IsNothing(PropertyInfo property, object of)
        => property.GetValue(of) is null or ICollection { Count: 0 } || (property.PropertyType == typeof(bool) && false.Equals(property.GetValue(of)));

    private static string Text(PropertyInfo property, object of) => $"{property.Name}: {property.GetValue(of) switch
    {
        ICollection several => string.Join(", ", several.Cast<object>().Select(v => v.ToString()).Order(StringComparer.Ordinal)),

        // The kernel adds what it finds by itself.
        IPv6TunnelFlags flags => flags & ~(IPv6TunnelFlags.CanSend | IPv6TunnelFlags.CanReceive | IPv6TunnelFlags.DependsOnPacket),
        var value => value,
    }}";

    // What ip(8) shows of the kind, and of the link where both were told the same.
    private static string Show(JsonElement link)
    {
        JsonElement info = link.GetProperty("linkinfo");
        string data = info.TryGetProperty("info_data", out JsonElement inner)
            ? string.Join('\n', inner.EnumerateObject().Where(p => !s_changing.Contains(p.Name)).Select(p => p.ToString()))
            : "";
        return $"{info.GetProperty("info_kind")} {link.GetProperty("mtu")} {link.GetProperty("num_tx_queues")} {link.GetProperty("num_rx_queues")}\n{data}";
    }
}
