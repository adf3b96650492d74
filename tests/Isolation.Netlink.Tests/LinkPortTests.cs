using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Ports of bridges, bonds and VRFs, and the VLANs of bridges, beside ip(8) and bridge(8) both ways.</summary>
public sealed class LinkPortTests
{
    private static readonly BridgePort s_port = new()
    {
        Priority = 5,
        Cost = 77,
        Hairpin = true,
        Guard = true,
        RootBlock = true,
        FastLeave = true,
        Learning = false,
        UnicastFlood = false,
        MulticastFlood = false,
        BroadcastFlood = false,
        MulticastToUnicast = true,
        ProxyArp = true,
        GroupForwardMask = 8,
        NeighbourSuppression = true,
        Isolated = true,
        VlanTunnel = true,
        Locked = true,
    };

    private const string PortArguments = "priority 5 cost 77 hairpin on guard on root_block on fastleave on learning off flood off mcast_flood off bcast_flood off mcast_to_unicast on proxy_arp on group_fwd_mask 8 neigh_suppress on isolated on vlan_tunnel on locked on";

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_port_of_a_bridge_is_changed_as_ip_changes_it_and_read()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithBridge(new BridgeLink(), out _);
        int ours = network.Client.GetLink("v0").Index, theirs = network.Client.GetLink("v1").Index;
        network.Client.ChangeLinkPort(ours, s_port);
        network.Ip($"link set v1 type bridge_slave {PortArguments}");
        Assert.Equal(Shown("v1"), Shown("v0"));
        foreach (int index in (int[])[ours, theirs])
        {
            BridgePort port = Assert.IsType<BridgePort>(network.Client.GetLink(index).Port);
            Assert.Equal(
                (s_port.Priority, s_port.Cost, true, true, true, false, false, false, true, true),
                (port.Priority, port.Cost, port.Hairpin, port.Guard, port.RootBlock, port.Learning, port.UnicastFlood, port.BroadcastFlood, port.Isolated, port.Locked));
            Assert.Equal((true, true, true, s_port.GroupForwardMask), (port.NeighbourSuppression, port.VlanTunnel, port.ProxyArp, port.GroupForwardMask));
            Assert.Equal((BridgePortState.Disabled, (ushort)1), (port.State, port.DesignatedBridge is null ? (ushort)0 : (ushort)1));
            Assert.Empty(port.UnknownOptions);
        }

        network.Client.ChangeLinkPort(ours, new BridgePort { BackupPortIndex = theirs });
        Assert.Equal(theirs, Assert.IsType<BridgePort>(network.Client.GetLink(ours).Port).BackupPortIndex);
        Assert.Null(network.Client.GetLink("br0").Port);

