using System.Net;
using System.Net.NetworkInformation;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Forwarding entries of bridges and VXLAN links, beside bridge(8) both ways.</summary>
public sealed class ForwardingTests
{
    private static readonly PhysicalAddress s_nine = PhysicalAddress.Parse("02-00-00-00-00-09"), s_zeros = new(new byte[6]);

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_bridge_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = Create(out int v0, out int v1, out _);
        int vx0 = AddVxlan(network, "vx0", "id 7 dstport 4789 local 10.0.0.2"), vx1 = AddVxlan(network, "vx1", "external dstport 4790 local 10.0.0.2");
        network.Client.AddForwardingEntry(new ForwardingEntry(v1, s_nine) { State = NeighborState.Reachable | NeighborState.NoArp, Flags = NeighborFlags.Master | NeighborFlags.Sticky });
        network.Client.AddForwardingEntry(new ForwardingEntry(v1, PhysicalAddress.Parse("02-00-00-00-00-0A")) { State = NeighborState.Reachable, Flags = NeighborFlags.Master | NeighborFlags.ExternallyLearned });
        network.Client.AppendForwardingEntry(new ForwardingEntry(vx0, s_zeros) { Destination = IPAddress.Parse("10.0.0.3"), Port = 99, Vni = 77, OutputInterfaceIndex = v0 });
        network.Client.AppendForwardingEntry(new ForwardingEntry(vx0, s_zeros) { Destination = IPAddress.Parse("10.0.0.4") });
        network.Client.AddForwardingEntry(new ForwardingEntry(vx1, s_nine) { Destination = IPAddress.Parse("10.0.0.4"), SourceVni = 55 });

