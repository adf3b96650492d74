namespace Isolation.Cgroups;

/// <summary>Whether a cgroup's processors are its own (<c>cpuset.cpus.partition</c>).</summary>
public enum CpusetPartition
{
    /// <summary>It shares the processors of the one above (<c>member</c>).</summary>
    Member,

    /// <summary>Its processors are taken from the one above (<c>root</c>).</summary>
    Root,

    /// <summary>Its processors are taken from the one above, and nothing is balanced between them (<c>isolated</c>).</summary>
    Isolated,
}
