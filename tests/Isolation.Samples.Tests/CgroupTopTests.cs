using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Isolation.Samples.Tests;

/// <summary>samples/CgroupTop on a cgroup of our own, with what cgroup v2 counts without any controller.</summary>
public sealed class CgroupTopTests
{
    private static string CgroupTop => Path.Combine(AppContext.BaseDirectory, "CgroupTop");

    [LinuxFact(Needs.Root)]
    public void Its_table_and_json_show_who_uses_the_processors()
    {
        using var nothingLeft = new ResidueCheck();
        using var busy = new BusyCgroup();
        JsonNode told = JsonNode.Parse(Command.Run(CgroupTop, busy.Name, "--once", "--json", "--sort", "name", "--interval", "1").EnsureSuccess().Output)!;
        Assert.Equal(busy.Path, (string)told["top"]!);
        JsonArray cgroups = told["cgroups"]!.AsArray();
        Assert.Equal(["/", "/idle", "/spin"], cgroups.Select(c => (string)c!["name"]!));
        Assert.Equal(0, (double)cgroups[1]!["cpuPercent"]!);
        Assert.InRange((double)cgroups[2]!["cpuPercent"]!, 5, 105);
        Assert.True((double)cgroups[0]!["cpuPercent"]! >= 0.8 * (double)cgroups[2]!["cpuPercent"]!);

        string[] lines = Command.Run(CgroupTop, busy.Path, "--once", "--sort", "cpu", "--interval", "0.5").EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("CGROUP", lines[0].TrimStart(), StringComparison.Ordinal);
        string[][] rows = [.. lines[1..].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal("/idle", rows[^1][0]);
        Assert.True(double.Parse(rows[0][1], CultureInfo.InvariantCulture) > 5);
        Assert.Equal(3, rows.Length);
    }

    [LinuxFact(Needs.Root)]
    public void Only_as_many_levels_are_shown_as_are_asked_for()
    {
        using var busy = new BusyCgroup();
        JsonNode told = JsonNode.Parse(Command.Run(CgroupTop, busy.Path, "--once", "-j", "--depth", "0", "-i", "0.1").EnsureSuccess().Output)!;
        Assert.Equal(["/"], told["cgroups"]!.AsArray().Select(c => (string)c!["name"]!));
    }

    [LinuxFact]
    public void What_is_no_cgroup_is_told()
    {
        CommandResult result = Command.Run(CgroupTop, "no-such-cgroup", "--once");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cgrouptop: open", result.Error, StringComparison.Ordinal);
        Assert.Contains("ENOENT", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, Command.Run(CgroupTop, "--interval", "0").ExitCode);
        Assert.Equal(1, Command.Run(CgroupTop, "--depth", "-1").ExitCode);
        Assert.Equal(1, Command.Run(CgroupTop, "--sort", "colour").ExitCode);
    }

    /// <summary>A cgroup with one below it that spins, and one that has nothing to do.</summary>
    private sealed class BusyCgroup : IDisposable
    {
        private readonly Process _spinner;

        public BusyCgroup()
        {
            Directory.CreateDirectory(Path + "/idle");
            Directory.CreateDirectory(Path + "/spin");
            _spinner = Process.Start("sh", ["-c", $"echo $$ > {Path}/spin/cgroup.procs; while :; do :; done"]);
            Eventually.Equal($"{_spinner.Id}\n", () => File.ReadAllText(Path + "/spin/cgroup.procs"));
        }

        public string Name { get; } = "isolation-top-" + Guid.NewGuid().ToString("N")[..12];

        public string Path => (File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup/" : "/sys/fs/cgroup/unified/") + Name;

        // The kernel lets go of the last process a little after it was reaped.
        public void Dispose()
        {
            _spinner.Kill();
            _spinner.WaitForExit();
            _spinner.Dispose();
            Eventually.Equal(true, () => File.ReadAllText(Path + "/cgroup.events").Contains("populated 0", StringComparison.Ordinal));
            Directory.Delete(Path + "/spin");
            Directory.Delete(Path + "/idle");
            Directory.Delete(Path);
        }
    }
}
