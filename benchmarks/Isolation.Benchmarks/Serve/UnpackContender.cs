using System.Diagnostics;
using Isolation.Fs;
using Isolation.Fs.Layers;

namespace Isolation.Benchmarks.Serve;

/// <summary>Unpacks a layer to a folder, which is deleted again when the figures are taken.</summary>
internal sealed class UnpackContender(string archive, string target) : IContender
{
    public string Name => "Isolation";

    public Figures RunOnce()
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Layer.Unpack(target, [() => File.OpenRead(archive)]);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Delete();
        return new Figures(cpu.TotalMicroseconds, elapsed.TotalMicroseconds, 0);
    }

    public void Dispose() => Delete();

    private void Delete()
    {
        using RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(target)!);
        parent.DeleteTree(Path.GetFileName(target));
    }
}
