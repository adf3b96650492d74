using System.Text.Json.Nodes;
using Isolation.Cgroups;

namespace Isolation.Samples;

/// <summary>Loads as JSON for scripts: a line of one object, with null for what is not counted and for what is not limited.</summary>
internal static class LoadJson
{
    public static JsonObject Of(string top, IEnumerable<CgroupLoad> loads)
        => new() { ["top"] = top, ["cgroups"] = new JsonArray([.. loads.Select(Of)]) };

    private static JsonObject Of(CgroupLoad load) => new()
    {
        ["name"] = load.Name,
        ["cpuPercent"] = Rounded(load.Cpu),
        ["memoryBytes"] = load.Memory,
        ["memoryMax"] = Limit(load.MemoryMax),
        ["readBytesPerSecond"] = Rounded(load.Read),
        ["writtenBytesPerSecond"] = Rounded(load.Written),
        ["pids"] = load.Pids,
        ["pidsMax"] = Limit(load.PidsMax),
        ["cpuPressurePercent"] = Rounded(load.CpuPressure),
        ["memoryPressurePercent"] = Rounded(load.MemoryPressure),
        ["ioPressurePercent"] = Rounded(load.IOPressure),
    };

    private static double? Rounded(double? value) => value is { } some ? Math.Round(some, 2) : null;

    private static long? Limit(CgroupLimit? limit) => limit?.Value;
}
