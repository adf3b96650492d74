using System.Globalization;
using System.Text.RegularExpressions;

namespace Isolation.Tests;

/// <summary>What Explain tells is what the kernel sees: compared with strace(1).</summary>
public partial class PlanTests(ITestOutputHelper console)
{
    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.Strace | Needs.FullSpeed)]
    [InlineData("full")]
    [InlineData("rootless")]
    [InlineData("host root")]
    [InlineData("plain")]
    [InlineData("init")]
    [InlineData("files")]
    [InlineData("mounts")]
    public void The_childs_calls_are_the_steps_of_the_plan_and_no_others(string kind)
    {
        using var root = new BusyboxRoot();
        string trace = Path.Combine(Path.GetTempPath(), "isolation-trace-" + Guid.NewGuid().ToString("N"));
        CommandResult result = FreshProcess.Run(["strace", "-f", "-o", trace, "-s", "200"], StartOnce, [kind, root.Path]);
        result.EnsureSuccess();
        string[] plan = [.. Builder(kind, root.Path).Explain().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Skip(1).Select(Name)];
        string[] lines = File.ReadAllLines(trace);
        File.Delete(trace);

        // The child is who calls execve on the payload; its calls begin with the first and end with that.
        string child = lines.Last(l => l.Contains("execve(\"/bin/true\"", StringComparison.Ordinal)).Split(' ')[0];
        string[] calls = [.. lines.Where(l => l.StartsWith(child + " ", StringComparison.Ordinal)).Select(l => l[(child.Length + 1)..].TrimStart()).TakeWhile(l => !l.StartsWith("+++", StringComparison.Ordinal)).Where(l => !l.StartsWith("<...", StringComparison.Ordinal) && !l.StartsWith("---", StringComparison.Ordinal)).Select(Name)];
        calls = calls[..(Array.LastIndexOf(calls, "execve") + 1)];
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Length} steps"));
        Assert.Equal(Once(plan), Once(calls));
    }

    // A wait at a gate is one step, and one call or two: the second finds the gate open.
    private static IEnumerable<string> Once(string[] calls) => calls.Where((c, i) => c != "futex" || i == 0 || calls[i - 1] != "futex");

    private static void StartOnce(string kind, string root) => Builder(kind, root).Run().EnsureSuccess();

    private static ContainerBuilder Builder(string kind, string root)
    {
        ContainerBuilder container = new ContainerBuilder().WithCommand("/bin/true");
        return kind switch
        {
            "full" => container.WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithUtsNs("web").WithIpcNs().WithCgroupNs().WithTmpfsMount("/scratch").WithBindMount("/etc/hostname", "/etc/host", Fs.MountAccess.ReadOnly),
            "mounts" => container.WithMountNs().WithPidNs().WithPropagation(Fs.MountPropagation.Shared).WithMount("/proc", new Fs.ProcOptions { ProcessesOnly = true })
                .WithMount(root + "/tmp", new Fs.OverlayOptions(root + "/etc", root + "/bin"), Fs.MountAttributes.NoExec)
                .WithBindMount(root + "/etc", root + "/root", new Fs.MountChange { Set = Fs.MountAttributes.ReadOnly, Propagation = Fs.MountPropagation.Slave }),
            "rootless" => container.WithRootFs(root).WithUserNs(Namespaces.UserNamespaceMaps.Caller).WithPidNs().WithNetNs(),
            "files" => container.WithRootFs(root).WithUserNs().WithIpcNs().WithFile("/etc/new", new string('x', 10_000)).WithEtcFiles(),
            "host root" => container.WithRootFs("/").WithUserNs().WithPidNs(),
            _ => container,
        };
    }

    private static string Name(string line) => CallName().Match(line).Value;

    [GeneratedRegex("^[a-z0-9_]+")]
    private static partial Regex CallName();
}
