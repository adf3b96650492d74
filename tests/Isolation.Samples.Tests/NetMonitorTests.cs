using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Isolation.Samples.Tests;

/// <summary>samples/NetMonitor beside ip-monitor(8).</summary>
public sealed partial class NetMonitorTests
{
    private static readonly string[] s_changes =
    [
        "link set v1 up",
        "link set v0 up",
        "addr add 10.0.0.2/24 brd + dev v0",
        "addr add 10.1.0.1 peer 10.1.0.2/30 label v0:web dev v0",
        "-6 addr add fd00::2/64 nodad dev v0",
        "route add 10.9.0.0/16 via 10.0.0.1",
        "route add blackhole 10.8.0.0/16 table 77",
        "route add default via 10.0.0.1 proto static metric 50",
        "-6 route add fd09::/16 via fd00::1",
        "route add 10.7.0.0/16 nexthop via 10.0.0.1 nexthop via 10.0.0.5 weight 3",
        "route replace 10.9.0.0/16 via 10.0.0.8",
        "route append 10.9.0.0/16 via 10.0.0.7",
        "route del 10.9.0.0/16 via 10.0.0.8",
        "addr del 10.0.0.2/24 dev v0",
        "link set v0 mtu 1400",
        "link set v0 group 7",
        "link add br0 type bridge",
        "link del br0",
    ];

    [LinuxTheory(Needs.Root | Needs.Ip)]
    [InlineData("link")]
    [InlineData("address")]
    [InlineData("route")]
    public void Its_lines_are_those_of_ip_monitor(string kind)
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NetworkNamespaceThread();
        Ip(network, "link add v0 type veth peer name v1");
        using Process theirs = Start(network, "ip", "-oneline", "monitor", "label", kind), ours = Start(network, NetMonitor, "--label", kind);
        Assert.Equal("netmonitor: listening", ours.StandardError.ReadLine());
        Thread.Sleep(500);
        foreach (string change in s_changes)
            Ip(network, change);
        Thread.Sleep(2500);
        string[] expected = Lines(theirs), told = Lines(ours);
        Assert.True(expected.Length > 5);
        Assert.Equal(expected, told);
    }

    [LinuxFact(Needs.Root | Needs.Ip)]
    public void Once_it_shows_what_there_is_as_json_too()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NetworkNamespaceThread();
        Ip(network, "link add v0 type veth peer name v1");
        Ip(network, "addr add 10.0.0.2/24 dev v0");
        JsonNode[] told = [.. Run(network, "--once", "--json").EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(["lo", "v0", "v1"], told.Where(n => (string)n["object"]! == "link").Select(n => (string)n["dev"]!).Order());
        JsonNode address = Assert.Single(told, n => (string)n["object"]! == "address");
        Assert.Equal(("v0", "10.0.0.2/24", "listing"), ((string)address["dev"]!, (string)address["address"]!, (string)address["source"]!));
        Assert.Equal(["2: v1@v0:", "3: v0@v1:"], Run(network, "--once", "link").EnsureSuccess().Output.Split('\n').Where(l => l.Contains("@v", StringComparison.Ordinal)).Select(l => l[..9]).Order());
    }

    [LinuxFact(Needs.Root | Needs.Ip)]
    public void Its_table_shows_links_and_rates_of_a_namespace_by_path()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NetworkNamespaceThread();
        Ip(network, "link add v0 type veth peer name v1");
        Ip(network, "addr add 10.0.0.2/24 dev v0");
        using Process inside = Start(network, "sleep", "1000");
        try
        {
            foreach (string name in (string[])[$"/proc/{inside.Id}/ns/net", $"{inside.Id}"])
            {
                string[] lines = Command.Run(NetMonitor, "--netns", name, "--table", "--once", "--interval", "0.1").EnsureSuccess().Output.Split('\n');
                Assert.StartsWith("IF", lines[0].TrimStart(), StringComparison.Ordinal);
                Assert.Contains(lines, l => l.Contains("v0", StringComparison.Ordinal) && l.Contains("10.0.0.2/24", StringComparison.Ordinal) && l.Contains("0 B", StringComparison.Ordinal));
            }
        }
        finally
        {
            inside.Kill();
            inside.WaitForExit();
        }
    }

    [LinuxFact]
    public void What_is_no_namespace_is_told()
    {
        CommandResult result = Command.Run(NetMonitor, "--netns", "/proc/self/ns/uts", "--once");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The handle is of no network namespace", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, Command.Run(NetMonitor, "--netns", "no-such-name", "--once").ExitCode);
        Assert.Equal(1, Command.Run(NetMonitor, "disk").ExitCode);
    }

    private static string NetMonitor => Path.Combine(AppContext.BaseDirectory, "NetMonitor");

    private static void Ip(NetworkNamespaceThread network, string arguments) => network.Run(() => Command.Run("ip", arguments.Split(' ')).EnsureSuccess());

    private static CommandResult Run(NetworkNamespaceThread network, params string[] arguments) => network.Run(() => Command.Run(NetMonitor, arguments));

    private static Process Start(NetworkNamespaceThread network, string program, params string[] arguments)
        => network.Run(() => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    // Without what the sample does not know: the queueing discipline, the preference of IPv6 routers, and what ip says of a link's other end.
    private static string[] Lines(Process process)
    {
        process.Kill();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Spaces().Replace(Unknown().Replace(l, ""), " ").TrimEnd())];
    }

    [GeneratedRegex(@" qdisc \S+| pref medium|,M-DOWN| event [A-Z ]+")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
