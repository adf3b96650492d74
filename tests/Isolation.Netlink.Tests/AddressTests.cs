using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Addresses, beside ip-address(8) both ways.</summary>
public sealed class AddressTests
{
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_ip_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.0.0.2/24") with { Broadcast = IPAddress.Parse("10.0.0.255"), Label = "v0:web", Scope = RouteScope.Link });
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.1.0.1/32") with { Peer = IPAddress.Parse("10.1.0.2"), Flags = AddressFlags.NoPrefixRoute });
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "fd00::2/64") with { Flags = AddressFlags.NoDuplicateDetection, ValidLifetime = TimeSpan.FromHours(2), PreferredLifetime = TimeSpan.FromHours(1) });

        JsonElement[] shown = [.. Assert.Single(network.IpJson("addr show v0")).GetProperty("addr_info").EnumerateArray()];
        JsonElement first = shown.Single(a => Text(a, "local") == "10.0.0.2"), second = shown.Single(a => Text(a, "local") == "10.1.0.1"), third = shown.Single(a => Text(a, "local") == "fd00::2");
        Assert.Equal(("inet", 24, "10.0.0.255", "v0:web", "link"), (Text(first, "family"), first.GetProperty("prefixlen").GetInt32(), Text(first, "broadcast"), Text(first, "label"), Text(first, "scope")));
        Assert.Equal(("10.1.0.2", 32, true), (Text(second, "address"), second.GetProperty("prefixlen").GetInt32(), second.GetProperty("noprefixroute").GetBoolean()));
        Assert.Equal((64, true), (third.GetProperty("prefixlen").GetInt32(), third.GetProperty("nodad").GetBoolean()));
        Assert.InRange(third.GetProperty("valid_life_time").GetInt32(), 7100, 7200);
        Assert.InRange(third.GetProperty("preferred_life_time").GetInt32(), 3500, 3600);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_ip_makes_is_read_and_can_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Ip("addr add 10.0.0.2/24 brd + label v0:web dev v0");
        network.Ip("addr add 10.1.0.1 peer 10.1.0.2/30 dev v0");
        network.Ip("addr add fd00::2/64 nodad noprefixroute valid_lft 7200 preferred_lft 3600 dev v0");
        network.Ip("addr add fd00::7 peer fd00::8/128 nodad dev v0");

        Listing<InterfaceAddress> list = network.Client.ListAddresses(new AddressFilter { InterfaceIndex = veth });
        Assert.Equal(
            InterfaceAddress.Parse(veth, "10.0.0.2/24") with { Broadcast = IPAddress.Parse("10.0.0.255"), Label = "v0:web", Flags = AddressFlags.Permanent },
            list.Single(a => a.Address.Equals(IPAddress.Parse("10.0.0.2"))));
        Assert.Equal(
            InterfaceAddress.Parse(veth, "10.1.0.1/30") with { Peer = IPAddress.Parse("10.1.0.2"), Label = "v0", Flags = AddressFlags.Permanent },
            list.Single(a => a.Address.Equals(IPAddress.Parse("10.1.0.1"))));
        Assert.Equal(IPAddress.Parse("fd00::8"), list.Single(a => a.Address.Equals(IPAddress.Parse("fd00::7"))).Peer);
        InterfaceAddress limited = list.Single(a => a.Address.Equals(IPAddress.Parse("fd00::2")));
        Assert.Equal(AddressFlags.NoDuplicateDetection | AddressFlags.NoPrefixRoute, limited.Flags);
        Assert.InRange(limited.ValidLifetime!.Value.TotalSeconds, 7100, 7200);
        Assert.InRange(limited.PreferredLifetime!.Value.TotalSeconds, 3500, 3600);

        Assert.Equal(4, list.Count);
        foreach (InterfaceAddress address in list)
            network.Client.DeleteAddress(address);
        Assert.Empty(network.Client.ListAddresses(new AddressFilter { InterfaceIndex = veth }));
    }

    [LinuxFact(Needs.Root)]
    public void A_list_is_filtered_by_family_and_link()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddAddress(InterfaceAddress.Parse(veth, "10.0.0.2/24"));
        Assert.Equal(["127.0.0.1/8", "10.0.0.2/24"], Shown(new AddressFilter { Family = AddressFamily.InterNetwork }));
        Assert.Equal(["::1/128"], Shown(new AddressFilter { Family = AddressFamily.InterNetworkV6 }));
        Assert.Equal(["10.0.0.2/24"], Shown(new AddressFilter { InterfaceIndex = veth }));
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => Shown(new AddressFilter { InterfaceIndex = 99 })).Errno);

        string[] Shown(AddressFilter filter) => [.. network.Client.ListAddresses(filter).Select(a => a.ToString())];
    }

    [LinuxFact(Needs.Root)]
    public void An_address_is_added_once_and_replaced_as_often_as_wanted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        InterfaceAddress address = InterfaceAddress.Parse(veth, "10.0.0.2/24");
        network.Client.AddAddress(address);
        NetlinkException e = Assert.Throws<NetlinkException>(() => network.Client.AddAddress(address));
        Assert.Equal((Errno.EEXIST, "add the address", "10.0.0.2/24"), (e.Errno, e.Operation, e.Target));
        network.Client.ReplaceAddress(address with { ValidLifetime = TimeSpan.FromHours(1) });
        Assert.NotNull(Assert.Single(network.Client.ListAddresses()).ValidLifetime);
        network.Client.DeleteAddress(address);
        Assert.Equal(Errno.EADDRNOTAVAIL, Assert.Throws<NetlinkException>(() => network.Client.DeleteAddress(address)).Errno);
    }

    [LinuxTheory]
    [InlineData("10.0.0.2/24", "10.0.0.2", 24)]
    [InlineData("10.0.0.2", "10.0.0.2", 32)]
    [InlineData("fd00::2/0", "fd00::2", 0)]
    [InlineData("fd00::2", "fd00::2", 128)]
    public void An_address_with_a_prefix_is_read(string text, string address, int prefix)
        => Assert.Equal(new InterfaceAddress(3, IPAddress.Parse(address), prefix), InterfaceAddress.Parse(3, text));

    [LinuxTheory]
    [InlineData("")]
    [InlineData("x/24")]
    [InlineData("10.0.0.2/33")]
    [InlineData("10.0.0.2/")]
    [InlineData("10.0.0.2/-1")]
    [InlineData("fd00::2/129")]
    public void What_is_no_address_with_a_prefix_is_refused(string text) => Assert.Throws<FormatException>(() => InterfaceAddress.Parse(1, text));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
