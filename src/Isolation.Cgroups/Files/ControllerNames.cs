namespace Isolation.Cgroups.Files;

/// <summary>The kernel's names of controllers.</summary>
internal static class ControllerNames
{
    private static readonly (CgroupControllers Controller, string Name)[] s_names =
    [
        (CgroupControllers.Cpu, "cpu"),
        (CgroupControllers.Cpuset, "cpuset"),
        (CgroupControllers.Memory, "memory"),
        (CgroupControllers.IO, "io"),
        (CgroupControllers.Pids, "pids"),
        (CgroupControllers.HugeTlb, "hugetlb"),
        (CgroupControllers.Rdma, "rdma"),
        (CgroupControllers.Misc, "misc"),
        (CgroupControllers.Dmem, "dmem"),
        (CgroupControllers.PerfEvent, "perf_event"),
    ];

    /// <summary>All that have a name here.</summary>
    public static CgroupControllers All { get; } = s_names.Aggregate(CgroupControllers.None, static (all, n) => all | n.Controller);

    /// <summary>Reads a list such as <c>cpu memory pids</c>. What has no name here is left out.</summary>
    public static CgroupControllers Parse(string text)
    {
        var set = CgroupControllers.None;
        foreach (Range part in text.AsSpan().Split(' '))
        {
            foreach ((CgroupControllers controller, string name) in s_names)
            {
                if (text.AsSpan()[part].Trim().SequenceEqual(name))
                    set |= controller;
            }
        }

        return set;
    }

    /// <summary>The names in a set.</summary>
    public static IEnumerable<string> Of(CgroupControllers set) => s_names.Where(n => set.HasFlag(n.Controller)).Select(n => n.Name);
}
