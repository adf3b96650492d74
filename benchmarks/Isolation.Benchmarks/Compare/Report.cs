using System.Runtime.InteropServices;
using System.Text;

namespace Isolation.Benchmarks.Compare;

/// <summary>The figures as Markdown, for people and for docs/benchmarks.md.</summary>
internal sealed class Report
{
    private const string Opening = "<!-- figures: written by `compare --write` -->";
    private const string Closing = "<!-- /figures -->";

    private readonly StringBuilder _text = new();

    public Report(int rounds)
    {
        string kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        Line($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors, Linux {kernel}, "
            + $".NET {Environment.Version}; {rounds} rounds. Microseconds from before the start until the program is reaped "
            + "(exec: until it is executed), of netlink until the work is done. Ratio: the median of the rounds' ratios to the first line.");
    }

    public void Add(Scenario scenario, IReadOnlyList<Result> results)
    {
        if (scenario.TellsCpuTime)
            AddWithCpuTime(scenario.Title, results);
        else
            Add(scenario.Title, results);
    }

    private void Add(string title, IReadOnlyList<Result> results)
    {
        Head(title, "contender", "median", "p10", "p90", "exec", "ratio");
        foreach (Result result in results)
            Row(result.Name, $"{result.Median:F0}", $"{result.P10:F0}", $"{result.P90:F0}", $"{result.ExecMedian:F0}", $"{result.RatioTo(results[0]):F2}");
    }

    private void AddWithCpuTime(string title, IReadOnlyList<Result> results)
    {
        Head(title, "contender", "median", "p10", "p90", "ratio", "CPU time", "ratio");
        foreach (Result result in results)
            Row(result.Name, $"{result.Median:F0}", $"{result.P10:F0}", $"{result.P90:F0}", $"{result.RatioTo(results[0]):F2}", $"{result.ExecMedian:F0}", $"{result.ExecRatioTo(results[0]):F2}");
    }

    public void Head(string title, params ReadOnlySpan<string> columns)
    {
        Line("");
        Line($"### {title}");
        Line("");
        Row(columns);
        Line($"|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length - 1))}");
    }

    public void Row(params ReadOnlySpan<string> cells) => Line($"| {string.Join(" | ", cells)} |");

    /// <summary>Puts the figures between the marks in the file, or at its end when it has none yet.</summary>
    public void Write(string file)
    {
        string figures = $"{Opening}\n\n{_text}\n{Closing}";
        string page = File.Exists(file) ? File.ReadAllText(file) : "# Benchmarks\n";
        int start = page.IndexOf(Opening, StringComparison.Ordinal);
        int end = page.IndexOf(Closing, StringComparison.Ordinal);
        File.WriteAllText(file, start >= 0 && end > start
            ? page[..start] + figures + page[(end + Closing.Length)..]
            : $"{page.TrimEnd()}\n\n{figures}\n");
    }

    private void Line(string line)
    {
        Console.WriteLine(line);
        _text.Append(line).Append('\n');
    }
}
