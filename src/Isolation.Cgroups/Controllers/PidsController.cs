using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>How many processes and threads there may be (cgroup-v2.rst, "PID"). Each property is a file, read or written when it is used.</summary>
public sealed class PidsController
{
    private readonly CgroupDirectory _directory;

    internal PidsController(CgroupDirectory directory) => _directory = directory;

    /// <summary>How many there may be in it and below it: more cannot be made, but can be moved in (<c>pids.max</c>).</summary>
    public CgroupLimit Max
    {
        get => _directory.ReadLimit("pids.max");
        set => _directory.WriteLimit("pids.max", value);
    }

    /// <summary>How many there are (<c>pids.current</c>).</summary>
    public long Current => _directory.ReadNumber("pids.current");

    /// <summary>How many there were at the most (<c>pids.peak</c>, Linux 6.1).</summary>
    public long Peak => _directory.ReadNumber("pids.peak");

    /// <summary>How often the limit, of it or of one above, stopped one from being made (<c>pids.events</c>, max).</summary>
    public long MaxEvents => FlatKeyed.Number(_directory.Read("pids.events"), "max") ?? 0;
}
