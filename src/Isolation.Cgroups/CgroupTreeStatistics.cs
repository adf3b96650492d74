namespace Isolation.Cgroups;

/// <summary>How many cgroups are below one (<c>cgroup.stat</c>).</summary>
/// <param name="Descendants">Cgroups below it, at any depth.</param>
/// <param name="DyingDescendants">Removed ones below it that the kernel keeps while something of theirs, such as page cache, is in use.</param>
public readonly record struct CgroupTreeStatistics(long Descendants, long DyingDescendants);
