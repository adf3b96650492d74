using System.Collections.Frozen;

namespace Isolation.Cgroups.Files;

/// <summary>Since which Linux a file is there, for errors that name what is missing.</summary>
internal static class KernelVersions
{
    private static readonly FrozenDictionary<string, string> s_since = new Dictionary<string, string>
    {
        ["cgroup.kill"] = "5.14",
        ["cgroup.pressure"] = "6.1",
        ["cgroup.stat.local"] = "6.18",
        ["cpu.idle"] = "5.15",
        ["cpu.max.burst"] = "5.14",
        ["cpu.stat.local"] = "6.8",
        ["cpu.uclamp.min"] = "5.4",
        ["cpu.uclamp.max"] = "5.4",
        ["cpuset.cpus.exclusive"] = "6.7",
        ["cpuset.cpus.exclusive.effective"] = "6.7",
        ["io.cost.model"] = "5.4",
        ["io.cost.qos"] = "5.4",
        ["io.prio.class"] = "5.14",
        ["irq.pressure"] = "6.1",
        ["memory.peak"] = "5.19",
        ["memory.reclaim"] = "5.19",
        ["memory.swap.high"] = "5.8",
        ["memory.swap.peak"] = "6.5",
        ["memory.zswap.current"] = "5.19",
        ["memory.zswap.max"] = "5.19",
        ["memory.zswap.writeback"] = "6.8",
        ["misc.capacity"] = "5.13",
        ["misc.current"] = "5.13",
        ["misc.events"] = "5.17",
        ["misc.max"] = "5.13",
        ["misc.peak"] = "6.11",
        ["pids.events.local"] = "6.11",
        ["pids.peak"] = "6.1",
        ["dmem.capacity"] = "6.14",
        ["dmem.current"] = "6.14",
        ["dmem.max"] = "6.14",
        ["dmem.min"] = "6.14",
        ["dmem.low"] = "6.14",
    }.ToFrozenDictionary();

    /// <summary>Why a file may not be there.</summary>
    public static string WhyMissing(string file)
    {
        string controller = file[..Math.Max(0, file.IndexOf('.', StringComparison.Ordinal))];
        string since = s_since.TryGetValue(file, out string? version) ? $" It is there since Linux {version}." : "";
        return controller is "cgroup" or ""
            ? $"The kernel has no {file} here.{since} The root cgroup lacks most files"
            : $"Either the controller {controller} is not enabled for this cgroup (see EnableControllers of its parent), or this kernel was built without it.{since} The root cgroup lacks most files".TrimEnd();
    }
}
