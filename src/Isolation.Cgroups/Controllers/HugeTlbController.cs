using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Huge pages of each size, in bytes (cgroup-v2.rst, "HugeTLB"). Sizes are spelled as the kernel does: <c>2MB</c>, <c>1GB</c>.</summary>
public sealed class HugeTlbController
{
    private readonly CgroupDirectory _directory;

    internal HugeTlbController(CgroupDirectory directory) => _directory = directory;

    /// <summary>The sizes of huge pages that this machine has, smallest first.</summary>
    public static IReadOnlyList<string> PageSizes
        => Directory.Exists("/sys/kernel/mm/hugepages")
            ? [.. Directory.EnumerateDirectories("/sys/kernel/mm/hugepages", "hugepages-*kB").Select(static d => long.Parse(Path.GetFileName(d).AsSpan("hugepages-".Length, Path.GetFileName(d).Length - "hugepages-kB".Length), System.Globalization.CultureInfo.InvariantCulture)).Order().Select(Spelled)]
            : [];

    /// <summary>The limit (<c>hugetlb.SIZE.max</c>).</summary>
    public CgroupLimit GetMax(string pageSize) => Read(File(pageSize, "max"));

    /// <summary>Sets the limit.</summary>
    public void SetMax(string pageSize, CgroupLimit limit) => _directory.WriteLimit(File(pageSize, "max"), limit);

    /// <summary>What is used (<c>hugetlb.SIZE.current</c>).</summary>
    public long GetCurrent(string pageSize) => _directory.ReadNumber(File(pageSize, "current"));

    /// <summary>The limit of what is reserved (<c>hugetlb.SIZE.rsvd.max</c>, Linux 5.7).</summary>
    public CgroupLimit GetReservedMax(string pageSize) => Read(File(pageSize, "rsvd.max"));

    /// <summary>Sets the limit of what is reserved.</summary>
    public void SetReservedMax(string pageSize, CgroupLimit limit) => _directory.WriteLimit(File(pageSize, "rsvd.max"), limit);

    /// <summary>What is reserved (<c>hugetlb.SIZE.rsvd.current</c>, Linux 5.7).</summary>
    public long GetReservedCurrent(string pageSize) => _directory.ReadNumber(File(pageSize, "rsvd.current"));

    /// <summary>How often the limit stopped an allocation (<c>hugetlb.SIZE.events</c>, max).</summary>
    public long GetMaxEvents(string pageSize) => FlatKeyed.Number(_directory.Read(File(pageSize, "events")), "max") ?? 0;

    /// <summary>What is used on each memory node (<c>hugetlb.SIZE.numa_stat</c>, Linux 5.17).</summary>
    public IReadOnlyDictionary<int, long> ReadNodes(string pageSize)
        => _directory.Parse(File(pageSize, "numa_stat"), static t => NestedKeyed.NodesAfterTotal(t));

    // The kernel shows no limit as the most that it can count, rounded down to whole pages, of at most 1 GB here.
    private CgroupLimit Read(string file)
    {
        CgroupLimit limit = _directory.ReadLimit(file);
        return limit.Value > long.MaxValue - (1L << 30) ? CgroupLimit.Max : limit;
    }

    // mem_fmt() of mm/hugetlb_cgroup.c.
    private static string Spelled(long kilobytes) => kilobytes switch
    {
        >= 1 << 20 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kilobytes >> 20}GB"),
        >= 1 << 10 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kilobytes >> 10}MB"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kilobytes}KB"),
    };

    private static string File(string pageSize, string what) => $"hugetlb.{CheckPageSize(pageSize)}.{what}";

    internal static string CheckPageSize(string pageSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(pageSize);
        return pageSize.All(char.IsAsciiLetterOrDigit) ? pageSize : throw new ArgumentException($"This is no size of a page, such as 2MB: '{pageSize}'.", nameof(pageSize));
    }
}