        string shown = network.Bridge("-d fdb show");
        Assert.Contains("02:00:00:00:00:09 dev v1 sticky master br0 static", shown, StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:0a dev v1 extern_learn master br0", shown, StringComparison.Ordinal);
        Assert.Contains("00:00:00:00:00:00 dev vx0 dst 10.0.0.3 port 99 vni 77 via v0 self permanent", shown, StringComparison.Ordinal);
        Assert.Contains("00:00:00:00:00:00 dev vx0 dst 10.0.0.4 self permanent", shown, StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:09 dev vx1 dst 10.0.0.4 src_vni 55 self permanent", shown, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_bridge_makes_is_read_and_what_is_listed_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = Create(out int v0, out int v1, out int bridge);
        int vx0 = AddVxlan(network, "vx0", "id 7 dstport 4789 local 10.0.0.2"), vx1 = AddVxlan(network, "vx1", "external dstport 4790 local 10.0.0.2");
        HashSet<(int, PhysicalAddress)> before = [.. network.Client.ListForwardingEntries().Select(e => (e.InterfaceIndex, e.Address))];

        // The kernel adds multicast groups of IPv6, and what it learns from packets.
        bool IsNew(ForwardingEntry e) => !before.Contains((e.InterfaceIndex, e.Address)) && e.Address.GetAddressBytes() is [0 or 2, 0, 0, 0, 0, _];
        network.Ip("nexthop add id 20 via 10.0.0.9 fdb");
        network.Ip("nexthop add id 21 group 20 fdb");
        foreach (string made in new[]
        {
            "add 02:00:00:00:00:09 dev v1 master static",
            "add 02:00:00:00:00:0a dev v1 master dynamic extern_learn",
            "add 02:00:00:00:00:0b dev br0 self local",
            "append 00:00:00:00:00:00 dev vx0 dst 10.0.0.3 port 99 vni 77 via v0",
            "append 00:00:00:00:00:00 dev vx0 dst 10.0.0.4",
            "add 02:00:00:00:00:0d dev vx0 nhid 21",
            "add 02:00:00:00:00:0c dev vx1 dst 10.0.0.4 src_vni 55",
            "add 02:00:00:00:00:0e dev v1 self permanent",
        })
            network.Bridge("fdb " + made);

        // A bridge that knows VLANs has each entry of its own for the default VLAN too.
        ForwardingEntry[] all = [.. network.Client.ListForwardingEntries().Where(IsNew)], listed = [.. all.Where(e => e.Vlan is null)];
        Assert.True(listed.Length == 8, string.Join('\n', all.Select(e => $"{e.Address} on {e.InterfaceIndex}, VLAN {e.Vlan}, {e.Flags}, {e.State}")));
        ForwardingEntry fixedOne = listed.Single(e => e.Address.Equals(s_nine));
        Assert.Equal((v1, bridge, NeighborState.NoArp, NeighborFlags.Master), (fixedOne.InterfaceIndex, fixedOne.MasterIndex!.Value, fixedOne.State, fixedOne.Flags));
        Assert.NotNull(fixedOne.Times);
        ForwardingEntry remote = listed.Single(e => e.Port is not null);
        Assert.Equal((vx0, "10.0.0.3", (ushort?)99, (uint?)77, (int?)v0, NeighborFlags.Self, NeighborState.Permanent | NeighborState.NoArp), (remote.InterfaceIndex, remote.Destination?.ToString(), remote.Port, remote.Vni, remote.OutputInterfaceIndex, remote.Flags, remote.State));
        Assert.Equal((21, vx0), (listed.Single(e => e.NextHopId is not null).NextHopId!.Value, listed.Single(e => e.NextHopId is not null).InterfaceIndex));
        Assert.Equal((55u, vx1), (listed.Single(e => e.SourceVni is not null).SourceVni!.Value, listed.Single(e => e.SourceVni is not null).InterfaceIndex));

        using RouteBatch batch = network.Client.CreateBatch();
        foreach (ForwardingEntry entry in all.OrderByDescending(e => e.Vlan))
            batch.DeleteForwardingEntry(entry);
        batch.Send();
        Assert.DoesNotContain(network.Client.ListForwardingEntries(), IsNew);
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_link_and_bridge()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = Create(out _, out int v1, out int bridge);
        network.Client.AddForwardingEntry(new ForwardingEntry(v1, s_nine) { State = NeighborState.Reachable, Flags = NeighborFlags.Master });
        Assert.All(network.Client.ListForwardingEntries(new ForwardingFilter { InterfaceIndex = v1 }), e => Assert.Equal(v1, e.InterfaceIndex));
        Assert.Contains(network.Client.ListForwardingEntries(new ForwardingFilter { MasterIndex = bridge }), e => e.Address.Equals(s_nine));
        Assert.DoesNotContain(network.Client.ListForwardingEntries(new ForwardingFilter { MasterIndex = bridge }), e => e.MasterIndex is null && e.InterfaceIndex != v1 && e.InterfaceIndex != bridge);
        Assert.Empty(network.Client.ListForwardingEntries(new ForwardingFilter { InterfaceIndex = 99 }));
    }

    [LinuxFact(Needs.Root)]
    public void An_entry_is_added_once_replaced_and_got()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = Create(out _, out int v1, out _);
        var entry = new ForwardingEntry(v1, s_nine) { State = NeighborState.Reachable, Flags = NeighborFlags.Master };
        network.Client.AddForwardingEntry(entry);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddForwardingEntry(entry));
        Assert.Equal((Errno.EEXIST, "add the forwarding entry", "02:00:00:00:00:09"), (e.Errno, e.Operation, e.Target));
        network.Client.ReplaceForwardingEntry(entry with { State = NeighborState.Permanent });
        Assert.Equal(NeighborState.Permanent, network.Client.GetForwardingEntry(v1, s_nine, isMaster: true).State);
        network.Client.DeleteForwardingEntry(entry);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.GetForwardingEntry(v1, s_nine, isMaster: true)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteForwardingEntry(entry)).Errno);
    }

    [LinuxFact]
    public void Wrong_entries_are_refused()
    {
        var entry = new ForwardingEntry(1, s_nine);
        var changes = new RecordedChanges();
        foreach (ForwardingEntry wrong in new[] { entry with { Vlan = 4095 }, entry with { Vni = 1 << 24 }, entry with { SourceVni = 1 << 24 }, entry with { NextHopId = 1, Destination = IPAddress.Loopback }, entry with { Address = PhysicalAddress.None } })
            Assert.Throws<ArgumentException>(() => changes.AddForwardingEntry(wrong));
        Assert.ThrowsAny<ArgumentException>(() => changes.AddForwardingEntry(entry with { InterfaceIndex = 0 }));
        Assert.Throws<ArgumentNullException>(() => changes.AddForwardingEntry(entry with { Address = null! }));
        Assert.Throws<ArgumentNullException>(() => changes.AddForwardingEntry(null!));
    }

    [Property(MaxTest = 1000)]
    public void An_entry_comes_back_as_it_was(ushort index, byte[] address, ushort state, uint flags, ushort? number, uint? vni, uint destination)
    {
        var entry = new ForwardingEntry(index + 1, new PhysicalAddress(address.Length is 0 or > 32 ? [1, 2, 3] : address))
        {
            State = (NeighborState)state,
            Flags = (NeighborFlags)flags | NeighborFlags.Self,
            Vlan = number < 4095 ? number : null,
            Port = number,
            Vni = vni < 1 << 24 ? vni : null,
            SourceVni = vni < 1 << 20 ? vni : null,
            OutputInterfaceIndex = number,
            Destination = destination == 0 ? null : new IPAddress(destination),
            NextHopId = destination == 0 ? number : null,
        };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWNEIGH, 0, "test", null), entry);
        Assert.Equal(entry, ForwardingEntry.Read(bytes.AsSpan(16)));
    }

    private static TestNetwork Create(out int v0, out int v1, out int bridge)
    {
        TestNetwork network = RoutingNetwork.Create(out v0);
        v1 = network.Client.GetLink("v1").Index;
        network.Client.AddLink("br0", new BridgeLink(), new LinkSettings { IsUp = true });
        bridge = network.Client.GetLink("br0").Index;
        network.Client.ChangeLink(v1, new LinkSettings { MasterIndex = bridge });
        return network;
    }

    private static int AddVxlan(TestNetwork network, string name, string settings)
    {
        network.Ip($"link add {name} type vxlan {settings}");
        return network.Client.GetLink(name).Index;
    }
}
