namespace Isolation.Benchmarks.Compare;

/// <summary>The library beside the same system calls from C and beside the tools of today, in one run.</summary>
internal static class Comparison
{
    public static int Run(ComparisonOptions options)
    {
        using Workspace workspace = new();
        Report report = new(options.Rounds, options.Section);
        IEnumerable<Scenario> scenarios = options switch
        {
            { IsNetlink: true } => new NetlinkScenarios(workspace).All,
            { IsCgroups: true } => new CgroupScenarios(workspace).All,
            { IsFiles: true } => new FileScenarios(workspace).All,
            _ => new Scenarios(workspace).All,
        };
        foreach (Scenario scenario in scenarios)
        {
            if (Asked(scenario.Title))
                report.Add(scenario, scenario.Run(options.Rounds, out IReadOnlyList<string> leftOut), leftOut);
        }

        if (options.IsNetlink && Asked(NetlinkAllocations.Title))
            NetlinkAllocations.Measure(report);
        if (options.IsCgroups && Asked(CgroupUse.Title))
            CgroupUse.Measure(report);
        if (options.IsFiles && Asked(FileAllocations.Title))
            FileAllocations.Measure(report);
        if (Asked("allocations"))
            Allocations.Measure(workspace, report);
        if (Asked("throughput"))
        {
            Throughput throughput = new(workspace);
            throughput.MeasureTurnover(report);
            throughput.MeasurePopulation(report);
        }

        if (options.Write is { } file)
            report.Write(file);
        return 0;

        bool Asked(string title) => title.Contains(options.Only, StringComparison.OrdinalIgnoreCase);
    }
}
