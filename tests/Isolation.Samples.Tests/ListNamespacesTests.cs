using System.Text.Json.Nodes;
using Isolation.Namespaces.Tests;

namespace Isolation.Samples.Tests;

/// <summary>samples/ListNamespaces beside lsns(8).</summary>
public sealed class ListNamespacesTests
{
    [LinuxFact(Needs.Root)]
    public void Its_json_is_that_of_lsns()
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("--net", "--ipc");
        foreach (string type in (string[])["net", "ipc", "user"])
        {
            // Each is in the list itself; only the first process of a namespace is shown, and how many there are.
            string ours = Namespaces(Run("--json", "--type", type)), theirs = Namespaces(Command.Run("lsns", "--json", "--type", type, "--output", "NS,TYPE,NPROCS,PID,UID,COMMAND"));
            for (int attempt = 0; attempt < 20 && ours != theirs; attempt++)
                (ours, theirs) = (Namespaces(Run("--json", "--type", type)), Namespaces(Command.Run("lsns", "--json", "--type", type, "--output", "NS,TYPE,NPROCS,PID,UID,COMMAND")));
            Assert.Equal(theirs, ours);
            Assert.Equal(type != "user", ours.Contains($" {bystander.Id} 0 sleep 1000", StringComparison.Ordinal));
        }
    }

    [LinuxFact(Needs.Root)]
    public void Its_table_has_the_columns_of_lsns()
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("--uts");
        string[] lines = Run("-t", "uts").EnsureSuccess().Output.Split('\n');
        Assert.Equal(["NS", "TYPE", "NPROCS", "PID", "UID", "COMMAND", "or", "mount"], Words(lines[0]));
        string line = Assert.Single(lines, l => l.Contains("sleep 1000", StringComparison.Ordinal));
        Assert.Equal(["uts", "1", $"{bystander.Id}", "0", "sleep", "1000"], Words(line)[1..]);
        Assert.Equal($"uts:[{Words(line)[0]}]", new FileInfo($"/proc/{bystander.Id}/ns/uts").LinkTarget);
    }

    [LinuxFact(Needs.Root)]
    public void Its_tree_has_pid_namespaces_below_their_parents()
    {
        using var nothingLeft = new ResidueCheck();
        using var nested = new Bystander("--pid", "--fork", "unshare", "--pid", "--fork");
        string[] lines = Run("--tree").EnsureSuccess().Output.Split('\n');
        string[] chain = [.. nested.Path.Select(id => new FileInfo($"/proc/{id}/ns/pid").LinkTarget!)];
        int[] depths = [.. chain.Select(name => Assert.Single(lines, l => l.Contains(name, StringComparison.Ordinal)).IndexOf(name, StringComparison.Ordinal))];
        Assert.Equal(3, depths.Distinct().Count());
        Assert.Equal(depths.Order(), depths);
        Assert.Single(lines, l => l.Contains($"{chain[^1]} 1 processes: sleep 1000", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void A_type_that_does_not_exist_is_refused()
    {
        CommandResult result = Run("--type", "disk");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("disk", result.Error, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_sees_its_own() => FreshProcess.RunAsUser(ListAsUser).EnsureSuccess();

    private static void ListAsUser()
    {
        string[] lines = Run().EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines[1..].Select(l => Words(l)[1]).Distinct().Count());
        Assert.All(lines[1..], l => Assert.Equal($"{FreshProcess.UserId}", Words(l)[4]));
    }

    private static CommandResult Run(params string[] arguments) => Command.Run(Path.Combine(AppContext.BaseDirectory, "ListNamespaces"), arguments);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // The same order of properties, and the namespaces by their number. In the machine's own, processes come and go.
    private static string Namespaces(CommandResult result)
        => string.Join('\n', JsonNode.Parse(result.EnsureSuccess().Output)!["namespaces"]!.AsArray()
            .Select(n => string.Join(' ', ((string[])["ns", "type", "nprocs", "pid", "uid", "command"]).Select(p => p == "nprocs" && (int)n![p]! > 10 ? "many" : $"{n![p]}".Trim('[', ']'))))
            .Order(StringComparer.Ordinal));
}
