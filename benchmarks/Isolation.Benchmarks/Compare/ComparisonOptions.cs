namespace Isolation.Benchmarks.Compare;

/// <param name="Rounds">How often each contender has its turn.</param>
/// <param name="Only">Runs only the scenarios with this in their title, or "allocations" or "throughput". "netlink" for all of netlink, "netlink: ..." for some, and so with "cgroups" and "files".</param>
/// <param name="Write">A Markdown file whose figures are replaced.</param>
internal sealed record ComparisonOptions(int Rounds = 30, string Only = "", string? Write = null)
{
    /// <summary>Netlink is compared when it is asked for: its figures have a place of their own.</summary>
    public bool IsNetlink => Only.StartsWith("netlink", StringComparison.OrdinalIgnoreCase);

    /// <summary>And so are cgroups.</summary>
    public bool IsCgroups => Only.StartsWith("cgroups", StringComparison.OrdinalIgnoreCase);

    /// <summary>And files.</summary>
    public bool IsFiles => Only.StartsWith("files", StringComparison.OrdinalIgnoreCase);

    /// <summary>The place of the figures; empty for those of starting.</summary>
    public string Section => IsNetlink ? " of netlink" : IsCgroups ? " of cgroups" : IsFiles ? " of files" : "";

    public static ComparisonOptions Parse(ReadOnlySpan<string> words) => words switch
    {
        [] => new(),
        ["--rounds", var rounds, .. var rest] => Parse(rest) with { Rounds = int.Parse(rounds) },
        ["--only", var only, .. var rest] => Parse(rest) with { Only = only },
        ["--write", var file, .. var rest] => Parse(rest) with { Write = file },
        [var unknown, ..] => throw new ArgumentException($"unknown option {unknown}"),
    };
}
