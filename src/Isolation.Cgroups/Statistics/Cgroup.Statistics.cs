namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Opens the files of statistics, to read them again and again without allocation. It keeps the cgroup's directory of this object in use.</summary>
    public CgroupStatistics OpenStatistics() => new(_directory);
}
