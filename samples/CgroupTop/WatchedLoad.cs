using System.Diagnostics;
using Isolation.Cgroups;
using Isolation.Syscalls;

namespace Isolation.Samples;

/// <summary>A cgroup with its files of statistics, kept open, and what they said at the last look.</summary>
internal sealed class WatchedLoad(Cgroup cgroup, string name) : IDisposable
{
    private readonly CgroupStatistics _files = cgroup.OpenStatistics();
    private CpuStatistics _cpu;
    private long _read, _written, _time;

    /// <summary>Looks again; the rates are those since the last look.</summary>
    /// <returns>Null when the cgroup is gone.</returns>
    public CgroupLoad? Take()
    {
        try
        {
            long now = Stopwatch.GetTimestamp();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_time, now);
            _time = now;
            CgroupLoad load = Rates(new CgroupLoad(name), elapsed);
            if (cgroup.HasFile("memory.current"))
                load = load with { Memory = _files.ReadMemoryCurrent(), MemoryMax = cgroup.Memory.Max };
            if (cgroup.HasFile("pids.current"))
                load = load with { Pids = _files.ReadPidsCurrent(), PidsMax = cgroup.Pids.Max };
            return load with { CpuPressure = Pressure(PressureResource.Cpu), MemoryPressure = Pressure(PressureResource.Memory), IOPressure = Pressure(PressureResource.IO) };
        }
        catch (CgroupException e) when (e.Errno is Errno.ENODEV or Errno.ENOENT)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _files.Dispose();
        cgroup.Dispose();
    }

    private CgroupLoad Rates(CgroupLoad load, TimeSpan elapsed)
    {
        if (cgroup.HasFile("cpu.stat"))
        {
            CpuStatistics before = _cpu;
            _cpu = _files.ReadCpu();
            load = load with { Cpu = 100 * _cpu.ProcessorsSince(before, elapsed) };
        }

        if (!cgroup.HasFile("io.stat"))
            return load;
        (long read, long written) = (_read, _written);
        _read = _written = 0;
        foreach (IOStatistics device in _files.ReadIO())
        {
            _read += device.ReadBytes;
            _written += device.WrittenBytes;
        }

        return load with { Read = (_read - read) / elapsed.TotalSeconds, Written = (_written - written) / elapsed.TotalSeconds };
    }

    private double? Pressure(PressureResource resource)
    {
        if (!cgroup.HasFile($"{resource.ToString().ToLowerInvariant()}.pressure"))
            return null;
        try
        {
            return _files.ReadPressure(resource).Some.Last10Seconds;
        }
        catch (CgroupException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            // Started with psi=0, or switched off by cgroup.pressure.
            return null;
        }
    }
}
