using System.Net;
using System.Net.Sockets;
using FsCheck.Xunit;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>What <see cref="AddressTests"/> does not have: metrics, who made an address, groups, lifetimes that change.</summary>
public sealed class AddressAttributeTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_metric_is_that_of_the_prefixs_route()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddAddress(InterfaceAddress.Parse(v0, "10.9.0.1/24") with { Metric = 55 });
        network.Ip("addr add fd09::1/64 dev v0 metric 66 nodad");
        Assert.Equal(55, Assert.Single(network.IpJson("route show 10.9.0.0/24")).Number("metric"));
        Listing<InterfaceAddress> listed = network.Client.ListAddresses();
        Assert.Equal([55u, 66u], listed.Where(a => a.Metric != 0).Select(a => a.Metric));
        foreach (InterfaceAddress address in listed.Where(a => a.Metric != 0))
            network.Client.DeleteAddress(address);
        Assert.DoesNotContain(network.Client.ListAddresses(), a => a.Metric != 0);
    }

    // Since Linux 5.18.
    [LinuxFact(Needs.Root)]
    public void Who_made_an_address_is_kept_and_the_kernels_own_say_so()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddAddress(InterfaceAddress.Parse(v0, "10.9.0.1/24") with { Protocol = (AddressProtocol)77 });
        Listing<InterfaceAddress> listed = network.Client.ListAddresses();
        Assert.Equal((AddressProtocol)77, Assert.Single(listed, a => a.ToString() == "10.9.0.1/24").Protocol);
        Assert.Equal(AddressProtocol.Loopback, Assert.Single(listed, a => a.ToString() == "::1/128").Protocol);
        Eventually.Equal(AddressProtocol.LinkLocal, () => network.Client.ListAddresses().SingleOrDefault(a => a.Address.IsIPv6LinkLocal && a.InterfaceIndex == v0)?.Protocol);
        network.Client.DeleteAddress(listed.Single(a => a.Protocol == (AddressProtocol)77));
    }

    [LinuxFact(Needs.Root)]
    public void Lifetimes_and_flags_of_an_address_are_replaced()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        InterfaceAddress address = InterfaceAddress.Parse(v0, "fd00::2/64") with { Flags = AddressFlags.NoDuplicateDetection, ValidLifetime = TimeSpan.FromHours(1), PreferredLifetime = TimeSpan.Zero };
        network.Client.ReplaceAddress(address);
        InterfaceAddress changed = Assert.Single(network.Client.ListAddresses(), a => a.Address.Equals(address.Address));
        Assert.True(changed.Flags.HasFlag(AddressFlags.Deprecated));
        Assert.InRange(changed.ValidLifetime!.Value.TotalSeconds, 3500, 3600);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_groups_that_a_link_has_joined_are_listed()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        network.Client.AddAddress(InterfaceAddress.Parse(v0, "ff02::99") with { Flags = AddressFlags.MulticastAutoJoin });
        string[] shown = [.. network.IpJson("-6 maddr show dev v0").SelectMany(l => l.GetProperty("maddr").EnumerateArray()).Select(m => m.Text("address")!)];
        Listing<InterfaceAddress> groups = network.Client.ListMulticastGroups(new AddressFilter { InterfaceIndex = v0, Family = AddressFamily.InterNetworkV6 });
        Assert.Contains("ff02::99", shown);
        Assert.Equal(shown.Order(), groups.Select(g => g.Address.ToString()).Order());
        Assert.All(groups, g => Assert.Equal(v0, g.InterfaceIndex));
    }

    [LinuxFact(Needs.Root)]
    public void The_anycast_addresses_of_a_router_are_listed()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = RoutingNetwork.Create(out int v0);
        Assert.Empty(network.Client.ListAnycastAddresses());
        network.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1");
            return 0;
        });
        Assert.Contains(network.Client.ListAnycastAddresses(new AddressFilter { Family = AddressFamily.InterNetworkV6, InterfaceIndex = v0 }), a => a.Address.Equals(IPAddress.Parse("fd00::")));
    }

    [Property(MaxTest = 500)]
    public void Metric_and_maker_come_back_as_they_were(uint metric, byte? protocol, uint flags)
    {
        var address = new InterfaceAddress(1, IPAddress.Loopback, 8) { Metric = metric, Protocol = (AddressProtocol?)protocol, Flags = (AddressFlags)flags };
        byte[] bytes = RecordedChanges.Record(new RequestDescription(RouteMessageType.RTM_NEWADDR, 0, "test", null), address);
        Assert.Equal(address, InterfaceAddress.Read(bytes.AsSpan(16)));
    }
}
