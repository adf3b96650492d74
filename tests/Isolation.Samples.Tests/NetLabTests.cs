using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Isolation.Samples.Tests;

/// <summary>samples/NetLab: the two labs that come with it, and others that are wrong.</summary>
public sealed partial class NetLabTests
{
    [LinuxTheory(Needs.Root)]
    [InlineData("bridged.lab", "ann 10.0.0.1", "bob 10.0.0.2", "cid 10.0.0.3")]
    [InlineData("routed.lab", "ann 10.1.0.2", "bob 10.1.0.3", "cid 10.2.0.2")]
    public void Every_host_of_the_lab_answers_every_other_and_nothing_is_left(string lab, params string[] hosts)
    {
        using var nothingLeft = new ResidueCheck();
        string output = Run(lab).EnsureSuccess().Output;
        string[][] rows = Rows(output);
        Assert.Equal(hosts, rows[0][1..]);
        Assert.Equal(hosts.Length, rows.Length - 1);
        Assert.Equal(hosts.Length * (hosts.Length - 1), Milliseconds(output).Length);
    }

    [LinuxFact(Needs.Root)]
    public void Without_its_routes_the_routed_lab_gives_no_answer_across_the_routers()
    {
        string file = Write(File.ReadAllText(At("routed.lab")).Replace("route south", "# route south", StringComparison.Ordinal));
        CommandResult result = Run(file, "--count", "1");
        File.Delete(file);
        Assert.Equal(1, result.ExitCode);

        // ann and bob are in one network; cid's answers do not come back to them, nor theirs to cid.
        Assert.Equal(2, Milliseconds(result.Output).Length);
        Assert.Equal(4, result.Output.Split("no answer").Length - 1);
    }

    [LinuxFact(Needs.Root)]
    public void A_link_that_is_impaired_shows_in_the_times()
    {
        CommandResult result = Run("routed.lab", "--impair", "wan", "delay=30ms");
        Assert.SkipWhen(result.Error.Contains("Specified qdisc kind is unknown", StringComparison.Ordinal), "needs the kernel's netem");
        double[] times = Milliseconds(result.EnsureSuccess().Output);
        Assert.Equal((2, 4), (times.Count(t => t < 30), times.Count(t => t >= 60)));
    }

    [LinuxFact(Needs.Root)]
    public void The_topology_is_drawn_for_mermaid_and_as_svg()
    {
        string mermaid = Path.GetTempFileName(), svg = Path.GetTempFileName();
        Run("routed.lab", "--mermaid", mermaid, "--svg", svg).EnsureSuccess();
        string text = File.ReadAllText(mermaid);
        Assert.StartsWith("flowchart TD\n    n_ann[\"ann\"]\n", text, StringComparison.Ordinal);
        Assert.Contains("    n_north ---|\"wan<br/>north 10.9.0.1/30<br/>south 10.9.0.2/30\"| n_south\n", text, StringComparison.Ordinal);
        XElement drawing = XDocument.Load(svg).Root!;
        Assert.Equal("svg", drawing.Name.LocalName);
        string[] words = [.. drawing.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.All(["ann", "bob", "cid", "office", "north", "south", "wan", "10.9.0.1/30"], w => Assert.Contains(w, words));
        Assert.Equal(5, drawing.Descendants().Count(e => e.Name.LocalName == "path"));
        File.Delete(mermaid);
        File.Delete(svg);
    }

    [LinuxTheory]
    [InlineData("host ann, bob\nhorst cid", 2, "'horst' is none of host, switch, router, link, default and route.")]
    [InlineData("host ann\nhost ann", 2, "there are two nodes 'ann'.")]
    [InlineData("host ann, bob\n\nlink ann 10.0.0.1/24 -- cid", 3, "there is no node 'cid'.")]
    [InlineData("host ann, bob\nlink ann 10.0.0.1 -- bob 10.0.0.2/24", 2, "'10.0.0.1' is no address with a prefix length; it looks like 10.0.0.1/24.")]
    [InlineData("host ann, bob\nlink ann 10.0.0.1/24 -- bob 10.0.1.2/24", 2, "10.0.0.1 and 10.0.1.2 are in different networks.")]
    [InlineData("host ann, bob\nlink ann 10.0.0.1/24 bob 10.0.0.2/24", 2, "a link is: link [NAME:] NODE [ADDRESS] -- NODE [ADDRESS].")]
    [InlineData("host ann, bob # two\nlink ann 10.0.0.1/33 -- bob 10.0.0.2/24", 2, "'10.0.0.1/33' is no address with a prefix length; it looks like 10.0.0.1/24.")]
    [InlineData("switch a, b, c\nlink a -- b\nlink b -- c\nlink c -- a", 4, "'c' and 'a' are connected already, and a loop of switches would never come to rest.")]
    [InlineData("host ann, bob\nlink ann 10.0.0.1/24 -- bob 10.0.0.2/24\ndefault ann 10.9.0.1", 3, "'ann' has no link to the network of 10.9.0.1; links come before routes.")]
    [InlineData("host ann, bob\nlink ann 10.0.0.1/24 -- bob 10.0.0.2/24\nroute ann 10.2.0.0 via 10.0.0.2", 3, "'10.2.0.0' is no network; it looks like 10.2.0.0/24.")]
    [InlineData("host ann, bob\nswitch s\nlink ann -- s", 3, "the host 'ann' needs an address here, such as 10.0.0.1/24.")]
    [InlineData("switch s\nhost ann, bob\nlink ann 10.0.0.1/24 -- s\nlink bob 10.0.0.1/24 -- s", 4, "'ann' has the address 10.0.0.1 already.")]
    [InlineData("host ann, bob", 1, "the host 'ann' has no link with an address.")]
    public void A_description_that_is_wrong_is_told_with_its_line(string text, int line, string message)
    {
        string file = Write(text);
        CommandResult result = Run(file);
        Assert.Equal((1, string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {message}\n")), (result.ExitCode, result.Error));
        File.Delete(file);
    }

    [LinuxTheory(Needs.Root)]
    [InlineData("There is no link 'moon'. There are: ann-office, bob-office, office-north, wan, south-cid.", "--impair", "moon", "delay=1ms")]
    [InlineData("'speed=1' is none of delay=50ms, jitter=5ms, loss=1%, duplicate=1%, corrupt=1% and rate=10mbit.", "--impair", "wan", "speed=1")]
    [InlineData("'50' is no time; it looks like 50ms or 1.5s.", "--impair", "wan", "delay=50")]
    [InlineData("'101%' is no share; it looks like 1%.", "--impair", "wan", "loss=101%")]
    [InlineData("--impair takes a link and what is wrong with it, such as: --impair wan delay=50ms,loss=1%.", "--impair", "wan")]
    public void An_impairment_that_cannot_be_is_told(string message, params string[] arguments)
    {
        CommandResult result = Run(["routed.lab", .. arguments]);
        Assert.Equal((1, $"NetLab: {message}\n"), (result.ExitCode, result.Error));
    }

    private static CommandResult Run(params string[] arguments) => Command.Run(At("NetLab"), arguments[0].EndsWith(".lab", StringComparison.Ordinal) && !File.Exists(arguments[0]) ? [At(arguments[0]), .. arguments[1..]] : arguments);

    private static string At(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static string Write(string text)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        return file;
    }

    private static string[][] Rows(string table)
        => [.. table.Split('\n').Where(l => l.Contains('│', StringComparison.Ordinal)).Select(l => l.Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static double[] Milliseconds(string output) => [.. Times().Matches(output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"([0-9.]+) ms")]
    private static partial Regex Times();
}
