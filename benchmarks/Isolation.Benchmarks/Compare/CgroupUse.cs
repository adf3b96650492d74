using Isolation.Benchmarks.Serve;
using Isolation.Cgroups;

namespace Isolation.Benchmarks.Compare;

/// <summary>What the works on cgroups leave to the collector, and what watching takes of the kernel.</summary>
internal static class CgroupUse
{
    public const string Title = "Cgroups: allocated, in bytes";

    private const int Count = 1000;

    public static void Measure(Report report)
    {
        using Cgroup cgroup = CgroupWorks.MakeCgroup(CgroupHierarchy.Find().MountPoint);
        try
        {
            using CgroupStatistics statistics = cgroup.OpenStatistics();
            report.Head(Title, "work", "on the calling thread, each");
            report.Row("cpu.stat through a kept descriptor", Each(() => statistics.ReadCpu()));
            if (cgroup.HasFile("cpu.pressure"))
                report.Row("cpu.pressure through a kept descriptor", Each(() => statistics.ReadPressure(PressureResource.Cpu)));
            report.Row("all statistics as a value that is kept", Each(() => statistics.ReadAll()));
            report.Row("a cgroup created, opened and removed", Each(() =>
            {
                using Cgroup child = cgroup.CreateChild("child");
                child.Delete();
            }));
            report.Row("freeze and thaw", Each(() =>
            {
                cgroup.Freeze();
                cgroup.Thaw();
            }));
            Watch(report, cgroup);
        }
        finally
        {
            cgroup.Delete(recursive: true);
        }
    }

    private static void Watch(Report report, Cgroup cgroup)
    {
        Cgroup[] watched = [.. Enumerable.Range(0, Count).Select(i => cgroup.CreateChild($"c{i}"))];
        int threads = Threads();
        using (var watcher = new CgroupWatcher())
        {
            foreach (Cgroup one in watched)
                watcher.Add(one);
            report.Head($"Cgroups: what {Count:N0} watched ones take", "what", "how many");
            report.Row("inotify instances", $"{Directory.EnumerateFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget == "anon_inode:inotify")}");
            report.Row("threads more than before (the event loop's, and the one that makes such threads)", $"{Threads() - threads}");
        }

        foreach (Cgroup one in watched)
            one.Dispose();
    }

    private static int Threads() => Directory.EnumerateDirectories("/proc/self/task").Count();

    private static string Each(Action work)
    {
        // Some hundred calls, until the runtime has compiled for good.
        for (int i = 0; i < Count; i++)
            work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
            work();
        return $"{(GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count:N0}";
    }
}
