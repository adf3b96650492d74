using System.Diagnostics;

namespace Isolation.Benchmarks.Serve;

/// <summary>The library at a work of reference/netlink.c, cgroup.c or files.c, and what that counts.</summary>
/// <param name="work">What is measured; returns how much it did.</param>
/// <param name="expected">How much it has to do.</param>
/// <param name="owned">What goes with it.</param>
internal sealed class WorkContender(Func<int> work, int expected, params IDisposable[] owned) : IContender
{
    public string Name => "Isolation";

    /// <summary>What comes before and is not measured.</summary>
    public Action? Before { get; init; }

    /// <summary>What comes after and is not measured.</summary>
    public Action? After { get; init; }

    public Figures RunOnce()
    {
        Before?.Invoke();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int done = work();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        After?.Invoke();
        if (done != expected)
            throw new InvalidOperationException($"{done} where {expected} were expected.");
        return new Figures(cpu.TotalMicroseconds, elapsed.TotalMicroseconds, 0);
    }

    public void Dispose()
    {
        foreach (IDisposable one in owned)
            one.Dispose();
    }
}
