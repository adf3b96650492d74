using System.Runtime.CompilerServices;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>What the memory of a cgroup, and of those below it, is used for (<c>memory.stat</c>). What a kernel does not count is 0.</summary>
public readonly struct MemoryStatistics
{
    private static readonly KeyTable s_keys = new(
        "anon",
        "file",
        "kernel",
        "kernel_stack",
        "pagetables",
        "sec_pagetables",
        "percpu",
        "sock",
        "vmalloc",
        "shmem",
        "zswap",
        "zswapped",
        "file_mapped",
        "file_dirty",
        "file_writeback",
        "swapcached",
        "anon_thp",
        "file_thp",
        "shmem_thp",
        "inactive_anon",
        "active_anon",
        "inactive_file",
        "active_file",
        "unevictable",
        "slab_reclaimable",
        "slab_unreclaimable",
        "slab",
        "workingset_refault_anon",
        "workingset_refault_file",
        "workingset_activate_anon",
        "workingset_activate_file",
        "workingset_restore_anon",
        "workingset_restore_file",
        "workingset_nodereclaim",
        "pgscan",
        "pgsteal",
        "pgfault",
        "pgmajfault",
        "pgrefill",
        "pgactivate",
        "pgdeactivate",
        "pglazyfree",
        "pglazyfreed",
        "zswpin",
        "zswpout",
        "thp_fault_alloc",
        "thp_collapse_alloc");

    private readonly Values _values;

    internal MemoryStatistics(ReadOnlySpan<byte> text)
    {
        _values = default;
        FlatKeyed.Read(text, s_keys, _values);
    }

    /// <summary>Memory of programs that is no file's, in bytes (anon).</summary>
    public long Anonymous => _values[0];

    /// <summary>Page cache, in bytes (file).</summary>
    public long File => _values[1];

    /// <summary>Memory of the kernel, in bytes (kernel).</summary>
    public long Kernel => _values[2];

    /// <summary>Stacks of threads in the kernel, in bytes (kernel_stack).</summary>
    public long KernelStack => _values[3];

    /// <summary>Page tables, in bytes (pagetables).</summary>
    public long PageTables => _values[4];

    /// <summary>Page tables of virtual machines and the like, in bytes (sec_pagetables).</summary>
    public long SecondaryPageTables => _values[5];

    /// <summary>Memory of the kernel for each processor, in bytes (percpu).</summary>
    public long PerProcessor => _values[6];

    /// <summary>Buffers of sockets, in bytes (sock).</summary>
    public long Sockets => _values[7];

    /// <summary>Virtually contiguous memory of the kernel, in bytes (vmalloc).</summary>
    public long Vmalloc => _values[8];

    /// <summary>tmpfs and shared memory, in bytes (shmem).</summary>
    public long Shared => _values[9];

    /// <summary>Memory that compressed swap takes, in bytes (zswap).</summary>
    public long Zswap => _values[10];

    /// <summary>Memory that is in compressed swap, in bytes (zswapped).</summary>
    public long Zswapped => _values[11];

    /// <summary>Page cache that programs have mapped, in bytes (file_mapped).</summary>
    public long FileMapped => _values[12];

    /// <summary>Page cache that is to be written, in bytes (file_dirty).</summary>
    public long FileDirty => _values[13];

    /// <summary>Page cache that is being written, in bytes (file_writeback).</summary>
    public long FileWriteback => _values[14];

    /// <summary>Swap that is in memory too, in bytes (swapcached).</summary>
    public long SwapCached => _values[15];

    /// <summary>Memory of programs in transparent huge pages, in bytes (anon_thp).</summary>
    public long AnonymousHuge => _values[16];

    /// <summary>Page cache in transparent huge pages, in bytes (file_thp).</summary>
    public long FileHuge => _values[17];

    /// <summary>Shared memory in transparent huge pages, in bytes (shmem_thp).</summary>
    public long SharedHuge => _values[18];

    /// <summary>Memory of programs that was not used lately, in bytes (inactive_anon).</summary>
    public long InactiveAnonymous => _values[19];

    /// <summary>Memory of programs that was used lately, in bytes (active_anon).</summary>
    public long ActiveAnonymous => _values[20];

    /// <summary>Page cache that was not used lately, in bytes (inactive_file).</summary>
    public long InactiveFile => _values[21];

    /// <summary>Page cache that was used lately, in bytes (active_file).</summary>
    public long ActiveFile => _values[22];

    /// <summary>Memory that cannot be reclaimed, in bytes (unevictable).</summary>
    public long Unevictable => _values[23];

    /// <summary>Objects of the kernel that can be given up, such as directory entries, in bytes (slab_reclaimable).</summary>
    public long SlabReclaimable => _values[24];

    /// <summary>Objects of the kernel that cannot, in bytes (slab_unreclaimable).</summary>
    public long SlabUnreclaimable => _values[25];

    /// <summary>Objects of the kernel, in bytes (slab).</summary>
    public long Slab => _values[26];

    /// <summary>Pages of programs that were needed again after they were reclaimed (workingset_refault_anon).</summary>
    public long RefaultsAnonymous => _values[27];

    /// <summary>Pages of files that were needed again after they were reclaimed (workingset_refault_file).</summary>
    public long RefaultsFile => _values[28];

    /// <summary>Pages of programs that were made active when they came back (workingset_activate_anon).</summary>
    public long ActivationsAnonymous => _values[29];

    /// <summary>Pages of files that were made active when they came back (workingset_activate_file).</summary>
    public long ActivationsFile => _values[30];

    /// <summary>Pages of programs that were active when they were reclaimed (workingset_restore_anon).</summary>
    public long RestoresAnonymous => _values[31];

    /// <summary>Pages of files that were active when they were reclaimed (workingset_restore_file).</summary>
    public long RestoresFile => _values[32];

    /// <summary>Shadow nodes that were reclaimed (workingset_nodereclaim).</summary>
    public long NodeReclaims => _values[33];

    /// <summary>Pages that were looked at to reclaim some (pgscan).</summary>
    public long PagesScanned => _values[34];

    /// <summary>Pages that were reclaimed (pgsteal).</summary>
    public long PagesReclaimed => _values[35];

    /// <summary>Page faults (pgfault).</summary>
    public long PageFaults => _values[36];

    /// <summary>Page faults that had to read (pgmajfault).</summary>
    public long MajorPageFaults => _values[37];

    /// <summary>Active pages that were looked at (pgrefill).</summary>
    public long PagesRefilled => _values[38];

    /// <summary>Pages that were made active (pgactivate).</summary>
    public long PagesActivated => _values[39];

    /// <summary>Pages that were made inactive (pgdeactivate).</summary>
    public long PagesDeactivated => _values[40];

    /// <summary>Pages that a program said it can do without (pglazyfree).</summary>
    public long PagesLazilyFreed => _values[41];

    /// <summary>Those of them that were reclaimed (pglazyfreed).</summary>
    public long PagesLazilyFreedReclaimed => _values[42];

    /// <summary>Pages that came back from compressed swap (zswpin).</summary>
    public long ZswapPagesIn => _values[43];

    /// <summary>Pages that went to compressed swap (zswpout).</summary>
    public long ZswapPagesOut => _values[44];

    /// <summary>Transparent huge pages that a fault made (thp_fault_alloc).</summary>
    public long HugeFaults => _values[45];

    /// <summary>Transparent huge pages that small ones were joined to (thp_collapse_alloc).</summary>
    public long HugeCollapses => _values[46];

    [InlineArray(47)]
    private struct Values
    {
        private long _first;
    }
}
