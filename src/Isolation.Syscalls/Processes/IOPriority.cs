using System.Globalization;

namespace Isolation.Syscalls;

/// <summary>A priority of requests to disks (ioprio_set(2)). Schedulers such as bfq and mq-deadline know it.</summary>
public readonly record struct IOPriority
{
    private const int ClassShift = 13, LevelMask = 7;

    private IOPriority(IOSchedulingClass schedulingClass, int level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, LevelMask);
        Class = schedulingClass;
        Level = level;
    }

    /// <summary>None of its own: best effort, by the nice value.</summary>
    public static IOPriority None { get; }

    /// <summary>When nobody else has requests.</summary>
    public static IOPriority Idle { get; } = new(IOSchedulingClass.Idle, 0);

    /// <summary>The class.</summary>
    public IOSchedulingClass Class { get; }

    /// <summary>The level in the class: 0, the first, to 7.</summary>
    public int Level { get; }

    /// <summary>Before all others. Needs CAP_SYS_ADMIN or CAP_SYS_NICE.</summary>
    /// <param name="level">0, the first, to 7.</param>
    public static IOPriority RealTime(int level) => new(IOSchedulingClass.RealTime, level);

    /// <summary>The usual class.</summary>
    /// <param name="level">0, the first, to 7; 4 is usual.</param>
    public static IOPriority BestEffort(int level) => new(IOSchedulingClass.BestEffort, level);

    /// <summary>Such as <c>BestEffort 4</c>.</summary>
    public override string ToString() => Class is IOSchedulingClass.RealTime or IOSchedulingClass.BestEffort ? string.Create(CultureInfo.InvariantCulture, $"{Class} {Level}") : Class.ToString();

    internal int ToKernel() => ((int)Class << ClassShift) | Level;

    // Since Linux 6.5 hints lie between the level and the class.
    internal static IOPriority OfKernel(int value) => new((IOSchedulingClass)(value >> ClassShift & 7), value & LevelMask);
}
