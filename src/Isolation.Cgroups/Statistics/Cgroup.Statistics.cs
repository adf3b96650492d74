namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Opens the files of statistics, to read them again and again without allocation. It keeps the cgroup's directory of this object in use.</summary>
    public CgroupStatistics OpenStatistics() => new(_directory);

    /// <summary>Reads all statistics once. To read them again and again, <see cref="OpenStatistics"/> keeps the files open.</summary>
    /// <exception cref="CgroupException">ENODEV: it has been removed.</exception>
    public CgroupSample ReadStatistics()
    {
        using CgroupStatistics statistics = OpenStatistics();
        return statistics.ReadAll();
    }
}
