using System.Globalization;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

/// <summary>Memory and swap, in bytes (cgroup-v2.rst, "Memory"). Each property is a file, read or written when it is used.</summary>
/// <remarks>A file that is not there is a <see cref="CgroupException"/> with ENOENT that says since which Linux it is. The kernel rounds limits down to whole pages.</remarks>
public sealed class MemoryController
{
    private readonly CgroupDirectory _directory;

    internal MemoryController(CgroupDirectory directory) => _directory = directory;

    /// <summary>Memory that is not reclaimed in any case (<c>memory.min</c>).</summary>
    public CgroupLimit Min
    {
        get => _directory.ReadLimit("memory.min");
        set => _directory.WriteLimit("memory.min", value);
    }

    /// <summary>Memory that is not reclaimed while others have some unprotected (<c>memory.low</c>).</summary>
    public CgroupLimit Low
    {
        get => _directory.ReadLimit("memory.low");
        set => _directory.WriteLimit("memory.low", value);
    }

    /// <summary>From here on it is slowed down and reclaimed from, but nothing is killed (<c>memory.high</c>).</summary>
    public CgroupLimit High
    {
        get => _directory.ReadLimit("memory.high");
        set => _directory.WriteLimit("memory.high", value);
    }

    /// <summary>The limit: when nothing can be reclaimed, the OOM killer comes (<c>memory.max</c>).</summary>
    public CgroupLimit Max
    {
        get => _directory.ReadLimit("memory.max");
        set => _directory.WriteLimit("memory.max", value);
    }

    /// <summary>What is used (<c>memory.current</c>).</summary>
    public long Current => _directory.ReadNumber("memory.current");

    /// <summary>What was used at the most (<c>memory.peak</c>, Linux 5.19). <see cref="OpenPeak"/> counts anew.</summary>
    public long Peak => _directory.ReadNumber("memory.peak");

    /// <summary>Swap from which on it is slowed down (<c>memory.swap.high</c>).</summary>
    public CgroupLimit SwapHigh
    {
        get => _directory.ReadLimit("memory.swap.high");
        set => _directory.WriteLimit("memory.swap.high", value);
    }

    /// <summary>The limit of swap (<c>memory.swap.max</c>).</summary>
    public CgroupLimit SwapMax
    {
        get => _directory.ReadLimit("memory.swap.max");
        set => _directory.WriteLimit("memory.swap.max", value);
    }

    /// <summary>The swap that is used (<c>memory.swap.current</c>).</summary>
    public long SwapCurrent => _directory.ReadNumber("memory.swap.current");

    /// <summary>The swap that was used at the most (<c>memory.swap.peak</c>, Linux 6.5).</summary>
    public long SwapPeak => _directory.ReadNumber("memory.swap.peak");

    /// <summary>The limit of compressed swap in memory (<c>memory.zswap.max</c>, Linux 5.19).</summary>
    public CgroupLimit ZswapMax
    {
        get => _directory.ReadLimit("memory.zswap.max");
        set => _directory.WriteLimit("memory.zswap.max", value);
    }

    /// <summary>The memory that compressed swap takes (<c>memory.zswap.current</c>, Linux 5.19).</summary>
    public long ZswapCurrent => _directory.ReadNumber("memory.zswap.current");

    /// <summary>Whether compressed swap may go to disk (<c>memory.zswap.writeback</c>, Linux 6.8).</summary>
    public bool ZswapWriteback
    {
        get => _directory.ReadBoolean("memory.zswap.writeback");
        set => _directory.WriteBoolean("memory.zswap.writeback", value);
    }

    /// <summary>Whether the OOM killer kills all of it together (<c>memory.oom.group</c>).</summary>
    public bool OomGroup
    {
        get => _directory.ReadBoolean("memory.oom.group");
        set => _directory.WriteBoolean("memory.oom.group", value);
    }

    /// <summary>Reclaims memory now (<c>memory.reclaim</c>, Linux 5.19).</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>Whether all of it was reclaimed; less is no error.</returns>
    /// <exception cref="CgroupException">ENOENT: the kernel has no such file.</exception>
    public bool Reclaim(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return Reclaim(bytes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reclaims memory now, and says what is swapped rather than dropped (<c>memory.reclaim</c>, swappiness, Linux 6.9).</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="swappiness">0 for the page cache only, to 200 for the memory of programs before all.</param>
    /// <returns>Whether all of it was reclaimed; less is no error.</returns>
    /// <exception cref="CgroupException">ENOENT: the kernel has no such file; EINVAL: it takes no swappiness.</exception>
    public bool Reclaim(long bytes, int swappiness)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(swappiness);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(swappiness, 200);
        return Reclaim(string.Create(CultureInfo.InvariantCulture, $"{bytes} swappiness={swappiness}"));
    }

    /// <summary>Counts the most that is used from now on, for this reader only (<c>memory.peak</c> written, Linux 6.12).</summary>
    /// <exception cref="CgroupException">EINVAL or EACCES: this kernel counts from the cgroup's beginning only.</exception>
    public MemoryPeak OpenPeak() => new(_directory, "memory.peak");

    /// <summary>Counts the most swap that is used from now on, for this reader only (<c>memory.swap.peak</c> written, Linux 6.12).</summary>
    /// <exception cref="CgroupException">EINVAL or EACCES: this kernel counts from the cgroup's beginning only.</exception>
    public MemoryPeak OpenSwapPeak() => new(_directory, "memory.swap.peak");

    /// <summary>Memory by node, a line each as <c>anon N0=4096 N1=0</c> (<c>memory.numa_stat</c>).</summary>
    /// <returns>By the kind, the bytes on each node.</returns>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> ReadNodes() => _directory.Parse("memory.numa_stat", NestedKeyed.Nodes);

    private bool Reclaim(string value)
    {
        Errno errno = _directory.TryWrite("memory.reclaim", value, out string call);
        return errno switch
        {
            Errno.None => true,
            Errno.EAGAIN => false,
            _ => throw Hints.Failure("write", _directory.Path, "memory.reclaim", value, errno, call),
        };
    }
}
