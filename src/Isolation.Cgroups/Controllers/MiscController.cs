using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Resources that are just counted, such as <c>sev</c> (cgroup-v2.rst, "Misc").</summary>
public sealed class MiscController
{
    private readonly CgroupDirectory _directory;

    internal MiscController(CgroupDirectory directory) => _directory = directory;

    /// <summary>What the machine has; in the root cgroup only (<c>misc.capacity</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Capacity => _directory.Parse("misc.capacity", NamedResources.Flat);

    /// <summary>What is used (<c>misc.current</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Current => _directory.Parse("misc.current", NamedResources.Flat);

    /// <summary>The limits (<c>misc.max</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Max => _directory.Parse("misc.max", NamedResources.Flat);

    /// <summary>What was used at the most (<c>misc.peak</c>, Linux 6.11).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Peak => _directory.Parse("misc.peak", NamedResources.Flat);

    /// <summary>How often the limit of each resource stopped something (<c>misc.events</c>, Linux 5.17).</summary>
    public IReadOnlyDictionary<string, long> MaxEvents
        => _directory.Parse("misc.events", static t => NamedResources.Flat(t).Where(static r => r.Key.EndsWith(".max", StringComparison.Ordinal)).ToDictionary(static r => r.Key[..^".max".Length], static r => r.Value.Value ?? long.MaxValue));

    /// <summary>Limits a resource.</summary>
    /// <exception cref="CgroupException">EINVAL: there is no such resource.</exception>
    public void SetMax(string resource, CgroupLimit limit) => _directory.Write("misc.max", $"{NamedResources.Check(resource)} {limit}");
}
