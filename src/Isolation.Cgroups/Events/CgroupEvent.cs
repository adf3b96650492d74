namespace Isolation.Cgroups;

/// <summary>Something happened to a cgroup.</summary>
/// <param name="Cgroup">Its directory, as it was when the watching began.</param>
/// <param name="Kind">What.</param>
/// <param name="Count">How often since it was last told; 1 for what is no count.</param>
public readonly record struct CgroupEvent(string Cgroup, CgroupEventKind Kind, long Count);
