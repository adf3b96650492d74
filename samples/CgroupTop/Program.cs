// A live table of what cgroups use: processor, memory and its limit, disks, processes, pressure. For scripts: --once --json.
using System.CommandLine;
using Isolation.Cgroups;
using Isolation.Samples;
using Isolation.Syscalls;
using Spectre.Console;

Argument<string?> path = new("cgroup") { Description = "The topmost cgroup: its directory, or its path below the mount point of cgroup v2; that one when none is named", Arity = ArgumentArity.ZeroOrOne };
Option<bool> once = new("--once") { Description = "Show one interval, and end" };
Option<bool> json = new("--json", "-j") { Description = "Write JSON, a line for each interval" };
Option<int> depth = new("--depth", "-d") { Description = "How many levels below it", DefaultValueFactory = _ => 3 };
Option<double> interval = new("--interval", "-i") { Description = "Seconds between two looks", DefaultValueFactory = _ => 1 };
Option<string> sort = new("--sort", "-s") { Description = "What goes first: cpu, memory, io, pids, or name", DefaultValueFactory = _ => "name" };
sort.AcceptOnlyFromAmong("cpu", "memory", "io", "pids", "name");
interval.Validators.Add(given => CheckInterval(given));
depth.Validators.Add(given => CheckDepth(given));
RootCommand command = new("Shows what cgroups use.") { path, once, json, depth, interval, sort };
command.SetAction(async (given, cancellationToken) =>
{
    try
    {
        using Cgroup top = Open(given.GetValue(path));
        using var subtree = new Subtree(top, given.GetValue(depth));
        TimeSpan pause = TimeSpan.FromSeconds(given.GetValue(interval));
        string by = given.GetValue(sort)!;
        subtree.Take();
        if (given.GetValue(json))
        {
            do
            {
                await Task.Delay(pause, cancellationToken);
                Console.WriteLine(LoadJson.Of(top.Path, Sorted(subtree.Take(), by)).ToJsonString());
            }
            while (!given.GetValue(once));
            return 0;
        }

        // Whoever reads from a pipe wants whole lines.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 10_000;
        await Task.Delay(pause, cancellationToken);
        Table first = LoadTable.Of(Sorted(subtree.Take(), by));
        if (given.GetValue(once))
        {
            AnsiConsole.Write(first);
            return 0;
        }

        await AnsiConsole.Live(first).StartAsync(async live =>
        {
            while (true)
            {
                live.Refresh();
                await Task.Delay(pause, cancellationToken);
                live.UpdateTarget(LoadTable.Of(Sorted(subtree.Take(), by)));
            }
        });
        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    catch (LinuxException e)
    {
        await Console.Error.WriteLineAsync($"cgrouptop: {e.Message}");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();

static void CheckInterval(System.CommandLine.Parsing.OptionResult given)
{
    if (given.GetValueOrDefault<double>() is not (>= 0.05 and <= 3600))
        given.AddError("The interval is a number of seconds from 0.05 to 3600.");
}

static void CheckDepth(System.CommandLine.Parsing.OptionResult given)
{
    if (given.GetValueOrDefault<int>() is not (>= 0 and <= 100))
        given.AddError("The depth is a number from 0 to 100.");
}

static Cgroup Open(string? path)
{
    string mount = CgroupHierarchy.Find().MountPoint;
    return path is ['/', ..] && (path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)) ? Cgroup.Open(path) : Cgroup.Open($"{mount}/{path?.Trim('/')}".TrimEnd('/'));
}

static IEnumerable<CgroupLoad> Sorted(IReadOnlyList<CgroupLoad> loads, string by) => by switch
{
    "cpu" => loads.OrderByDescending(l => l.Cpu),
    "memory" => loads.OrderByDescending(l => l.Memory),
    "io" => loads.OrderByDescending(l => l.Read + l.Written),
    "pids" => loads.OrderByDescending(l => l.Pids),
    _ => loads.OrderBy(l => l.Name, StringComparer.Ordinal),
};
