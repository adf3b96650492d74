using System.Globalization;

namespace Isolation.Syscalls;

/// <summary>A scheduling policy with what belongs to it (sched(7)).</summary>
public sealed record Scheduling
{
    private static readonly TimeSpan s_shortestRun = TimeSpan.FromMicroseconds(2);

    private Scheduling(SchedulingPolicy policy) => Policy = policy;

    /// <summary>The usual one (SCHED_OTHER).</summary>
    public static Scheduling Normal { get; } = new(SchedulingPolicy.Normal);

    /// <summary>For programs that compute and do not wait (SCHED_BATCH).</summary>
    public static Scheduling Batch { get; } = new(SchedulingPolicy.Batch);

    /// <summary>For what may wait until nobody else runs (SCHED_IDLE).</summary>
    public static Scheduling Idle { get; } = new(SchedulingPolicy.Idle);

    /// <summary>The policy.</summary>
    public SchedulingPolicy Policy { get; }

    /// <summary>The real-time priority, 1 to 99; 0 for the others.</summary>
    public int Priority { get; private init; }

    /// <summary>With <see cref="SchedulingPolicy.Deadline"/>: for how long it runs in each period at the most.</summary>
    public TimeSpan RunTime { get; private init; }

    /// <summary>With <see cref="SchedulingPolicy.Deadline"/>: by when in each period it has had its run time.</summary>
    public TimeSpan RelativeDeadline { get; private init; }

    /// <summary>With <see cref="SchedulingPolicy.Deadline"/>: the period.</summary>
    public TimeSpan Period { get; private init; }

    /// <summary>Real time, until it waits (SCHED_FIFO). Needs CAP_SYS_NICE, or a limit <see cref="LimitedResource.RealTimePriority"/> that allows it.</summary>
    /// <param name="priority">1 to 99; higher goes first.</param>
    public static Scheduling Fifo(int priority) => new(SchedulingPolicy.Fifo) { Priority = Checked(priority) };

    /// <summary>Real time, in turn with others of the same priority (SCHED_RR). Needs what <see cref="Fifo"/> needs.</summary>
    /// <param name="priority">1 to 99; higher goes first.</param>
    public static Scheduling RoundRobin(int priority) => new(SchedulingPolicy.RoundRobin) { Priority = Checked(priority) };

    /// <summary>A run time that is guaranteed within each period (SCHED_DEADLINE). Needs CAP_SYS_NICE. Such a process cannot make others (fork(2): EAGAIN).</summary>
    /// <param name="runTime">For how long it runs in each period at the most: 2 µs at least.</param>
    /// <param name="deadline">By when in each period it has had its run time.</param>
    /// <param name="period">The period.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 2 µs &lt;= run time &lt;= deadline &lt;= period.</exception>
    public static Scheduling Deadline(TimeSpan runTime, TimeSpan deadline, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runTime, s_shortestRun);
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, runTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, deadline);
        return new(SchedulingPolicy.Deadline) { RunTime = runTime, RelativeDeadline = deadline, Period = period };
    }

    /// <summary>Such as <c>Fifo 50</c>.</summary>
    public override string ToString() => Policy switch
    {
        SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin => string.Create(CultureInfo.InvariantCulture, $"{Policy} {Priority}"),
        SchedulingPolicy.Deadline => string.Create(CultureInfo.InvariantCulture, $"{Policy} {RunTime.TotalMicroseconds}/{RelativeDeadline.TotalMicroseconds}/{Period.TotalMicroseconds} µs"),
        _ => Policy.ToString(),
    };

    /// <summary>Whether it goes before what runs by nice values.</summary>
    internal bool IsRealTime => Policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin or SchedulingPolicy.Deadline;

    internal static Scheduling Of(in SchedulingAttributes attributes) => new((SchedulingPolicy)attributes.Policy)
    {
        Priority = (int)attributes.Priority,
        RunTime = attributes.Policy == (uint)SchedulingPolicy.Deadline ? FromNanoseconds(attributes.RunTime) : TimeSpan.Zero,
        RelativeDeadline = FromNanoseconds(attributes.Deadline),
        Period = FromNanoseconds(attributes.Period),
    };

    private static TimeSpan FromNanoseconds(ulong time) => TimeSpan.FromTicks((long)(time / TimeSpan.NanosecondsPerTick));

    private static int Checked(int priority)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(priority, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, 99);
        return priority;
    }
}
