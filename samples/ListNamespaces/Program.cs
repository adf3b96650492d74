// lsns(8) in a page: the namespaces of this machine, who is in them, who owns them, and what keeps those that nobody is in.
// An ordinary user sees the namespaces of their own processes.
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isolation.Namespaces;
using Spectre.Console;

Option<string[]> types = new("--type", "-t") { Description = "Only namespaces of this type; can be given several times" };
types.AcceptOnlyFromAmong("mnt", "net", "ipc", "user", "pid", "uts", "cgroup", "time");
Option<bool> json = new("--json", "-J") { Description = "Write JSON" };
Option<bool> tree = new("--tree", "-T") { Description = "Show user and pid namespaces below their parents, others below their owners" };
RootCommand command = new("Lists the namespaces of this machine.") { types, json, tree };
command.SetAction(arguments =>
{
    string[] wanted = arguments.GetValue(types) ?? [];
    NamespaceInfo[] found = [.. Namespace.List().Where(n => wanted.Length == 0 || wanted.Contains(TypeOf(n)))];

    // Whoever reads from a pipe wants whole lines.
    if (Console.IsOutputRedirected)
        AnsiConsole.Profile.Width = 10_000;
    if (arguments.GetValue(json))
        Console.WriteLine(ToJson(found).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    else if (arguments.GetValue(tree))
        AnsiConsole.Write(ToTree(found));
    else
        AnsiConsole.Write(ToTable(found));
});
return command.Parse(args).Invoke();

static string TypeOf(NamespaceInfo space) => space.ToString().Split(':')[0];

// What is in it; or else, where it is mounted.
static string Describe(NamespaceInfo space) => space.Processes is [{ Command: var first }, ..] ? first : string.Join(' ', space.MountPoints);

static Table ToTable(NamespaceInfo[] found)
{
    Table table = new Table().Border(TableBorder.None).AddColumns("NS", "TYPE", "NPROCS", "PID", "UID");
    table.AddColumn(new TableColumn("COMMAND or mount").NoWrap());
    foreach (NamespaceInfo space in found)
    {
        NamespaceProcess? first = space.Processes.FirstOrDefault();
        string[] cells = [Text(space.Id.Inode), TypeOf(space), Text(space.Processes.Length), Text(first?.Id), Text(first?.UserId), Describe(space)];
        table.AddRow([.. cells.Select(Markup.Escape)]);
    }

    return table;

    static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}

static Tree ToTree(NamespaceInfo[] found)
{
    var byId = found.ToDictionary(n => n.Id);
    ILookup<NamespaceInfo?, NamespaceInfo> below = found.ToLookup(n => Known(n.Parent) ?? Known(n.Owner));
    var tree = new Tree("namespaces");
    Add(tree, null);
    return tree;

    NamespaceInfo? Known(NamespaceId? id) => id is { } known ? byId.GetValueOrDefault(known) : null;

    void Add(IHasTreeNodes above, NamespaceInfo? owner)
    {
        foreach (NamespaceInfo space in below[owner])
            Add(above.AddNode(Markup.Escape($"{space} {space.Processes.Length} processes: {Describe(space)}")), space);
    }
}

// The form of lsns --json.
static JsonObject ToJson(NamespaceInfo[] found) => new()
{
    ["namespaces"] = new JsonArray([.. found.Select(n => new JsonObject
    {
        ["ns"] = n.Id.Inode,
        ["type"] = TypeOf(n),
        ["nprocs"] = n.Processes.Length,
        ["pid"] = n.Processes.FirstOrDefault()?.Id,
        ["uid"] = n.Processes.FirstOrDefault()?.UserId,
        ["command"] = Describe(n),
    })]),
};
