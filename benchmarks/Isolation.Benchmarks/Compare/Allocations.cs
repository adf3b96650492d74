using Isolation.Benchmarks.Serve;

namespace Isolation.Benchmarks.Compare;

/// <summary>What a start leaves to the collector.</summary>
internal static class Allocations
{
    private const int Starts = 1000;

    public static void Measure(Workspace workspace, Report report)
    {
        report.Head("Allocated by a start, in bytes", "contender", "on the calling thread", "on all threads");
        using IContender processStart = new ProcessStartContender(workspace.Built("true"));
        using IContender spawn = IsolationContender.Spawn(workspace.Built("true"));
        using IContender container = IsolationContender.Container(workspace.RootFs);
        Measure(report, "Process.Start", processStart);
        Measure(report, "Isolation, no isolation asked for", spawn);
        Measure(report, "Isolation, a container", container);
    }

    private static void Measure(Report report, string name, IContender contender)
    {
        for (int i = 0; i < Starts; i++)
            contender.RunOnce();
        long thread = GC.GetAllocatedBytesForCurrentThread(), all = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Starts; i++)
            contender.RunOnce();
        thread = GC.GetAllocatedBytesForCurrentThread() - thread;
        all = GC.GetTotalAllocatedBytes(precise: true) - all;
        report.Row(name, $"{thread / Starts:N0}", $"{all / Starts:N0}");
    }
}