        string Shown(string name)
            => string.Join('\n', Assert.Single(network.IpJson($"link show {name}")).GetProperty("linkinfo").GetProperty("info_slave_data").EnumerateObject()
                .Where(p => p.Name is not ("id" or "no" or "designated_port" or "hold_timer" or "message_age_timer" or "forward_delay_timer")).Select(p => p.ToString()));
    }

    [LinuxFact(Needs.Root)]
    public void A_link_without_a_master_cannot_be_changed_as_a_port()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        Assert.Null(network.Client.GetLink(veth).Port);
        network.Client.AddLink("br0", new BridgeLink());
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => network.Client.ChangeLinkPort(999, new BridgePort { Cost = 3 })).Errno);
        network.Client.ChangeLink(veth, new LinkSettings { MasterIndex = network.Client.GetLink("br0").Index });
        Assert.Equal("IFLA_LINKINFO.IFLA_INFO_SLAVE_DATA.IFLA_BRPORT_COST", Assert.Throws<NetlinkException>(() => network.Client.ChangeLinkPort(veth, new BridgePort { UnknownOptions = [new UnknownLinkOption(3) { Value = [1] }] })).Attribute);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Vlans_of_ports_and_of_the_bridge_are_added_listed_and_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithBridge(new BridgeLink { VlanFiltering = true, DefaultVlan = 0 }, out int bridge);
        if (network.Client.GetLink(bridge).Kind is BridgeLink { VlanFiltering: null })
            Assert.Skip("The bridges of this kernel know no VLANs.");
        int port = network.Client.GetLink("v0").Index;
        BridgeVlan[] ours = [new(port, 5) { IsDefault = true, IsUntagged = true }, new(port, 10, 20), new(bridge, 30, 33) { IsOfBridge = true, IsUntagged = true }];
        foreach (BridgeVlan vlan in ours)
            network.Client.AddBridgeVlan(vlan);
        Assert.Equal(
            [("br0", 30, 33, "Egress Untagged"), ("v0", 5, 5, "PVID Egress Untagged"), ("v0", 10, 20, "")],
            Shown().Order());
        network.Run(() => Command.Run("bridge", "vlan", "add", "dev", "v1", "vid", "7-9", "untagged").EnsureSuccess());
        Listing<BridgeVlan> listed = network.Client.ListBridgeVlans();
        Assert.Equal(
            ours.Append(new BridgeVlan(network.Client.GetLink("v1").Index, 7, 9) { IsUntagged = true }).OrderBy(v => (v.InterfaceIndex, v.First)),
            listed.OrderBy(v => (v.InterfaceIndex, v.First)));
        Assert.Equal(ours[..2], network.Client.ListBridgeVlans(port));
        foreach (BridgeVlan vlan in listed)
            network.Client.DeleteBridgeVlan(vlan);
        Assert.Empty(network.Client.ListBridgeVlans());

        IEnumerable<(string Name, int First, int Last, string Flags)> Shown()
            => JsonDocument.Parse(network.Run(() => Command.Run("bridge", "-json", "-compressvlans", "vlan", "show").EnsureSuccess().Output)).RootElement.EnumerateArray()
                .SelectMany(l => l.GetProperty("vlans").EnumerateArray().Select(v => (
                    l.GetProperty("ifname").GetString()!,
                    v.GetProperty("vlan").GetInt32(),
                    v.TryGetProperty("vlanEnd", out JsonElement end) ? end.GetInt32() : v.GetProperty("vlan").GetInt32(),
                    v.TryGetProperty("flags", out JsonElement flags) ? string.Join(' ', flags.EnumerateArray().Select(f => f.GetString())) : "")));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Vlans_are_mapped_to_networks_of_a_tunnel()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = WithBridge(new BridgeLink { VlanFiltering = true }, out int bridge);
        if (network.Client.GetLink(bridge).Kind is BridgeLink { VlanFiltering: null })
            Assert.Skip("The bridges of this kernel know no VLANs.");
        network.Client.AddLink("vx0", new VxlanLink { External = true, Port = 4789 }, new LinkSettings { MasterIndex = bridge });
        int port = network.Client.GetLink("vx0").Index;
        network.Client.ChangeLinkPort(port, new BridgePort { VlanTunnel = true });
        network.Client.AddBridgeVlan(new BridgeVlan(port, 10, 20));
        BridgeVlanTunnel[] ours = [new(port, 10, 12, 110), new(port, 20, 20, 777)];
        foreach (BridgeVlanTunnel tunnel in ours)
            network.Client.AddBridgeVlanTunnel(tunnel);
        string shown = network.Run(() => Command.Run("bridge", "-j", "-c", "vlan", "tunnelshow").EnsureSuccess().Output);
        Assert.Contains("777", shown, StringComparison.Ordinal);
        Assert.Equal(ours, network.Client.ListBridgeVlanTunnels(port));
        foreach (BridgeVlanTunnel tunnel in ours)
            network.Client.DeleteBridgeVlanTunnel(tunnel);
        Assert.Empty(network.Client.ListBridgeVlanTunnels());
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_vlan_is_refused_before_anything_is_sent()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        foreach (BridgeVlan vlan in (BridgeVlan[])[new(1, 0), new(1, 4095), new(1, 7, 6), new(1, 1, 2) { IsDefault = true }, new(0, 1)])
            Assert.ThrowsAny<ArgumentException>(() => network.Client.AddBridgeVlan(vlan));
        Assert.ThrowsAny<ArgumentException>(() => network.Client.AddBridgeVlanTunnel(new BridgeVlanTunnel(1, 1, 2, (1 << 24) - 1)));
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddBridgeVlan(new BridgeVlan(1, 10, 20)));
        Assert.Equal(("add the bridge VLAN", "10-20", "RTM_SETLINK"), (e.Operation, e.Target, e.Call));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_port_of_a_bond_is_changed_and_read()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        LinkKindTests.Add(network, new LinkKindCase("", "", new BondLink { Mode = BondMode.ActiveBackup, MonitorInterval = TimeSpan.FromMilliseconds(100) }));
        network.Client.ChangeLink(veth, new LinkSettings { MasterIndex = network.Client.GetLink("x0").Index });
        network.Client.ChangeLinkPort(veth, new BondPort { QueueId = 5, Priority = -9 });
        BondPort port = Assert.IsType<BondPort>(network.Client.GetLink(veth).Port);
        Assert.Equal(((ushort)5, -9, true), (port.QueueId!.Value, port.Priority!.Value, port.PermanentAddress is not null));
        JsonElement shown = Assert.Single(network.IpJson("link show v0")).GetProperty("linkinfo").GetProperty("info_slave_data");
        Assert.Equal((5, -9), (shown.GetProperty("queue_id").GetInt32(), shown.GetProperty("prio").GetInt32()));
    }

    [LinuxFact(Needs.Root)]
    public void A_port_of_a_vrf_tells_its_table()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        LinkKindTests.Add(network, new LinkKindCase("", "", new VrfLink { Table = 123 }));
        network.Client.ChangeLink(veth, new LinkSettings { MasterIndex = network.Client.GetLink("x0").Index });
        Assert.Equal(123u, Assert.IsType<VrfPort>(network.Client.GetLink(veth).Port).Table);
    }

    private static TestNetwork WithBridge(BridgeLink kind, out int bridge)
    {
        var network = new TestNetwork();
        try
        {
            network.Client.AddLink("br0", kind);
        }
        catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            network.Dispose();
            Assert.Skip($"This kernel cannot do it: {e.Message}");
        }

        bridge = network.Client.GetLink("br0").Index;
        network.AddVeth("v0", "v1");
        network.Client.ChangeLink("v0", new LinkSettings { MasterIndex = bridge });
        network.Client.ChangeLink("v1", new LinkSettings { MasterIndex = bridge });
        return network;
    }
}
