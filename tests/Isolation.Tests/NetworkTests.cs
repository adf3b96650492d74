using System.Net.NetworkInformation;
using System.Text.Json;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation.Tests;

/// <summary>The verbs of a container's network, seen by ip(8) from inside and from outside.</summary>
public sealed class NetworkTests
{
    private static readonly string[] s_sleep = ["sleep", "1000"];

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_veth_is_up_addressed_and_routed_before_the_program_starts_and_its_other_end_is_a_port_of_the_bridge()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        using Container container = host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", gateway: "10.0.0.1", bridge: "br0", hostName: "web0", mtu: 1400, macAddress: PhysicalAddress.Parse("02-00-00-00-00-07")))
            .WithCommand(s_sleep).Start();

        JsonElement eth0 = Assert.Single(TestHost.IpJson(container, "address show dev eth0"));
        Assert.Contains("UP", eth0.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal(("veth", 1400, "02:00:00:00:00:07"), (Kind(eth0), eth0.GetProperty("mtu").GetInt32(), eth0.GetProperty("address").GetString()));
        Assert.Equal(["10.0.0.2/24"], Addresses(eth0, "inet"));
        JsonElement route = Assert.Single(TestHost.IpJson(container, "route show default"));
        Assert.Equal(("10.0.0.1", "eth0"), (route.GetProperty("gateway").GetString(), route.GetProperty("dev").GetString()));

        JsonElement web0 = Assert.Single(host.IpJson("link show dev web0"));
        Assert.Equal(("br0", "UP", 1400), (web0.GetProperty("master").GetString(), web0.GetProperty("operstate").GetString(), web0.GetProperty("mtu").GetInt32()));
        container.Dispose();
        host.AssertLinks("br0");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_program_finds_the_network_ready_at_its_first_look()
    {
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        string output = host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithAddress("eth0", "fd00::2/64"))
            .WithCommand("ip", "-o", "address", "show", "dev", "eth0", "scope", "global").RunAndCaptureText().StandardOutput;
        Assert.Contains("inet 10.0.0.2/24", output, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00::2/64", output, StringComparison.Ordinal);
        Assert.DoesNotContain("tentative", output, StringComparison.Ordinal);
        host.AssertLinks("br0");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_manager_itself_is_the_host_where_no_other_is_named()
        => FreshProcess.Run(["unshare", "--net"], UseOwnHost, []).EnsureSuccess();

    private static void UseOwnHost()
    {
        Command.Run("ip", "link", "add", "br0", "up", "type", "bridge").EnsureSuccess();
        using Container container = new ContainerBuilder().WithNetNs(net => net.WithVeth("eth0", "10.0.0.2/24", bridge: "br0")).WithCommand(s_sleep).Start();
        Assert.Single(JsonDocument.Parse(Command.Run("ip", "-j", "link", "show", "master", "br0").EnsureSuccess().Output).RootElement.EnumerateArray());

        // A delegate's thread is elsewhere; the containers that it starts are not.
        using var other = new TestHost();
        other.Namespace.Run(() => new ContainerBuilder().WithNetNs(net => net.WithVeth("eth0", "10.0.0.3/24", bridge: "br0")).WithCommand("true").Run().EnsureSuccess());
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Several_veths_addresses_and_routes_are_all_there()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        using Container container = host.Container(net => net
                .WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24", hostName: "left")
                .WithVeth("eth1", "10.1.0.2/24", hostAddress: "10.1.0.1/24", hostName: "right")
                .WithAddress("eth1", "fd01::2/64").WithAddress("lo", "192.0.2.1/32")
                .WithDefaultGateway("10.0.0.1")
                .WithRoute("172.16.0.0/12", "10.1.0.1")
                .WithRoute("fd02::/64", "fd01::1", "eth1")
                .WithRoute("198.51.100.0/24", link: "eth1")
                .WithRoute("203.0.113.0/24", "198.51.100.9"))
            .WithCommand(s_sleep).Start();
        Assert.Equal(["10.1.0.2/24"], Addresses(TestHost.IpJson(container, "address show dev eth1")[0], "inet"));
        Assert.Contains("192.0.2.1/32", Addresses(TestHost.IpJson(container, "address show dev lo")[0], "inet"));
        Assert.Equal(
            ["10.0.0.0/24 dev eth0", "10.1.0.0/24 dev eth1", "172.16.0.0/12 via 10.1.0.1 dev eth1", "198.51.100.0/24 dev eth1", "203.0.113.0/24 via 198.51.100.9 dev eth1", "default via 10.0.0.1 dev eth0"],
            TestHost.IpJson(container, "route").Select(Show).Order(StringComparer.Ordinal));
        Assert.Contains("fd02::/64 via fd01::1 dev eth1", TestHost.IpJson(container, "-6 route").Select(Show));
        Assert.Equal(["10.0.0.1/24"], Addresses(host.IpJson("address show dev left")[0], "inet"));
        container.Dispose();
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_same_name_on_the_host_is_not_in_the_way()
    {
        using var host = new TestHost();
        host.Ip("link add eth0 type veth peer other");
        host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24")).WithCommand("true").Run().EnsureSuccess();
        host.Container(net => net.WithMacvlan("eth0", "other", "10.0.0.2/24")).WithCommand("true").Run().EnsureSuccess();
        host.AssertLinks("eth0", "other");
    }

    [NativeOnly]
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_hundred_starts_leave_nothing_not_even_for_a_moment()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        ContainerTemplate template = host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0", hostName: "always")).WithCommand("true").Build();
        for (int i = 0; i < 100; i++)
        {
            template.Run().EnsureSuccess();
            if (i % 10 == 0)
                host.AssertLinks("br0");
        }

        host.AssertLinks("br0");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Many_starts_at_once_get_ends_of_their_own()
    {
        using var host = new TestHost();
        ContainerTemplate template = host.Container(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", bridge: "br0")).WithCommand(s_sleep).Build();
        Container[] containers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => template.StartAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(8, host.IpJson("link show master br0").Length);
        await Task.WhenAll(containers.Select(c => c.DisposeAsync().AsTask()));
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_bridge_that_is_missing_is_an_error_that_says_how_to_make_it()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        NetlinkException error = Assert.Throws<NetlinkException>(() => host.Container(net => net.WithVeth("eth0", bridge: "br7")).WithCommand("true").Start());
        Assert.Equal(Syscalls.Errno.ENODEV, error.Errno);
        Assert.StartsWith("find the bridge br7 failed: No such device (ENODEV from RTM_GETLINK). There is no bridge 'br7' on the host. Make it, such as with 'ip link add br7 up type bridge', or let it be made and deleted with the containers: WithBridge(\"br7\")", error.Message, StringComparison.Ordinal);
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_bridge_that_is_made_goes_with_its_last_container()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        ContainerBuilder Member(int i) => host.Container(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", $"10.0.0.{i}/24", "10.0.0.1", "br0")).WithCommand(s_sleep);
        using Container first = Member(2).Start(), second = Member(3).Start();
        JsonElement bridge = Assert.Single(host.IpJson("address show dev br0"));
        Assert.Equal(["10.0.0.1/24"], Addresses(bridge, "inet"));
        Assert.Equal("UP", bridge.GetProperty("operstate").GetString());
        first.Dispose();
        Assert.Single(host.IpJson("link show dev br0"));
        second.Dispose();
        host.AssertLinks();

        // Of others' bridges nothing is changed.
        host.Ip("link add br0 up type bridge");
        Member(2).WithCommand("true").Run().EnsureSuccess();
        string before = host.EverythingAtRest();
        Member(2).WithCommand("true").Run().EnsureSuccess();
        Assert.Equal(before, host.Everything());
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_bridge_with_another_port_stays()
    {
        using var host = new TestHost();
        host.Ip("link add p0 type veth peer p1");
        using (host.Container(net => net.WithBridge("br0").WithVeth("eth0", bridge: "br0")).WithCommand(s_sleep).Start())
            host.Ip("link set p0 master br0");
        host.AssertLinks("br0", "p0", "p1");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_container_that_ends_by_itself_takes_its_bridge_along_though_nobody_waits()
    {
        using var host = new TestHost();
        using Container container = host.Container(net => net.WithBridge("br0").WithVeth("eth0", bridge: "br0")).WithCommand("sleep", "0.3").Start();
        Assert.Single(host.IpJson("link show dev br0"));
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); host.IpJson("link").Length > 1 && DateTime.UtcNow < end;)
            Thread.Sleep(20);
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_macvlan_has_a_place_beside_its_parent()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add wire up type veth peer far");
        host.Ip("link set far up");
        host.Ip("address add 10.0.0.1/24 dev far");
        using Container container = host.Container(net => net.WithMacvlan("eth0", "wire", "10.0.0.2/24", "10.0.0.1")).WithCommand(s_sleep).Start();
        JsonElement eth0 = Assert.Single(TestHost.IpJson(container, "address show dev eth0"));
        Assert.Equal(("macvlan", "bridge"), (Kind(eth0), eth0.GetProperty("linkinfo").GetProperty("info_data").GetProperty("mode").GetString()));
        Assert.Equal(["10.0.0.2/24"], Addresses(eth0, "inet"));
        Assert.Contains("1 packets received", host.Namespace.Run(() => Command.Run("busybox", "ping", "-c1", "-W2", "10.0.0.2")).Output, StringComparison.Ordinal);
        container.Dispose();
        for (DateTime end = DateTime.UtcNow.AddSeconds(5); host.IpJson("link").Length > 3 && DateTime.UtcNow < end;)
            Thread.Sleep(20);
        host.AssertLinks("far", "wire");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_moved_link_comes_back_as_it_was()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        host.Ip("link add wan up mtu 1280 type veth peer far");
        host.Ip("link set far up master br0");
        host.Ip("address add 192.0.2.1/24 dev wan");
        host.Ip("address add fd09::1/64 dev wan nodad");
        host.Ip("route add 198.51.100.0/24 via 192.0.2.254");
        host.Ip("route add fd08::/64 via fd09::9");
        host.Ip("link set wan alias uplink");
        string before = host.EverythingAtRest();
        using (Container container = host.Container(net => net.WithMovedLink("wan", "eth0", "192.0.2.7/24", "192.0.2.254")).WithCommand(s_sleep).Start())
        {
            host.AssertLinks("br0", "far");
            JsonElement eth0 = Assert.Single(TestHost.IpJson(container, "address show dev eth0"));
            Assert.Equal(["192.0.2.7/24"], Addresses(eth0, "inet"));
            Assert.Equal("UP", eth0.GetProperty("operstate").GetString());

            // What root inside does to it is undone too.
            using var inside = NetworkNamespace.OfProcess(container.ProcessId);
            TestHost.Ip(inside, "link set eth0 down");
            TestHost.Ip(inside, "link set eth0 name mine mtu 1400 address 02:00:00:00:00:09 alias stolen");
        }

        Assert.Equal(before, host.Everything());
        Assert.Equal("uplink", host.IpJson("link show dev wan")[0].GetProperty("ifalias").GetString());
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_moved_link_without_a_hardware_address_comes_back_too()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        try
        {
            using TunTapDevice made = TunTapDevice.Open("tun7", new TunTapOptions { IsPersistent = true }, host.Namespace.Handle);
        }
        catch (Syscalls.LinuxException e) when (e.Errno == Syscalls.Errno.ENOENT)
        {
            Assert.Skip($"This kernel has no tun: {e.Message}");
        }

        host.Ip("link set tun7 up mtu 1300 alias far");
        host.Ip("address add 192.0.2.1/24 dev tun7");
        host.Ip("route add 198.51.100.0/24 via 192.0.2.254");
        string before = host.EverythingAtRest();
        host.Container(net => net.WithMovedLink("tun7", "wire")).WithCommand("true").Run().EnsureSuccess();
        Assert.Equal(before, host.Everything());
        Assert.Equal("far", host.IpJson("link show dev tun7")[0].GetProperty("ifalias").GetString());
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_a_moved_link_cannot_have_again_does_not_keep_the_rest_away()
    {
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        host.Ip("link add wan up mtu 1280 type veth peer far");
        host.Ip("link set wan master br0");
        host.Ip("address add 192.0.2.1/24 dev wan");
        Container container = host.Container(net => net.WithMovedLink("wan")).WithCommand(s_sleep).Start();
        host.Ip("link del br0");
        Syscalls.LinuxException error = Assert.Throws<Syscalls.LinuxException>(container.Dispose);
        Assert.StartsWith("undo at the container's end: move the link wan failed: ", error.Message, StringComparison.Ordinal);
        JsonElement wan = Assert.Single(host.IpJson("address show dev wan"));
        Assert.Equal(["192.0.2.1/24"], Addresses(wan, "inet"));
        Assert.Contains("UP", wan.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_moved_port_of_a_bridge_that_is_down_comes_back_down_and_as_a_port()
    {
        using var host = new TestHost();
        host.Ip("link add br0 up type bridge");
        host.Ip("link add port type veth peer far");
        host.Ip("link set port master br0");
        string before = host.EverythingAtRest();
        host.Container(net => net.WithMovedLink("port")).WithCommand("true").Run().EnsureSuccess();
        Assert.Equal(before, host.Everything());
        Assert.Throws<Syscalls.LinuxException>(() => host.Container(net => net.WithMovedLink("port")).WithCommand("/missing").Start());
        Assert.Equal(before, host.Everything());
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_moved_link_whose_name_was_taken_meanwhile_is_told()
    {
        using var host = new TestHost();
        host.Ip("link add wan type veth peer far");
        Container container = host.Container(net => net.WithMovedLink("wan")).WithCommand(s_sleep).Start();
        host.Ip("link add wan type bridge");
        Syscalls.LinuxException error = Assert.Throws<Syscalls.LinuxException>(container.Dispose);
        Assert.StartsWith("undo at the container's end: move the link wan failed: File exists (EEXIST from RTM_NEWLINK). The name 'wan' was taken meanwhile. The link is there as 'veth", error.Message, StringComparison.Ordinal);
        container.Dispose();
        Assert.Equal(4, host.IpJson("link").Length);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Links_within_the_container_need_no_host()
    {
        using var nothingLeft = new ResidueCheck();
        using Container container = new ContainerBuilder().WithNetNs(Inner).WithStandardInput(StandardStream.Null).WithCommand(s_sleep).Start();
        AssertInner(container);
    }

    [LinuxFact(Needs.UserNamespaces | Needs.Iproute2)]
    public void An_ordinary_user_has_links_and_addresses_within_the_container() => FreshProcess.RunAsUser(HaveInnerLinks).EnsureSuccess();

    private static void HaveInnerLinks()
    {
        // The kernel tells an ordinary manager nothing of the inside, so the program does.
        string output = new ContainerBuilder().WithUserNs().WithNetNs(Inner).WithCommand("ip", "-o", "address").RunAndCaptureText().StandardOutput;
        foreach (string part in (string[])["lo    inet 192.0.2.1/32", "br1    inet 10.9.0.1/24", "veth2    inet6 fd09::2/64"])
            Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [NativeOnly]
    [LinuxFact(Needs.UserNamespaces | Needs.NewUidMap | Needs.Iproute2)]
    public void Concurrent_rootless_starts_do_not_close_each_others_memory() => FreshProcess.RunAsUser(StartManyInner).EnsureSuccess();

    private static void StartManyInner()
    {
        ContainerTemplate template = new ContainerBuilder().WithUserNs().WithNetNs(Inner).WithCommand("true").Build();
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => template.Run().EnsureSuccess());
    }

    [LinuxTheory(Needs.UserNamespaces)]
    [InlineData("veth", "make the veth eth0, with the other end vethXXXXXXXXXXX on the host")]
    [InlineData("macvlan", "make the macvlan eth0 on lo")]
    [InlineData("moved", "move the link lo, as eth0")]
    public void What_an_ordinary_user_may_not_do_on_the_host_is_told_before_anything_starts(string verb, string step)
        => FreshProcess.RunAsUser(AskForHost, verb, step).EnsureSuccess();

    private static void AskForHost(string verb, string step)
    {
        ContainerBuilder container = new ContainerBuilder().WithUserNs().WithCommand("true").WithNetNs(net => verb switch
        {
            "veth" => net.WithVeth("eth0", "10.0.0.2/24"),
            "macvlan" => net.WithMacvlan("eth0", "lo"),
            _ => net.WithMovedLink("lo", "eth0"),
        });
        Syscalls.LinuxException error = Assert.Throws<Syscalls.LinuxException>(() => container.Start());
        Assert.Equal((Syscalls.Errno.EPERM, null), (error.Errno, error.Step));
        Assert.StartsWith($"{step} failed: Operation not permitted (EPERM). That is done in the host's network namespace and needs CAP_NET_ADMIN there.", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void With_a_user_namespace_of_its_own_the_host_s_end_is_made_all_the_same()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        using Container container = host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24")).WithUserNs().WithPidNs().WithCommand(s_sleep).Start();
        Assert.Contains("1 packets received", host.Namespace.Run(() => Command.Run("busybox", "ping", "-c1", "-W2", "10.0.0.2")).Output, StringComparison.Ordinal);
        container.Dispose();
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void With_an_init_and_another_user_too()
    {
        using var host = new TestHost();
        host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24")).WithUserNs().WithInit().WithUser("1000")
            .WithCommand("sh", "-c", "ip link show dev eth0 >/dev/null").WithInheritedEnvironment().Run().EnsureSuccess();
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Containers_on_a_bridge_reach_each_other()
    {
        // Without a look at descriptors: the first asynchronous socket makes the runtime's event loop.
        using var host = new TestHost();
        ContainerBuilder Member(int i) => host.Container(net => net.WithBridge("br0").WithVeth("eth0", $"10.0.0.{i}/24", bridge: "br0").WithAddress("eth0", $"fd00::{i}/64"));
        using Container server = Member(2).WithCommand(s_sleep).Start(), client = Member(3).WithCommand(s_sleep).Start();
        Assert.Contains("1 packets received", Member(4).WithCommand("busybox", "ping", "-c1", "-W2", "10.0.0.2").RunAndCaptureText().StandardOutput, StringComparison.Ordinal);
        Assert.Contains("1 packets received", Member(5).WithCommand("busybox", "ping", "-c1", "-W2", "fd00::2").RunAndCaptureText().StandardOutput, StringComparison.Ordinal);
        using NetworkNamespace there = NetworkNamespace.OfProcess(server.ProcessId), here = NetworkNamespace.OfProcess(client.ProcessId);
        await Echo.AssertReachesAsync(there, here, "10.0.0.2", 80, 80);
    }

    private static NetworkBuilder Inner(NetworkBuilder net) => net
        .WithAddress("lo", "192.0.2.1/32")
        .WithLink("br1", new BridgeLink(), "10.9.0.1/24")
        .WithLink("veth1", new VethLink { Peer = new LinkSettings { Name = "veth2" } }, master: "br1")
        .WithAddress("veth2", "fd09::2/64")
        .WithRoute("172.16.0.0/12", "10.9.0.254");

    private static void AssertInner(Container container)
    {
        Dictionary<string, JsonElement> links = TestHost.IpJson(container, "address").ToDictionary(l => l.GetProperty("ifname").GetString()!);
        Assert.Equal(["br1", "lo", "veth1", "veth2"], links.Keys.Order());
        Assert.Equal(["10.9.0.1/24"], Addresses(links["br1"], "inet"));
        Assert.Equal("br1", links["veth1"].GetProperty("master").GetString());
        Assert.Contains("fd09::2/64", Addresses(links["veth2"], "inet6"));
        Assert.All(links.Values, l => Assert.Contains("UP", l.GetProperty("flags").EnumerateArray().Select(f => f.GetString())));
        Assert.Contains("172.16.0.0/12 via 10.9.0.254 dev br1", TestHost.IpJson(container, "route").Select(Show));
    }

    private static string Kind(JsonElement link) => link.GetProperty("linkinfo").GetProperty("info_kind").GetString()!;

    private static IEnumerable<string> Addresses(JsonElement link, string family)
        => link.GetProperty("addr_info").EnumerateArray().Where(a => a.GetProperty("family").GetString() == family).Select(a => $"{a.GetProperty("local")}/{a.GetProperty("prefixlen")}");

    private static string Show(JsonElement route)
        => $"{route.GetProperty("dst")}{(route.TryGetProperty("gateway", out JsonElement gateway) ? $" via {gateway}" : "")} dev {route.GetProperty("dev")}";
}
