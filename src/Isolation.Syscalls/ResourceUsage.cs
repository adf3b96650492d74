namespace Isolation.Syscalls;

/// <summary>What a process and its waited-for children used (getrusage(2)).</summary>
/// <param name="UserTime">Time on the CPU in user mode.</param>
/// <param name="SystemTime">Time on the CPU in the kernel.</param>
/// <param name="MaxResidentBytes">The largest resident set of a single process, in bytes.</param>
/// <param name="MajorFaults">Page faults that needed I/O.</param>
/// <param name="VoluntarySwitches">Context switches because the process waited.</param>
/// <param name="InvoluntarySwitches">Context switches because its time was up.</param>
public sealed record ResourceUsage(
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long MaxResidentBytes,
    long MajorFaults,
    long VoluntarySwitches,
    long InvoluntarySwitches)
{
    /// <summary>Reads struct rusage: two timevals, then fourteen longs.</summary>
    internal static ResourceUsage Read(ReadOnlySpan<long> rusage) => new(
        Time(rusage[0], rusage[1]),
        Time(rusage[2], rusage[3]),
        rusage[4] * 1024,
        rusage[9],
        rusage[16],
        rusage[17]);

    private static TimeSpan Time(long seconds, long microseconds) => TimeSpan.FromTicks((seconds * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond));
}
