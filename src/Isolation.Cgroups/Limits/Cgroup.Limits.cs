using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Applies limits, all or none: when the kernel refuses one, those before it are set back to what they were.</summary>
    /// <remarks>What the kernel did meanwhile, such as reclaiming memory or killing for want of it, is not undone.</remarks>
    /// <exception cref="CgroupException">The file and the value that were refused. When something could not be set back, the message says so.</exception>
    public void Apply(CgroupLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var before = new Stack<(string File, string Value)>();
        (string File, string Value)[] writes = [.. limits.ToWrites()];
        foreach ((string file, _) in writes)
            CheckFile(file);
        foreach ((string file, string value) in writes)
        {
            try
            {
                string old = Restoring(_directory.Read(file), file, value);
                _directory.Write(file, value);
                before.Push((file, old));
            }
            catch (CgroupException e)
            {
                string notRestored = string.Join(", ", Restore(before));
                if (notRestored.Length == 0)
                    throw;
                throw new CgroupException(e.Operation, Path, e.File, e.Value ?? value, e.Errno, e.Call, $"{(e.Hint is null ? "" : e.Hint + ". ")}Could not be set back: {notRestored}");
            }
        }
    }

    /// <summary>The limits that it has now, of all the files that there are. What is not limited is <see cref="CgroupLimit.Max"/>, not null.</summary>
    public CgroupLimits ReadLimits()
    {
        CgroupControllers controllers = ControllerNames.Parse(_directory.ReadIfThere("cgroup.controllers") ?? "");
        var limits = CgroupLimits.None;
        if (controllers.HasFlag(CgroupControllers.Memory))
        {
            limits = limits with
            {
                MemoryMin = Limit("memory.min"),
                MemoryLow = Limit("memory.low"),
                MemoryHigh = Limit("memory.high"),
                MemoryMax = Limit("memory.max"),
                SwapHigh = Limit("memory.swap.high"),
                SwapMax = Limit("memory.swap.max"),
                ZswapMax = Limit("memory.zswap.max"),
                OomGroup = _directory.Has("memory.oom.group") ? Memory.OomGroup : null,
            };
        }

        if (controllers.HasFlag(CgroupControllers.Pids))
            limits = limits with { PidsMax = Limit("pids.max") };
        if (controllers.HasFlag(CgroupControllers.Cpu) && _directory.Has("cpu.weight"))
        {
            bool? idle = _directory.Has("cpu.idle") ? Cpu.IsIdle : null;
            limits = limits with { CpuIdle = idle, CpuWeight = idle == true ? null : Cpu.Weight, CpuMax = _directory.Has("cpu.max") ? Cpu.Max : null, CpuMaxBurst = _directory.Has("cpu.max.burst") ? Cpu.MaxBurst : null };
        }

        if (controllers.HasFlag(CgroupControllers.Cpuset) && _directory.Has("cpuset.cpus"))
            limits = limits with { Processors = Cpuset.Processors, MemoryNodes = Cpuset.MemoryNodes };
        if (controllers.HasFlag(CgroupControllers.IO) && _directory.Has("io.max"))
            limits = limits with { IOMax = limits.IOMax.AddRange(IO.Max), IOWeight = _directory.Has("io.weight") ? IO.Weight : null };
        if (controllers.HasFlag(CgroupControllers.HugeTlb))
            limits = limits with { HugeTlbMax = limits.HugeTlbMax.AddRange(HugeTlbController.PageSizes.Where(s => _directory.Has($"hugetlb.{s}.max")).Select(s => KeyValuePair.Create(s, HugeTlb.GetMax(s)))) };
        return limits;
    }

    private CgroupLimit? Limit(string file) => _directory.Has(file) ? _directory.ReadLimit(file) : null;

    // What sets a file back: its text, or the line of the device or resource that is to be written. What a device without a line
    // has is the kernel's default, which is spelled in a way of its own in each file.
    internal static string Restoring(string text, string file, string value)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        string key = space < 0 ? value : value[..(space + 1)];
        string? line = space < 0 ? null : text.Split('\n').FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return file switch
        {
            _ when line is not null => line,
            "io.max" => $"{key}{IOLimits.Max}",
            "io.weight" => space < 0 ? text.Split('\n')[0] : $"{key}default",
            "io.latency" => $"{key}target=0",

            // After the kind of partition there may be why it is invalid.
            "cpuset.cpus.partition" => text.Split(' ')[0],
            _ => text,
        };
    }

    private List<string> Restore(Stack<(string File, string Value)> before)
    {
        var failed = new List<string>();
        while (before.TryPop(out (string File, string Value) write))
        {
            Errno errno = _directory.TryWrite(write.File, write.Value, out _);
            if (errno != Errno.None)
                failed.Add($"{write.File} to '{write.Value}' ({errno})");
        }

        return failed;
    }
}
