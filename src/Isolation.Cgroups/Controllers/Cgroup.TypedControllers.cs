namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Processor time (<c>cpu.*</c>).</summary>
    public CpuController Cpu => new(_directory);

    /// <summary>Processors and memory nodes (<c>cpuset.*</c>).</summary>
    public CpusetController Cpuset => new(_directory);

    /// <summary>Memory and swap (<c>memory.*</c>).</summary>
    public MemoryController Memory => new(_directory);

    /// <summary>Block devices (<c>io.*</c>).</summary>
    public IOController IO => new(_directory);

    /// <summary>How many processes there may be (<c>pids.*</c>).</summary>
    public PidsController Pids => new(_directory);

    /// <summary>Huge pages (<c>hugetlb.*</c>).</summary>
    public HugeTlbController HugeTlb => new(_directory);

    /// <summary>Remote direct memory access (<c>rdma.*</c>).</summary>
    public RdmaController Rdma => new(_directory);

    /// <summary>Resources that are just counted (<c>misc.*</c>).</summary>
    public MiscController Misc => new(_directory);

    /// <summary>Memory of devices (<c>dmem.*</c>).</summary>
    public DmemController Dmem => new(_directory);
}
