using Isolation.Namespaces;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Descriptions of networks that are wrong, starts that fail, and what Explain tells.</summary>
[NativeOnly]
public sealed class NetworkInputTests
{
    private static readonly Dictionary<string, (Func<NetworkBuilder, NetworkBuilder> Configure, string Words)> s_wrong = new()
    {
        ["no address"] = (net => net.WithVeth("eth0", "10.0.0/24"), "'10.0.0/24' is no address"),
        ["text"] = (net => net.WithVeth("eth0", "ten"), "'ten' is no address"),
        ["octal"] = (net => net.WithVeth("eth0", "010.0.0.2/24"), "is no address"),
        ["no prefix"] = (net => net.WithVeth("eth0", "10.0.0.2"), "has no prefix length; write it as '10.0.0.2/24'"),
        ["prefix"] = (net => net.WithVeth("eth0", "10.0.0.2/33"), "no number from 0 to 32"),
        ["prefix6"] = (net => net.WithVeth("eth0", "fd00::2/129"), "no number from 0 to 128"),
        ["negative prefix"] = (net => net.WithVeth("eth0", "10.0.0.2/-1"), "no number from 0 to 32"),
        ["any"] = (net => net.WithVeth("eth0", "0.0.0.0/0"), "no address of one host"),
        ["multicast"] = (net => net.WithVeth("eth0", "224.0.0.1/24"), "no address of one host"),
        ["long name"] = (net => net.WithVeth("a234567890123456"), "at most 15 bytes"),
        ["long name in UTF-8"] = (net => net.WithVeth("ääääääää"), "at most 15 bytes"),
        ["name"] = (net => net.WithVeth("a/b"), "is no name for a link"),
        ["long host name"] = (net => net.WithVeth("eth0", hostName: "a234567890123456"), "at most 15 bytes"),
        ["lo"] = (net => net.WithVeth("lo"), "cannot be named 'lo'"),
        ["gateway elsewhere"] = (net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.1.1"), "The gateway 10.0.1.1 is not in the network 10.0.0.0/24 of eth0."),
        ["gateway is itself"] = (net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.0.2"), "the container's own address"),
        ["gateway of another family"] = (net => net.WithVeth("eth0", "10.0.0.2/24", "fd00::1"), "is not in the network"),
        ["gateway without address"] = (net => net.WithVeth("eth0", gateway: "10.0.0.1"), "is in no network"),
        ["gateway with prefix"] = (net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.0.1/24"), "without a prefix length"),
        ["default elsewhere"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithDefaultGateway("192.0.2.1"), "is in no network of the container"),
        ["two defaults"] = (net => net.WithVeth("eth0", "10.0.0.2/24", "10.0.0.1").WithDefaultGateway("10.0.0.3"), "two default routes of one family, default via 10.0.0.1 and default via 10.0.0.3"),
        ["two links"] = (net => net.WithVeth("eth0").WithMacvlan("eth0", "wlan0"), "Two links inside are named 'eth0'"),
        ["two host names"] = (net => net.WithVeth("eth0", hostName: "x").WithVeth("eth1", hostName: "x"), "given to two links of the host"),
        ["moved twice"] = (net => net.WithMovedLink("x", "a").WithMovedLink("x", "b"), "given to two links of the host"),
        ["address twice"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithAddress("eth0", "10.0.0.2/16"), "twice"),
        ["address of nothing"] = (net => net.WithAddress("eth9", "10.0.0.2/24"), "for the link 'eth9', which is not described. There are: lo."),
        ["route bits"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithRoute("10.1.0.1/24", "10.0.0.1"), "bits set behind its prefix; the network is 10.1.0.0/24"),
        ["route to nowhere"] = (net => net.WithRoute("10.1.0.0/24"), "needs a gateway, a link or both"),
        ["route of nothing"] = (net => net.WithRoute("10.1.0.0/24", link: "eth3"), "'eth3', which is not described"),
        ["two routes"] = (net => net.WithRoute("10.1.0.0/24", link: "lo").WithRoute("10.1.0.0/24", link: "lo"), "two routes to 10.1.0.0/24"),
        ["mtu"] = (net => net.WithVeth("eth0", mtu: 10), "68 to 65535"),
        ["bridge and address"] = (net => net.WithVeth("eth0", bridge: "br0", hostAddress: "10.0.0.1/24"), "Give one of bridge and hostAddress"),
        ["bridge of nobody"] = (net => net.WithBridge("br0"), "no veth joins it"),
        ["two bridges"] = (net => net.WithVeth("eth0", bridge: "br0").WithBridge("br0").WithBridge("br0"), "described twice"),
        ["peer without name"] = (net => net.WithLink("a", new VethLink()), "peer needs a name"),
        ["master"] = (net => net.WithLink("a", new BridgeLink(), master: "b"), "The master of 'a' is for the link 'b'"),
        ["parent later"] = (net => net.WithLink("v", new GenericLink("vlan"), parent: "b").WithLink("b", new BridgeLink()), "not described before it"),
        ["netem of nothing"] = (net => net.WithNetem("eth0", new NetemQdisc()), "'eth0', which is not described"),
        ["netem of nobody"] = (net => net.WithNetem("lo", null), "outgoing packets, to incoming ones, or both"),
        ["netem twice"] = (net => net.WithNetem("lo", new NetemQdisc()).WithNetem("lo", new NetemQdisc()), "said twice"),
        ["netem incoming"] = (net => net.WithNetem("lo", null, new NetemQdisc()), "only a link of WithVeth has"),
        ["nat of nothing"] = (net => net.WithNat(), "needs a veth with an address"),
        ["port of nothing"] = (net => net.WithPortForward(80, 80), "leads nowhere"),
        ["port twice"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithPortForward(80, 80).WithPortForward(80, 81), "given twice"),
        ["port family"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithPortForward(80, 80, hostAddress: "fd00::9"), "of the family of fd00::9"),
        ["port of loopback"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithPortForward(80, 80, hostAddress: "127.0.0.1"), "route_localnet"),
        ["port of a group"] = (net => net.WithVeth("eth0", "10.0.0.2/24").WithPortForward(80, 80, hostAddress: "224.0.0.1"), "no address of one host"),
        ["port 0"] = (net => net.WithPortForward(0, 80), "1 to 65535"),
        ["port 65536"] = (net => net.WithPortForward(80, 65536), "1 to 65535"),
        ["protocol"] = (net => net.WithPortForward(80, 80, System.Net.Sockets.ProtocolType.Icmp), "TCP or UDP"),
    };

    public static TheoryData<string> Wrong { get; } = [.. s_wrong.Keys];

    [LinuxTheory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_refused_by_the_builder(string kind)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => new ContainerBuilder().WithNetNs(s_wrong[kind].Configure));
        Assert.Contains(s_wrong[kind].Words, error.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_network_is_new_or_joined_and_what_stays_behind_is_not_for_a_detached_container()
    {
        using NetworkNamespace own = NetworkNamespace.OfProcess(Environment.ProcessId);
        Assert.Contains("cannot be new and an existing one", Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithNetNs(net => net.WithAddress("lo", "192.0.2.1/32")).WithNetNs(own).Build()).Message, StringComparison.Ordinal);
        ContainerBuilder detached = new ContainerBuilder().WithDetached();
        Assert.Contains("nobody would bring the link 'x' back", Assert.Throws<ArgumentException>(() => detached.WithNetNs(net => net.WithMovedLink("x")).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("nobody would delete the rules", Assert.Throws<ArgumentException>(() => detached.WithNetNs(net => net.WithVeth("eth0", "10.0.0.2/24").WithNat()).Build()).Message, StringComparison.Ordinal);
        detached.WithNetNs(net => net.WithVeth("eth0", "10.0.0.2/24")).Build();
    }

    [LinuxFact]
    public void Builders_are_values_and_networks_add_up()
    {
        ContainerBuilder one = new ContainerBuilder().WithNetNs(net => net.WithVeth("eth0"));
        string before = one.Explain();
        ContainerBuilder two = one.WithNetNs(net => net.WithVeth("eth1"));
        Assert.Equal(before, one.Explain());
        Assert.Contains("peer eth0", two.Explain(), StringComparison.Ordinal);
        Assert.Contains("peer eth1", two.Explain(), StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void Explain_shows_what_the_manager_does_in_its_order()
    {
        string plan = new ContainerBuilder().WithUserNs().WithCommand("true").WithNetNs(net => net
            .WithPortForward(8080, 80).WithNat()
            .WithNetem("eth0", new NetemQdisc { Delay = TimeSpan.FromMilliseconds(20) })
            .WithMovedLink("wan", "eth2")
            .WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0", mtu: 1400).WithBridge("br0", "10.0.0.1/24")
            .WithVeth("eth1", "10.1.0.2/24", hostAddress: "10.1.0.1/24", hostName: "web1")).Explain();
        string[] acts = [.. plan.Split('\n').Where(l => l.StartsWith("# the manager: ", StringComparison.Ordinal)).Select(l => l["# the manager: ".Length..]).SkipWhile(l => !l.StartsWith("netlink", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "netlink = pidfd_getfd(CHILD, netlink)",
                "ip link add br0 up type bridge, unless it is there; ip address add 10.0.0.1/24 dev br0",
                "ip link add vethXXXXXXXXXXX up mtu 1400 type veth peer eth0 netns CHILD mtu 1400",
                "ip link add web1 up type veth peer eth1 netns CHILD",
                "ip link set vethXXXXXXXXXXX master br0",
                "ip address add 10.1.0.1/24 dev web1",
                "ip link set wan netns CHILD name eth2",
                "ip -n CHILD link show",
                "ip -n CHILD link set eth2 up",
                "ip -n CHILD link set eth0 up",
                "ip -n CHILD link set eth1 up",
                "ip -n CHILD address add 10.0.0.2/24 dev eth0",
                "ip -n CHILD address add 10.1.0.2/24 dev eth1",
                "ip -n CHILD route add default via 10.0.0.1 dev eth0",
                "tc -n CHILD qdisc add dev eth0 root netem limit 1000 delay 20ms",
                "sysctl net.ipv4.ip_forward",
                "nft add table inet isolation-XXXXXXXXXXX { flags owner; }",
                "nft add rule inet isolation-XXXXXXXXXXX postrouting ip saddr 10.0.0.0/24 ip daddr != 10.0.0.0/24 counter masquerade",
                "nft add rule inet isolation-XXXXXXXXXXX postrouting ip saddr 10.1.0.0/24 ip daddr != 10.1.0.0/24 counter masquerade",
                "nft add rule inet isolation-XXXXXXXXXXX prerouting fib daddr type local tcp dport 8080 counter dnat to 10.0.0.2:80; the same in output; accept it in forward; masquerade what comes from 10.0.0.0/24",
            ],
            acts);
    }

    [LinuxTheory(Needs.Root | Needs.Iproute2)]
    [InlineData("host name", "make the veth eth1, with the other end taken on the host failed: File exists (EEXIST from RTM_NEWLINK). ", "The host has a link 'taken' already")]
    [InlineData("no bridge", "make the bridge taken failed: File exists (EEXIST from RTM_NEWLINK)", "which is no bridge")]
    [InlineData("a veth for a bridge", "find the bridge taken failed: Invalid argument (EINVAL from RTM_GETLINK). 'taken' is no bridge but a link of the kind veth", "")]
    [InlineData("no parent", "make the macvlan eth1 on gone failed: No such device (ENODEV from RTM_GETLINK)", "The host has no link 'gone'")]
    [InlineData("nothing to move", "move the link gone, as eth1 failed: No such device (ENODEV from RTM_GETLINK)", "The host has no link 'gone'")]
    [InlineData("lo moved", "move the link lo, as eth1 failed: Invalid argument (EINVAL from RTM_NEWLINK)", "does not let 'lo' go")]
    [InlineData("kind", "make the nosuchkind dummy0 failed: Operation not supported (EOPNOTSUPP from RTM_NEWLINK)", "This kernel has no links of the kind nosuchkind")]
    [InlineData("master", "make the link a port: dummy0 of lo failed: ", "RTM_NEWLINK")]
    [InlineData("address", "add the address 127.0.0.1/8 to lo failed: File exists (EEXIST from RTM_NEWADDR)", "'lo' has it already")]
    [InlineData("route", "add the route 10.0.0.0/24 failed: File exists (EEXIST from RTM_NEWROUTE)", "There is such a route already")]
    [InlineData("host address", "give the host's end of the veth its address: eth2, fd00::1/128 failed: ", "RTM_NEWADDR")]
    [InlineData("no forwarding", "make sure that the host forwards IPv4 failed", "ip_forward is 0")]
    [InlineData("exec", "execute /missing failed: No such file or directory (ENOENT from execve)", "")]
    public void A_step_that_fails_is_named_and_leaves_the_host_as_it_was(string kind, string message, string hint)
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add taken up type veth peer wan");
        host.Ip("address add 192.0.2.1/24 dev wan");
        host.Ip("link set wan up");
        string before = host.EverythingAtRest();
        ContainerBuilder container = host.Container(net =>
        {
            // Before the step that fails there is something to undo.
            net = net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithMovedLink("wan", "eth9");
            return kind switch
            {
                "host name" => net.WithVeth("eth1", hostName: "taken"),
                "no bridge" => net.WithVeth("eth1", bridge: "taken").WithBridge("taken"),
                "a veth for a bridge" => net.WithVeth("eth1", bridge: "taken"),
                "no parent" => net.WithMacvlan("eth1", "gone"),
                "nothing to move" => net.WithMovedLink("gone", "eth1"),
                "lo moved" => net.WithMovedLink("lo", "eth1"),
                "kind" => net.WithLink("dummy0", new GenericLink("nosuchkind")),
                "master" => net.WithLink("dummy0", new BridgeLink(), master: "lo"),
                "address" => net.WithAddress("lo", "127.0.0.1/8"),
                "route" => net.WithRoute("10.0.0.0/24", link: "eth0"),
                // The kernel gives a link of less than 1280 bytes no IPv6 (RFC 8200).
                "host address" => net.WithVeth("eth2", hostAddress: "fd00::1/128", mtu: 1000),
                "no forwarding" => net.WithNat(),
                _ => net.WithNat().WithPortForward(80, 80).WithForwarding(),
            };
        }).WithCommand(kind == "exec" ? "/missing" : "true");
        LinuxException error = Assert.ThrowsAny<LinuxException>(() => container.Start());
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Step);
        Assert.Equal(before, host.Everything());
        Assert.Equal("0", host.Namespace.Run(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim()));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2 | Needs.FullSpeed)]
    public void Every_failing_step_of_the_child_leaves_the_host_as_it_was()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        host.Ip("link add wan up type veth peer far");
        host.Ip("address add 192.0.2.1/24 dev wan");
        string before = host.EverythingAtRest();
        ContainerTemplate template = host.Container(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithMovedLink("wan").WithNat().WithForwarding()).WithUserNs().WithCommand("/bin/true").Build();
        template.Run().EnsureSuccess();
        Assert.Equal(before, host.Everything());
        SyscallStep[] steps = [.. template.Program.AllSteps];
        for (int k = 0; k < steps.Length; k++)
        {
            LinuxException error = Assert.Throws<LinuxException>(() => { template.Start(new Syscalls.Children.Fault((uint)k, Errno.EIO)).Dispose(); });
            Assert.Equal((k, Errno.EIO), (error.Step, error.Errno));
            Assert.Equal(before, host.Everything());
        }
    }
}
