namespace Isolation.Cgroups;

/// <summary>What a cgroup can hold (<c>cgroup.type</c>, cgroups(7), "thread mode").</summary>
public enum CgroupType
{
    /// <summary>Processes: the usual one.</summary>
    Domain,

    /// <summary>A domain whose threads may be spread over the threaded cgroups below (<c>domain threaded</c>).</summary>
    ThreadedDomain,

    /// <summary>It would be a domain, but is below a threaded one: it holds nothing until it is made threaded (<c>domain invalid</c>).</summary>
    InvalidDomain,

    /// <summary>Threads of the processes of the threaded domain above it.</summary>
    Threaded,
}
