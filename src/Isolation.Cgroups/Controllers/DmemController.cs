using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Memory of devices such as graphics cards, in bytes by region (cgroup-v2.rst, "DMEM", Linux 6.14).</summary>
public sealed class DmemController
{
    private readonly CgroupDirectory _directory;

    internal DmemController(CgroupDirectory directory) => _directory = directory;

    /// <summary>What the machine has; in the root cgroup only (<c>dmem.capacity</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Capacity => _directory.Parse("dmem.capacity", NamedResources.Flat);

    /// <summary>What is used (<c>dmem.current</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Current => _directory.Parse("dmem.current", NamedResources.Flat);

    /// <summary>The limits (<c>dmem.max</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Max => _directory.Parse("dmem.max", NamedResources.Flat);

    /// <summary>What is not taken away in any case (<c>dmem.min</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Min => _directory.Parse("dmem.min", NamedResources.Flat);

    /// <summary>What is not taken away while others have some unprotected (<c>dmem.low</c>).</summary>
    public IReadOnlyDictionary<string, CgroupLimit> Low => _directory.Parse("dmem.low", NamedResources.Flat);

    /// <summary>Limits a region.</summary>
    public void SetMax(string region, CgroupLimit limit) => Set("dmem.max", region, limit);

    /// <summary>Protects memory of a region.</summary>
    public void SetMin(string region, CgroupLimit limit) => Set("dmem.min", region, limit);

    /// <summary>Protects memory of a region as far as possible.</summary>
    public void SetLow(string region, CgroupLimit limit) => Set("dmem.low", region, limit);

    private void Set(string file, string region, CgroupLimit limit) => _directory.Write(file, $"{NamedResources.Check(region)} {limit}");
}
