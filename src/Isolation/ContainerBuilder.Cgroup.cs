using Isolation.Cgroups;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Starts the program in a cgroup v2 of its own, without limits: see <see cref="WithCgroup(string, Func{CgroupLimits, CgroupLimits})"/>.
    /// Each start makes one with a name of its own.
    /// </summary>
    public ContainerBuilder WithCgroup() => WithCgroup(static limits => limits);

    /// <summary>
    /// Starts the program in a cgroup v2 of its own, with limits: see <see cref="WithCgroup(string, Func{CgroupLimits, CgroupLimits})"/>.
    /// Each start makes one with a name of its own.
    /// </summary>
    /// <param name="limits">The limits: <c>cg => cg.WithMemoryMax(256 &lt;&lt; 20).WithPidsMax(100)</c>. They add to those that were given before.</param>
    public ContainerBuilder WithCgroup(Func<CgroupLimits, CgroupLimits> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        CgroupLimits all = limits(_spec.Cgroup.Limits) ?? throw new ArgumentException("The function returned null.", nameof(limits));
        return With(_spec.Cgroup with { IsMade = true, Limits = all });
    }

    /// <summary>Starts the program in a cgroup v2 of its own: see <see cref="WithCgroup(string, Func{CgroupLimits, CgroupLimits})"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public ContainerBuilder WithCgroup(string name) => WithCgroup(name, static limits => limits);

    /// <summary>
    /// Starts the program in a cgroup v2 of its own (cgroups(7)), which is made before and has the limits before the program is
    /// born in it (clone3(2), CLONE_INTO_CGROUP): it is never outside, not even for a moment. When the program has ended, all
    /// that is left in the cgroup is killed and the cgroup removed. <see cref="Container.Cgroup"/> tells of it meanwhile.
    /// </summary>
    /// <param name="name">Its name, which nothing else there may have, so such a container runs once at a time.</param>
    /// <param name="limits">The limits: <c>cg => cg.WithMemoryMax(256 &lt;&lt; 20).WithCpuMax(0.5)</c>. They add to those that were given before.</param>
    /// <remarks>
    /// It is made in the topmost cgroup that the caller manages: root's is the mount point, an ordinary user's the subtree that
    /// was delegated to it; <see cref="WithCgroupParent"/> names another. Controllers that the limits need are switched on down
    /// the path, and stay on. A controller that this machine lacks, or has in version 1 only, is an error before anything starts.
    /// </remarks>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public ContainerBuilder WithCgroup(string name, Func<CgroupLimits, CgroupLimits> limits)
    {
        CgroupName.Check(name);
        ContainerBuilder limited = WithCgroup(limits);
        return limited.With(limited._spec.Cgroup with { Name = name });
    }

    /// <summary>Makes the container's cgroup below this one, instead of in the topmost one that the caller manages. Implies <see cref="WithCgroup()"/>.</summary>
    /// <param name="path">The directory of a cgroup, such as <c>/sys/fs/cgroup/jobs</c>. It must have no processes itself if there are limits (cgroups(7), "no internal processes").</param>
    public ContainerBuilder WithCgroupParent(string path)
        => With(_spec.Cgroup with { IsMade = true, Parent = Path.TrimEndingDirectorySeparator(Absolute(path, "The cgroup directory", nameof(path))) });

    /// <summary>
    /// Says which devices the container may use, by a program in the kernel that is attached to its cgroup (cgroup-v2.rst, "Device
    /// controller"): <see cref="DeviceRules.ContainerDefault"/>, or others. It holds for the set-up too. Implies <see cref="WithCgroup()"/>.
    /// </summary>
    /// <remarks>This needs CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN.</remarks>
    public ContainerBuilder WithCgroupDevices(DeviceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return With(_spec.Cgroup with { IsMade = true, Devices = rules });
    }

    /// <summary>
    /// Starts the program inside an existing cgroup v2 directory, which must hold no process (clone3(2), CLONE_INTO_CGROUP):
    /// it is never outside, not even for a moment. Kill then kills all of the cgroup, which stays when the container has ended.
    /// </summary>
    /// <param name="path">The directory, such as <c>/sys/fs/cgroup/web</c>.</param>
    public ContainerBuilder WithCgroupDirectory(string path)
        => With(_spec.Cgroup with { Existing = Path.TrimEndingDirectorySeparator(Absolute(path, "The cgroup directory", nameof(path))) });

    // What is given here goes before the cgroup of a container that is joined.
    private ContainerBuilder With(CgroupSpec cgroup) => New(_spec with { Cgroup = cgroup, Join = _spec.Join with { Cgroup = null } });
}
