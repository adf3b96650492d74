namespace Isolation.Syscalls;

/// <summary>struct sched_attr, its first published size (sched_setattr(2)).</summary>
internal struct SchedulingAttributes
{
    public const int FirstSize = 48;

    public uint Size;
    public uint Policy;
    public ulong Flags;
    public int Nice;
    public uint Priority;
    public ulong RunTime;
    public ulong Deadline;
    public ulong Period;

    /// <param name="scheduling">What is to be.</param>
    /// <param name="nice">The nice value, which the kernel sets along with some policies.</param>
    public static SchedulingAttributes Of(Scheduling scheduling, int nice) => new()
    {
        Size = FirstSize,
        Policy = (uint)scheduling.Policy,
        Nice = nice,
        Priority = (uint)scheduling.Priority,
        RunTime = Nanoseconds(scheduling.RunTime),
        Deadline = Nanoseconds(scheduling.RelativeDeadline),
        Period = Nanoseconds(scheduling.Period),
    };

    private static ulong Nanoseconds(TimeSpan time) => (ulong)time.Ticks * (ulong)TimeSpan.NanosecondsPerTick;
}
