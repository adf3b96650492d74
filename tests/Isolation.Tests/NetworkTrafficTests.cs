using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isolation.Namespaces;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Impaired links, address translation and forwarded ports of a container, with real connections.</summary>
public sealed class NetworkTrafficTests
{
    private static readonly string[] s_sleep = ["sleep", "1000"];

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Netem_delays_both_directions_by_what_was_said()
    {
        using var host = new TestHost();
        Assert.SkipUnless(HasNetem(host), "needs the kernel's netem");
        using Container container = host.Container(net => net
                .WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24", hostName: "near")
                .WithNetem("eth0", new NetemQdisc { Delay = TimeSpan.FromMilliseconds(60) }, new NetemQdisc { Delay = TimeSpan.FromMilliseconds(40), Loss = 0 }))
            .WithCommand(s_sleep).Start();
        using NetworkNamespace inside = NetworkNamespace.OfProcess(container.ProcessId);
        Assert.Contains("delay 60ms", inside.Run(() => Command.Run("tc", "qdisc", "show", "dev", "eth0").Output), StringComparison.Ordinal);
        Assert.Contains("delay 40ms", host.Namespace.Run(() => Command.Run("tc", "qdisc", "show", "dev", "near").Output), StringComparison.Ordinal);

        // A connection is refused after one way there and one back; MAC addresses are known after the first.
        await RefusedAsync(host.Namespace);
        TimeSpan took = await RefusedAsync(host.Namespace);
        Assert.InRange(took.TotalMilliseconds, 99, 400);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Without_netem_in_the_kernel_that_is_the_error()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        Assert.SkipWhen(HasNetem(host), "the kernel has netem");
        LinuxException error = Assert.ThrowsAny<LinuxException>(() => host.Container(net => net.WithVeth("eth0").WithNetem("eth0", null, new NetemQdisc { Loss = 0.5 })).WithCommand(s_sleep).Start());
        Assert.Equal("impair incoming packets of eth0 failed: No such file or directory (ENOENT from RTM_NEWQDISC). The kernel says: Specified qdisc kind is unknown. This kernel has no netem (CONFIG_NET_SCH_NETEM)", error.Message);
        host.AssertLinks();
    }

    private static bool HasNetem(TestHost host) => host.Namespace.Run(() => Command.Run("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")).ExitCode == 0
        && host.Namespace.Run(() => Command.Run("tc", "qdisc", "del", "dev", "lo", "root")).ExitCode == 0;

