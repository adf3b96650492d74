namespace Isolation.Cgroups;

/// <summary>What happened to a cgroup.</summary>
public enum CgroupEventKind
{
    /// <summary>It, or one below it, has processes now (<c>cgroup.events</c>, populated).</summary>
    Populated,

    /// <summary>Neither it nor those below it have processes any more.</summary>
    Emptied,

    /// <summary>All of its processes stand still (<c>cgroup.events</c>, frozen).</summary>
    Frozen,

    /// <summary>They go on.</summary>
    Thawed,

    /// <summary>It was slowed down at <see cref="MemoryController.High"/> (<c>memory.events</c>, high).</summary>
    MemoryHigh,

    /// <summary>It was about to go over <see cref="MemoryController.Max"/> (<c>memory.events</c>, max).</summary>
    MemoryMax,

    /// <summary>An allocation was about to fail at the limit (<c>memory.events</c>, oom).</summary>
    Oom,

    /// <summary>The OOM killer killed processes (<c>memory.events</c>, oom_kill).</summary>
    OomKill,

    /// <summary><see cref="PidsController.Max"/>, or that of one above, stopped processes from being made (<c>pids.events</c>, max).</summary>
    PidsMax,

    /// <summary>It has been removed. No more comes of it.</summary>
    Removed,
}
