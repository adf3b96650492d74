using System.Diagnostics;

namespace Isolation.Benchmarks.Serve;

/// <summary>What .NET has without the library.</summary>
internal sealed class ProcessStartContender(string program) : IContender
{
    private readonly ProcessStartInfo _start = new(program);

    public string Name => "Process.Start";

    public Figures RunOnce()
    {
        long before = Stopwatch.GetTimestamp();
        using Process process = Process.Start(_start)!;
        TimeSpan exec = Stopwatch.GetElapsedTime(before);
        process.WaitForExit();
        return new Figures(exec.TotalMicroseconds, Stopwatch.GetElapsedTime(before).TotalMicroseconds, process.ExitCode);
    }

    public void Dispose()
    {
    }
}
