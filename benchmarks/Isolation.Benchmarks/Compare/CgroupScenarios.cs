using Isolation.Cgroups;

namespace Isolation.Benchmarks.Compare;

/// <summary>The lines of "Cgroups" in the goals. What they use, every cgroup v2 has, also one without controllers.</summary>
internal sealed class CgroupScenarios(Workspace workspace)
{
    private readonly string _mount = CgroupHierarchy.Find().MountPoint;

    public IEnumerable<Scenario> All =>
    [
        Scenario("Cgroups: cpu.stat read 1,000 times", 5, "stat", () => C("C: pread of a kept descriptor", "stat"), () => Isolation("Isolation: CgroupStatistics.ReadCpu", "stat"), () => C("C: open, read, close", "reopen")),
        Scenario("Cgroups: all statistics read 1,000 times", 1, "all", () => Isolation("Isolation: CgroupStatistics.ReadAll", "all"), () => Go("stat")),
        Scenario("Cgroups: 100 cgroups created and opened (Go: created)", 5, "create", () => C("C", "create"), () => Isolation("Isolation", "create"), () => Go("create")),
        Scenario("Cgroups: 100 cgroups removed", 5, "remove", () => C("C", "remove"), () => Isolation("Isolation", "remove"), () => Go("remove")),
        Scenario("Cgroups: freeze of one process until it is frozen", 20, "freeze", () => C("C", "freeze"), () => Isolation("Isolation", "freeze"), () => Go("freeze")),
        Scenario("Cgroups: kill of one process until the cgroup is empty (Go has none)", 10, "kill", () => C("C", "kill"), () => Isolation("Isolation", "kill")),
    ];

    private static Scenario Scenario(string title, int turnLength, string work, params Func<IContender>[] contenders)
        => new(title, turnLength, contenders) { TellsCpuTime = true, WarmUps = work is "all" ? 5 : 100 };

    private ServedContender C(string name, string work) => new(name, "", workspace.Built("cgroup"), "serve", work, _mount, workspace.Built("pause"));

    private ServedContender Isolation(string name, string work)
        => new(name, "", Path.ChangeExtension(typeof(CgroupScenarios).Assembly.Location, null), "cgroups", work, _mount, workspace.Built("pause"));

    private ServedContender Go(string work) => new("Go: containerd/cgroups", "", workspace.BuildGoPeer("cgroup", "github.com/containerd/cgroups"), work, _mount, workspace.Built("pause"));
}
