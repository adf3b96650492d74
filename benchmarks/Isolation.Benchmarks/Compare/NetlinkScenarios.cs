namespace Isolation.Benchmarks.Compare;

/// <summary>The lines of "Netlink" in the goals. All work inside throw-away network namespaces.</summary>
internal sealed class NetlinkScenarios(Workspace workspace)
{
    private const int Routes = 100_000, Pairs = 100, Entries = 20_000;

    public IEnumerable<Scenario> All =>
    [
        Staged("Netlink: a veth pair into a network namespace, named, addressed, up, default route", 10, "gateway", 0, "veth", IpVeth) with { WarmUps = 150 },
        Staged("Netlink: 100,000 routes added", 1, "gateway", 0, "add", IpRoutes),
        Staged("Netlink: 100,000 routes listed", 3, "routes", Routes, "dump", stage => Ip("ip route show", stage, ["ip", "route", "show"]), stage => Isolation("Isolation, each as a value that is kept", stage, "list")),
        Staged("Netlink: 10 routes of one table listed, beside 100,000 in another", 5, "table", Routes, "table", stage => Ip("ip route show table 100", stage, ["ip", "route", "show", "table", "100"])),
        Staged("Netlink: 1,001 links listed", 5, "links", 500, "links", stage => Ip("ip link show", stage, ["ip", "link", "show"])),
        Staged("Netlink: 100 veth pairs deleted (Go: one by one, the others by their group)", 1, "gateway", 0, "group", IpGroup),
        Staged("Netlink: 20,000 entries of a bridge's forwarding table added", 2, "bridge", 0, "fdb", BridgeEntries),
    ];

    private Scenario Staged(string title, int turnLength, string content, int count, string work, params Func<NetlinkStage, IContender>[] others)
    {
        NetlinkStage? stage = null;
        return new Scenario(
            title,
            turnLength,
            [
                () => new ServedContender("C", "", Open().Inside(workspace.Built("netlink"), "serve", work)),
                () => Isolation("Isolation", Open(), work),
                () => new ServedContender("Go: vishvananda/netlink", "", Open().Inside(workspace.BuildGoPeer("netlink", "github.com/vishvananda/netlink"), work)),
                .. others.Select(other => (Func<IContender>)(() => other(Open()))),
            ])
        {
            TellsCpuTime = true,
            CleanUp = () => stage?.Dispose(),
        };

        NetlinkStage Open() => stage ??= new NetlinkStage(workspace, content, count);
    }

    private static ServedContender Isolation(string name, NetlinkStage stage, string work)
        => new(name, "", stage.Inside(Path.ChangeExtension(typeof(NetlinkScenarios).Assembly.Location, null), "netlink", work));

    private OwningContender IpVeth(NetlinkStage stage)
    {
        var inside = new NetlinkStage(workspace, "links", 0);
        string outer = Write("veth-outer", [$"link add eth0 netns {inside.ProcessId} up type veth peer name host0", "link set host0 up"]);
        string inner = Write("veth-inner", ["addr add 192.0.2.2/24 dev eth0", "route add default via 192.0.2.1 dev eth0"]);
        string[] command = ["sh", "-c", $"ip -batch {outer} && nsenter --net={inside.Path} ip -batch {inner}"];
        return new OwningContender(Ip("ip -batch, twice", stage, command, after: ["ip", "link", "delete", "host0"]), inside);
    }

    private ServedContender IpRoutes(NetlinkStage stage)
        => Ip(
            "ip -batch",
            stage,
            ["ip", "-batch", Write("routes", Enumerable.Range(0, Routes).Select(i => $"route add 10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32 via 192.0.2.1 dev v0"))],
            after: ["sh", "-c", "ip link set v0 down && ip link set v0 up && sleep 0.05"]);

    private ServedContender IpGroup(NetlinkStage stage)
        => Ip(
            "ip link delete group",
            stage,
            ["ip", "link", "delete", "group", "7"],
            before: ["ip", "-batch", Write("pairs", Enumerable.Range(0, Pairs).Select(i => $"link add a{i} group 7 type veth peer name b{i}"))]);

    private ServedContender BridgeEntries(NetlinkStage stage)
        => Ip(
            "bridge -batch",
            stage,
            ["bridge", "-batch", Write("entries", Enumerable.Range(0, Entries).Select(i => $"fdb add 02:00:00:{i >> 16:x2}:{(i >> 8) & 255:x2}:{i & 255:x2} dev v0 master permanent"))],
            after: ["sh", "-c", "ip link set v0 nomaster && ip link set v0 master br0 && sleep 0.05"]);

    private ServedContender Ip(string name, NetlinkStage stage, string[] command, string[]? before = null, string[]? after = null)
        => new(name, Scenarios.Request(command), stage.Inside(workspace.Built("spawn"), "serve-cpu"))
        {
            Before = before is null ? null : Scenarios.Request(before),
            After = after is null ? null : Scenarios.Request(after),
        };

    private string Write(string name, IEnumerable<string> lines)
    {
        string path = workspace.Built($"{name}.batch");
        File.WriteAllLines(path, lines);
        return path;
    }
}
