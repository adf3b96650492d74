// A network in a file, for a course: builds it of network namespaces, pings every host from every other, draws it, and takes it
// down. bridged.lab and routed.lab, beside the program, show what a file looks like; LabFile.cs tells the format. It needs root.
using System.CommandLine;
using System.Globalization;
using Isolation.Samples.NetLab;
using Isolation.Syscalls;
using Spectre.Console;

Argument<string> file = new("file") { Description = "The description of the lab" };
Option<string[]> impair = new("--impair")
{
    Description = "A link, and what is wrong with it in each direction: --impair wan delay=50ms,loss=1%",
    AllowMultipleArgumentsPerToken = true,
};
Option<string> mermaid = new("--mermaid") { Description = "Draw the topology for Mermaid, into this file" };
Option<string> svg = new("--svg") { Description = "Draw the topology as SVG, into this file" };
Option<int> count = new("--count", "-c") { Description = "Pings for each pair, of which the fastest counts", DefaultValueFactory = static _ => 3 };
Option<bool> hold = new("--hold") { Description = "Keep the lab until Enter is pressed" };
RootCommand command = new("Builds a network of hosts, switches and routers, and tries it.") { file, impair, mermaid, svg, count, hold };
command.SetAction(given =>
{
    try
    {
        string path = given.GetValue(file)!;
        LabDescription description = LabFile.Read(path, File.ReadLines(path));
        string[] impairments = given.GetValue(impair) ?? [];
        if (impairments.Length % 2 != 0)
            throw new FormatException("--impair takes a link and what is wrong with it, such as: --impair wan delay=50ms,loss=1%.");
        if (given.GetValue(mermaid) is { } mermaidFile)
            File.WriteAllText(mermaidFile, Drawing.ToMermaid(description));
        if (given.GetValue(svg) is { } svgFile)
            File.WriteAllText(svgFile, Drawing.ToSvg(description));

        using Lab lab = Lab.Build(description);
        foreach (string[] pair in impairments.Chunk(2))
        {
            LabLink link = description.Links.FirstOrDefault(l => l.Name == pair[0])
                ?? throw new FormatException($"There is no link '{pair[0]}'. There are: {string.Join(", ", description.Links.Select(l => l.Name))}.");
            lab.Impair(link, Impairment.Parse(pair[1]));
        }

        Dictionary<(Node From, Node To), TimeSpan?> results = lab.PingAll(given.GetValue(count));
        Show(description, results);
        if (given.GetValue(hold))
            Console.ReadLine();
        return results.Values.All(t => t is not null) ? 0 : 1;
    }
    catch (Exception e) when (e is LabException or FormatException or LinuxException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(e is LabException ? e.Message : $"NetLab: {e.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();

static void Show(LabDescription description, Dictionary<(Node From, Node To), TimeSpan?> results)
{
    // Whoever reads from a pipe wants whole lines.
    if (Console.IsOutputRedirected)
        AnsiConsole.Profile.Width = 10_000;
    Table table = new Table().Border(TableBorder.Rounded).AddColumn("from \\ to");
    foreach (Node host in description.Hosts)
        table.AddColumn(new TableColumn($"{host.Name} {description.AddressOf(host)}").RightAligned());
    foreach (Node from in description.Hosts)
        table.AddRow([from.Name, .. description.Hosts.Select(to => Cell(from, to))]);
    AnsiConsole.Write(table);

    string Cell(Node from, Node to) => from == to ? "" : results[(from, to)] is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms")
        : "[red]no answer[/]";
}
