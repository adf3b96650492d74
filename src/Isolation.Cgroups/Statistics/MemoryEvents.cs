using System.Runtime.CompilerServices;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>How often limits of memory were met, in a cgroup and below it (<c>memory.events</c>).</summary>
public readonly struct MemoryEvents
{
    private static readonly KeyTable s_keys = new("low", "high", "max", "oom", "oom_kill", "oom_group_kill", "sock_throttled");

    private readonly Values _values;

    internal MemoryEvents(ReadOnlySpan<byte> text)
    {
        _values = default;
        FlatKeyed.Read(text, s_keys, _values);
    }

    /// <summary>It was reclaimed from although it was below <see cref="MemoryController.Low"/> (low).</summary>
    public long Low => _values[0];

    /// <summary>It was slowed down at <see cref="MemoryController.High"/> (high).</summary>
    public long High => _values[1];

    /// <summary>It was about to go over <see cref="MemoryController.Max"/> (max).</summary>
    public long Max => _values[2];

    /// <summary>An allocation was about to fail at the limit (oom).</summary>
    public long Oom => _values[3];

    /// <summary>Processes that the OOM killer killed (oom_kill).</summary>
    public long OomKills => _values[4];

    /// <summary>How often it killed all of a cgroup (oom_group_kill).</summary>
    public long OomGroupKills => _values[5];

    [InlineArray(7)]
    private struct Values
    {
        private long _first;
    }
}
