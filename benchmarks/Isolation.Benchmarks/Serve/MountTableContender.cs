using System.Diagnostics;
using Isolation.Fs;

namespace Isolation.Benchmarks.Serve;

/// <summary>Reads a file with the lines of a mount table, and looks at each line.</summary>
internal sealed class MountTableContender(string file) : IContender
{
    public string Name => "Isolation";

    public Figures RunOnce()
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int bytes = 0;
        foreach (MountLine line in MountTable.Enumerate(File.ReadAllBytes(file)))
            bytes += line.EscapedMountPoint.Length;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        return new Figures(cpu.TotalMicroseconds, elapsed.TotalMicroseconds, bytes > 0 ? 0 : 1);
    }

    public void Dispose()
    {
    }
}
