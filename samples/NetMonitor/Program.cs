// ip-monitor(8) in a page, with a live table of links and their rates beside. After messages that were lost, it tells what is different now.
using System.CommandLine;
using System.Globalization;
using Isolation.Netlink;
using Isolation.Samples;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

Option<string> space = new("--netns", "-n") { Description = "The network namespace: a name of ip-netns(8), a path, or a process id" };
Option<bool> asTable = new("--table", "-t") { Description = "Show the links and their rates instead, until Ctrl+C" };
Option<bool> once = new("--once") { Description = "Show what there is, and end" };
Option<bool> json = new("--json", "-j") { Description = "Write JSON, a line for each change" };
Option<bool> label = new("--label", "-l") { Description = "Put [LINK], [ADDR] or [ROUTE] before each line, as 'ip monitor label' does" };
Option<double> interval = new("--interval", "-i") { Description = "Seconds between two looks at the counters, with --table", DefaultValueFactory = _ => 1 };
interval.Validators.Add(given => CheckInterval(given));
Argument<string[]> objects = new("objects") { Description = "What to show: link, address, route; all when none is named", Arity = ArgumentArity.ZeroOrMore };
objects.AcceptOnlyFromAmong("link", "address", "route");
RootCommand command = new("Tells what changes in a network namespace.") { space, asTable, once, json, label, interval, objects };
command.SetAction(async (given, cancellationToken) =>
{
    try
    {
        using RouteClient client = Open(given.GetValue(space));
        if (given.GetValue(asTable))
        {
            await ShowTableAsync(client, TimeSpan.FromSeconds(given.GetValue(interval)), given.GetValue(once), cancellationToken);
            return 0;
        }

        MonitoredKinds wanted = (given.GetValue(objects) ?? []).Aggregate(MonitoredKinds.None, static (all, name) => all | Kind(name));
        bool isJson = given.GetValue(json), isLabelled = given.GetValue(label), isOnce = given.GetValue(once);
        var options = new MonitorOptions { Kinds = MonitoredKinds.All, ListExisting = true };
        var model = new NetworkModel();
        bool began = false;

        // The links are always followed, because the lines name them.
        await foreach (NetworkEvent change in client.MonitorAsync(options, cancellationToken))
        {
            bool isShown = (wanted == 0 || (ChangeLine.KindOf(change) is var kind && (kind == 0 || wanted.HasFlag(kind)))) && (isOnce ? change.Source == ChangeSource.Listing : began);
            if (change is Synchronized && isOnce)
                break;
            if (change is not (LinkRemoved or Synchronized))
                model.Apply(change);
            if (isShown && change is not Synchronized)
                Console.WriteLine(isJson ? ChangeJson.Of(change, model).ToJsonString() : ChangeLine.Of(change, model, isLabelled));
            if (change is LinkRemoved or Synchronized)
                model.Apply(change);
            if (change is Synchronized && !began)
            {
                began = true;
                Console.Error.WriteLine("netmonitor: listening");
            }
        }

        return 0;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"netmonitor: {e.Message}");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();

static void CheckInterval(System.CommandLine.Parsing.OptionResult given)
{
    if (given.GetValueOrDefault<double>() is not (>= 0.05 and <= 3600))
        given.AddError("The interval is a number of seconds from 0.05 to 3600.");
}

static MonitoredKinds Kind(string name) => name switch
{
    "link" => MonitoredKinds.Links,
    "address" => MonitoredKinds.Addresses,
    _ => MonitoredKinds.Routes,
};

static RouteClient Open(string? name)
{
    if (name is null)
        return RouteClient.Open();
    string path = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? $"/proc/{id}/ns/net" : name.Contains('/', StringComparison.Ordinal) ? name : $"/run/netns/{name}";
    using SafeFileHandle handle = File.OpenHandle(path);
    return RouteClient.Open(handle);
}

static async Task ShowTableAsync(RouteClient client, TimeSpan interval, bool once, CancellationToken cancellationToken)
{
    // Whoever reads from a pipe wants whole lines.
    if (Console.IsOutputRedirected)
        AnsiConsole.Profile.Width = 10_000;
    var rates = new LinkRates();
    rates.Take(client);
    if (once)
    {
        await Task.Delay(interval, cancellationToken);
        AnsiConsole.Write(rates.Take(client));
        return;
    }

    await AnsiConsole.Live(rates.Take(client)).StartAsync(async live =>
    {
        while (true)
        {
            await Task.Delay(interval, cancellationToken);
            live.UpdateTarget(rates.Take(client));
        }
    });
}
