using System.Runtime.InteropServices;
using System.Text;

namespace Isolation.Benchmarks.Compare;

/// <summary>The figures as Markdown, for people and for docs/benchmarks.md.</summary>
internal sealed class Report
{
    private readonly string _opening, _closing;
    private readonly StringBuilder _text = new();

    /// <param name="rounds">How often each contender had its turn.</param>
    /// <param name="section">Which of the page's figures these are; empty for those of starting.</param>
    public Report(int rounds, string section)
    {
        _opening = $"<!-- figures{section}: written by `compare --write` -->";
        _closing = $"<!-- /figures{section} -->";
        string kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Line($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors (load {load} before the run), Linux {kernel}, "
            + $".NET {Environment.Version}; {rounds} rounds. "
            + (section.Length > 0 ? "Microseconds until the work is done. " : "Microseconds from before the start until the program is reaped (exec: until it is executed). ")
            + "Ratio: the median of the rounds' ratios to the first line.");
    }

    public void Add(Scenario scenario, IReadOnlyList<Result> results, IReadOnlyList<string> leftOut)
    {
        if (scenario.TellsCpuTime)
            AddWithCpuTime(scenario.Title, results);
        else
            Add(scenario.Title, results);
        if (leftOut.Count == 0)
            return;
        Line("");
        Line($"Left out: {string.Join(", ", leftOut)}.");
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
        string figures = $"{_opening}\n\n{_text}\n{_closing}";
        string page = File.Exists(file) ? File.ReadAllText(file) : "# Benchmarks\n";
        int start = page.IndexOf(_opening, StringComparison.Ordinal);
        int end = page.IndexOf(_closing, StringComparison.Ordinal);
        File.WriteAllText(file, start >= 0 && end > start
            ? page[..start] + figures + page[(end + _closing.Length)..]
            : $"{page.TrimEnd()}\n\n{figures}\n");
    }

    private void Line(string line)
    {
        Console.WriteLine(line);
        _text.Append(line).Append('\n');
    }
}
