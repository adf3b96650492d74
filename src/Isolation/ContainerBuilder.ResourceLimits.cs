using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// A limit of the program and, for each anew, of those that it starts (setrlimit(2)). Default: the caller's, but 1024 open files,
    /// softly. For the container as a whole there are those of <see cref="WithCgroup(Func{Cgroups.CgroupLimits, Cgroups.CgroupLimits})"/>.
    /// </summary>
    /// <param name="resource">What is limited; the unit is that of the resource.</param>
    /// <param name="limit">The limit. A hard one above the caller's needs CAP_SYS_RESOURCE, which a container with <see cref="WithUserNs()"/> has not.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such resource.</exception>
    public ContainerBuilder WithResourceLimit(LimitedResource resource, ResourceLimit limit)
        => New(_spec with { Process = _spec.Process with { Limits = _spec.Process.Limits.SetItem(LimitedResources.Check(resource), limit) } });

    /// <summary>A limit of the program, soft and hard: see <see cref="WithResourceLimit(LimitedResource, ResourceLimit)"/>.</summary>
    /// <param name="resource">What is limited; the unit is that of the resource.</param>
    /// <param name="limit">The limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such resource, or the limit is negative.</exception>
    public ContainerBuilder WithResourceLimit(LimitedResource resource, long limit) => WithResourceLimit(resource, ResourceLimit.Of(limit));
}