    private static async Task<TimeSpan> RefusedAsync(NetworkNamespace from)
    {
        using Socket socket = from.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        long begun = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Parse("10.0.0.2"), 9));
        return Stopwatch.GetElapsedTime(begun);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task With_nat_the_world_sees_the_host_and_without_forwarding_it_is_an_error()
    {
        using var host = new TestHost();
        using NetworkNamespace world = World(host);
        ContainerBuilder Member(Func<NetworkBuilder, NetworkBuilder> more) => host.Container(net => more(net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithNat())).WithCommand(s_sleep);
        LinuxException error = Assert.Throws<LinuxException>(() => Member(net => net).Start());
        Assert.StartsWith("make sure that the host forwards IPv4 failed: Network is unreachable (ENETUNREACH). net.ipv4.ip_forward is 0, so no packet would get through. Switch it on with 'sysctl -w net.ipv4.ip_forward=1', or let it be on while such containers run: WithForwarding()", error.Message, StringComparison.Ordinal);
        host.AssertLinks("up0");

        using (Container container = Member(net => net.WithForwarding()).Start())
        {
            using NetworkNamespace inside = NetworkNamespace.OfProcess(container.ProcessId);
            Assert.Equal("1", Forwards(host));
            Assert.Equal("192.0.2.1", (await Echo.AssertReachesAsync(world, inside, "192.0.2.9", 80, 80)).ToString());
            string rules = Rules(host);
            Assert.Contains("ip saddr 10.0.0.0/24 ip daddr != 10.0.0.0/24", rules, StringComparison.Ordinal);
            Assert.Contains("flags owner", rules, StringComparison.Ordinal);
        }

        Assert.Equal(("", "0"), (Rules(host), Forwards(host)));
        host.AssertLinks("up0");
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task A_port_of_the_host_leads_into_the_container_for_the_world_the_host_and_its_neighbours()
    {
        using var host = new TestHost();
        using NetworkNamespace world = World(host);
        ContainerBuilder Member(int i) => host.Container(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", $"10.0.0.{i}/24", "10.0.0.1", "br0").WithForwarding()).WithCommand(s_sleep);
        using (Container server = Member(2).WithNetNs(net => net.WithPortForward(8080, 80).WithPortForward(5353, 53, ProtocolType.Udp, "192.0.2.1")).Start(), neighbour = Member(3).WithNetNs(net => net.WithNat()).Start())
        {
            using NetworkNamespace inside = NetworkNamespace.OfProcess(server.ProcessId), beside = NetworkNamespace.OfProcess(neighbour.ProcessId);
            Assert.Equal("192.0.2.9", (await Echo.AssertReachesAsync(inside, world, "192.0.2.1", 8080, 80)).ToString());
            await Echo.AssertReachesAsync(inside, host.Namespace, "192.0.2.1", 8080, 80);
            await Echo.AssertReachesAsync(inside, beside, "10.0.0.1", 8080, 80);

            // Another host's port of the same number is another host's.
            await Echo.AssertReachesAsync(world, beside, "192.0.2.9", 8080, 8080);
            Assert.Contains("udp dport 5353", Rules(host), StringComparison.Ordinal);
        }

        Assert.Equal(("", "0"), (Rules(host), Forwards(host)));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public async Task Many_starts_at_once_do_not_lose_against_each_other_at_the_ruleset()
    {
        using var host = new TestHost();
        ContainerTemplate template = host.Container(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithNat().WithForwarding()).WithCommand(s_sleep).Build();
        Container[] containers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => template.StartAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(24, Rules(host).Split("flags owner").Length - 1);
        await Task.WhenAll(containers.Select(c => c.DisposeAsync().AsTask()));
        Assert.Equal(("", "0"), (Rules(host), Forwards(host)));
        host.AssertLinks();
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Forwarding_stays_on_until_the_last_that_needs_it_has_ended_and_where_it_was_on()
    {
        using var nothingLeft = new ResidueCheck();
        using var host = new TestHost();
        ContainerBuilder container = host.Container(net => net.WithVeth("eth0", "10.0.0.2/24", hostAddress: "10.0.0.1/24").WithForwarding()).WithCommand(s_sleep);
        Container first = container.Start(), second = container.Start();
        first.Dispose();
        Assert.Equal("1", Forwards(host));
        second.Dispose();
        Assert.Equal("0", Forwards(host));
        host.Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        container.Start().Dispose();
        Assert.Equal("1", Forwards(host));
    }

    [NativeOnly]
    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Rules_of_a_manager_that_is_killed_are_gone()
    {
        using var host = new TestHost();
        string[] line = FreshProcess.CommandLine(RunForEver);
        using Process manager = host.Namespace.Run(() => Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!);
        Assert.Equal("started", manager.StandardOutput.ReadLine());
        Assert.Contains("masquerade", Rules(host), StringComparison.Ordinal);
        manager.Kill();
        manager.WaitForExit();
        for (DateTime end = DateTime.UtcNow.AddSeconds(5); (Rules(host) != "" || host.IpJson("link").Length > 2) && DateTime.UtcNow < end;)
            Thread.Sleep(20);
        Assert.Equal("", Rules(host));

        // A bridge stays, with the mark by which the next container knows it.
        host.AssertLinks("br0");
        host.Container(net => net.WithBridge("br0").WithVeth("eth0", bridge: "br0")).WithCommand("true").Run().EnsureSuccess();
        host.AssertLinks();
    }

    private static void RunForEver()
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        Container container = new ContainerBuilder().WithNetNs(net => net.WithBridge("br0", "10.0.0.1/24").WithVeth("eth0", "10.0.0.2/24", "10.0.0.1", "br0").WithNat()).WithCommand(s_sleep).Start();
        Console.WriteLine("started");
        container.WaitForExit();
    }

    // A network behind the host: 192.0.2.1 here, 192.0.2.9 there.
    private static NetworkNamespace World(TestHost host)
    {
        NetworkNamespace world = NetworkNamespace.Create();
        using RouteClient here = RouteClient.Open(host.Namespace.Handle), there = RouteClient.Open(world.Handle);
        here.AddLink("up0", new VethLink { Peer = new LinkSettings { Name = "down0", NetworkNamespace = world.Handle } }, new LinkSettings { IsUp = true });
        here.AddAddress(InterfaceAddress.Parse(here.GetLink("up0").Index, "192.0.2.1/24"));
        there.ChangeLink("down0", new LinkSettings { IsUp = true });
        there.AddAddress(InterfaceAddress.Parse(there.GetLink("down0").Index, "192.0.2.9/24"));
        return world;
    }

    private static string Forwards(TestHost host) => host.Namespace.Run(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim());

    private static string Rules(TestHost host)
    {
        Assert.SkipUnless(Machine.Has("nft"), "needs nft of nftables");
        return host.Namespace.Run(() => Command.Run("nft", "list", "ruleset").EnsureSuccess().Output);
    }
}
