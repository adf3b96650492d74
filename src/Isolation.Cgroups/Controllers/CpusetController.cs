using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Processors and memory nodes (cgroup-v2.rst, "Cpuset"). Each property is a file, read or written when it is used.</summary>
/// <remarks>A file that is not there is a <see cref="CgroupException"/> with ENOENT that says since which Linux it is.</remarks>
public sealed class CpusetController
{
    private readonly CgroupDirectory _directory;

    internal CpusetController(CgroupDirectory directory) => _directory = directory;

    /// <summary>The processors that are wanted; empty for those of the cgroup above (<c>cpuset.cpus</c>).</summary>
    public ProcessorSet Processors
    {
        get => Read("cpuset.cpus");
        set => Write("cpuset.cpus", value);
    }

    /// <summary>The processors that it has (<c>cpuset.cpus.effective</c>).</summary>
    public ProcessorSet EffectiveProcessors => Read("cpuset.cpus.effective");

    /// <summary>The memory nodes that are wanted; empty for those of the cgroup above (<c>cpuset.mems</c>).</summary>
    public ProcessorSet MemoryNodes
    {
        get => Read("cpuset.mems");
        set => Write("cpuset.mems", value);
    }

    /// <summary>The memory nodes that it has (<c>cpuset.mems.effective</c>).</summary>
    public ProcessorSet EffectiveMemoryNodes => Read("cpuset.mems.effective");

    /// <summary>The processors that may be made a partition's own (<c>cpuset.cpus.exclusive</c>, Linux 6.7).</summary>
    public ProcessorSet ExclusiveProcessors
    {
        get => Read("cpuset.cpus.exclusive");
        set => Write("cpuset.cpus.exclusive", value);
    }

    /// <summary>The processors that are (<c>cpuset.cpus.exclusive.effective</c>, Linux 6.7).</summary>
    public ProcessorSet EffectiveExclusiveProcessors => Read("cpuset.cpus.exclusive.effective");

    /// <summary>Whether the processors are its own (<c>cpuset.cpus.partition</c>).</summary>
    public CpusetPartition Partition
    {
        get => _directory.Parse("cpuset.cpus.partition", static t => t.Split(' ')[0] switch
        {
            "member" => CpusetPartition.Member,
            "root" => CpusetPartition.Root,
            "isolated" => CpusetPartition.Isolated,
            _ => throw new FormatException(),
        });
        set => _directory.Write("cpuset.cpus.partition", value switch
        {
            CpusetPartition.Member => "member",
            CpusetPartition.Root => "root",
            CpusetPartition.Isolated => "isolated",
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such partition."),
        });
    }

    /// <summary>Why the partition is not what was asked for, in the kernel's words; null when it is.</summary>
    public string? PartitionError
    {
        get
        {
            string text = _directory.Read("cpuset.cpus.partition");
            int bracket = text.IndexOf('(', StringComparison.Ordinal);
            return text.Contains("invalid", StringComparison.Ordinal) ? (bracket < 0 ? "" : text[(bracket + 1)..].TrimEnd(')')) : null;
        }
    }

    private ProcessorSet Read(string file) => _directory.Parse(file, ProcessorSet.Parse);

    private void Write(string file, ProcessorSet value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _directory.Write(file, value.ToString());
    }
}
