using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>Nice values (sched(7)): -20 gets the most of the processors, 19 the least.</summary>
internal static class NiceValue
{
    private const int Lowest = -20, Highest = 19;

    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static int Check(int nice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nice, Lowest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, Highest);
        return nice;
    }

    /// <summary>That of a thread; 0 for the calling one.</summary>
    // The system call returns 20 - nice, since negative results are errors.
    public static int Get(int thread) => 20 - (int)Sys.Check("read the nice value of", $"thread {thread}", SyscallNumber.Getpriority, 0, thread);
}
