using Isolation.Cgroups;

namespace Isolation;

/// <summary>The cgroup that a container is born in: one that exists, or one that is made for each start. Immutable; <c>with</c> makes the next one.</summary>
internal sealed record CgroupSpec
{
    public static CgroupSpec None { get; } = new();

    /// <summary>The directory of one that exists.</summary>
    public string? Existing { get; init; }

    /// <summary>Whether one is made.</summary>
    public bool IsMade { get; init; }

    /// <summary>Its name; null for one that no other has.</summary>
    public string? Name { get; init; }

    /// <summary>The directory that it is made in; null for the topmost cgroup that the manager manages.</summary>
    public string? Parent { get; init; }

    public CgroupLimits Limits { get; init; } = CgroupLimits.None;

    /// <summary>Null: all devices that the user may use.</summary>
    public DeviceRules? Devices { get; init; }

    public bool IsNone => Existing is null && !IsMade;
}
