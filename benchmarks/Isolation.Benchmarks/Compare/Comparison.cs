namespace Isolation.Benchmarks.Compare;

/// <summary>The library beside the same system calls from C and beside the tools of today, in one run.</summary>
internal static class Comparison
{
    public static int Run(ComparisonOptions options)
    {
        using Workspace workspace = new();
        Report report = new(options.Rounds, options.IsNetlink ? " of netlink" : options.IsCgroups ? " of cgroups" : "");
        foreach (Scenario scenario in options.IsNetlink ? new NetlinkScenarios(workspace).All : options.IsCgroups ? new CgroupScenarios(workspace).All : new Scenarios(workspace).All)
        {
            if (Asked(scenario.Title))
                report.Add(scenario, scenario.Run(options.Rounds));
        }

        if (options.IsNetlink && Asked(NetlinkAllocations.Title))
            NetlinkAllocations.Measure(report);
        if (options.IsCgroups && Asked(CgroupUse.Title))
            CgroupUse.Measure(report);
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
