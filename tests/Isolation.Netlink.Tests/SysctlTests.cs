using System.Net.Sockets;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Settings below net, in the right namespace, beside what a thread inside reads.</summary>
public sealed class SysctlTests
{
    [LinuxFact(Needs.Root)]
    public void Settings_are_those_of_the_namespace()
    {
        using var nothingLeft = new ResidueCheck();
        using TestNetwork network = new(), other = new();
        network.AddVeth("v0", "v1.5");
        using NetworkSysctls sysctls = NetworkSysctls.Open(network.Namespace);
        string host = File.ReadAllText("/proc/sys/net/ipv4/ip_forward");

        Assert.Equal(Inside("ipv4/ip_forward"), sysctls.IPv4Forwarding ? "1" : "0");
        sysctls.IPv4Forwarding = true;
        sysctls.IPv6Forwarding = true;
        Assert.Equal(("1", "1", true, true), (Inside("ipv4/ip_forward"), Inside("ipv6/conf/all/forwarding"), sysctls.IPv4Forwarding, sysctls.IPv6Forwarding));
        sysctls.SetForwarding("v1.5", false);
        Assert.Equal(("0", "1", false, true), (Inside("ipv4/conf/v1.5/forwarding"), Inside("ipv4/conf/v0/forwarding"), sysctls.GetForwarding("v1.5"), sysctls.GetForwarding("v0")));
        sysctls.SetForwarding("v0", false, AddressFamily.InterNetworkV6);
        Assert.Equal(("0", "1"), (Inside("ipv6/conf/v0/forwarding"), Inside("ipv6/conf/v1.5/forwarding")));
        sysctls.SetReversePathFilter("all", ReversePathFilter.Loose);
        Assert.Equal(("2", ReversePathFilter.Loose), (Inside("ipv4/conf/all/rp_filter"), sysctls.GetReversePathFilter("all")));
        sysctls.SetRouteLocalNetwork("v0", true);
        Assert.Equal(("1", true), (Inside("ipv4/conf/v0/route_localnet"), sysctls.GetRouteLocalNetwork("v0")));
        sysctls.SetIPv6Disabled("default", true);
        Assert.Equal(("1", true), (Inside("ipv6/conf/default/disable_ipv6"), sysctls.GetIPv6Disabled("default")));
        sysctls.UnprivilegedPortStart = 80;
        sysctls.LocalPortRange = (40_000, 50_000);
        Assert.Equal(("80", "40000\t50000", 80, (40_000, 50_000)), (Inside("ipv4/ip_unprivileged_port_start"), Inside("ipv4/ip_local_port_range"), sysctls.UnprivilegedPortStart, sysctls.LocalPortRange));
        sysctls.Set("net.ipv4.conf.v1/5.proxy_arp", "1");
        Assert.Equal(("1", "1"), (Inside("ipv4/conf/v1.5/proxy_arp"), sysctls.Get("net.ipv4.conf.v1/5.proxy_arp")));

        Assert.Equal(host, File.ReadAllText("/proc/sys/net/ipv4/ip_forward"));
        using NetworkSysctls others = NetworkSysctls.Open(other.Namespace);
        Assert.NotEqual((80, (40_000, 50_000)), (others.UnprivilegedPortStart, others.LocalPortRange));

        string Inside(string path) => network.Run(() => File.ReadAllText($"/proc/sys/net/{path}").Trim());
    }

    [LinuxFact(Needs.Root)]
    public void They_hold_the_namespace_and_work_from_every_thread()
    {
        using var nothingLeft = new ResidueCheck();
        NetworkSysctls sysctls;
        using (var network = new TestNetwork())
            sysctls = NetworkSysctls.Open(network.Namespace);
        using (sysctls)
            Parallel.For(0, 20, _ => sysctls.IPv4Forwarding = true);
        Assert.Throws<ObjectDisposedException>(() => sysctls.IPv4Forwarding);
    }

    [LinuxFact]
    public void Those_of_the_own_namespace_are_read_as_they_are()
    {
        using var nothingLeft = new ResidueCheck();
        Assert.SkipUnless(File.Exists("/proc/sys/net/ipv4/ip_local_port_range") && Environment.IsPrivilegedProcess, "needs to enter its own network namespace");
        using NetworkSysctls sysctls = NetworkSysctls.Open();
        Assert.Equal(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").TrimEnd(), sysctls.Get("net.ipv4.ip_local_port_range"));
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData("net")]
    [InlineData("net.ipv4")]
    [InlineData("kernel.hostname.x")]
    [InlineData("net..ip_forward")]
    [InlineData("net.ipv4.")]
    [InlineData("net.ipv4./.x")]
    [InlineData("net.ipv4.//.x")]
    [InlineData("net.ipv4.a\0b")]
    [InlineData("net/../kernel.hostname.x")]
    public void What_is_no_name_below_net_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => SysctlName.Parse(name));

    [LinuxFact(Needs.Root)]
    public void Errors_say_which_setting_and_why()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetworkSysctls sysctls = NetworkSysctls.Open(network.Namespace);
        LinuxException e = Assert.Throws<LinuxException>(() => sysctls.GetForwarding("v9"));
        Assert.Equal((Errno.ENOENT, "net.ipv4.conf.v9.forwarding"), (e.Errno, e.Target));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => sysctls.Set("net.ipv4.ip_forward", "many")).Errno);
        Assert.ThrowsAny<ArgumentException>(() => sysctls.GetForwarding(".."));
        Assert.ThrowsAny<ArgumentException>(() => sysctls.GetForwarding("a/b"));
        Assert.ThrowsAny<ArgumentException>(() => sysctls.Set("net.ipv4.ip_forward", "1\n0"));
        using Microsoft.Win32.SafeHandles.SafeFileHandle other = File.OpenHandle("/proc/self/ns/uts");
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => NetworkSysctls.Open(other)).Errno);
    }
}
