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
        var model = new NetworkModel();
        var existing = new List<NetworkEvent>();

        // The links are always followed, because the lines name them.
        await foreach (NetworkEvent change in client.MonitorAsync(new MonitorOptions { ListExisting = true }, cancellationToken))
        {
            if (change is Synchronized && isOnce)
            {
                existing.ForEach(Show);
                break;
            }

            if (change is Synchronized && !model.IsSynchronized)
                await Console.Error.WriteLineAsync("netmonitor: listening");
            if (change.Source == ChangeSource.Listing)
                existing.Add(change);
            else if (change is not Synchronized && !isOnce)
                Show(change);
            model.Apply(change);
        }

        void Show(NetworkEvent change)
        {
            if (wanted != 0 && change is not Overrun && !wanted.HasFlag(ChangeLine.KindOf(change)))
                return;

            // A new link is named by its own line too.
            if (change is LinkChanged)
                model.Apply(change);
            Console.WriteLine(isJson ? ChangeJson.Of(change, model).ToJsonString() : ChangeLine.Of(change, model, isLabelled));
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
