using System.Globalization;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>Priorities and limits of a process that runs already: of this one, of a container's, of any that the caller may change.</summary>
/// <remarks>
/// The kernel keeps nice value, policy, I/O priority and processors for each thread. What is read is the main thread's; what is
/// set is set for all threads, and those that they make later inherit it. A process id may come to mean another process once
/// this one has ended: a <see cref="PidFd"/> that is open does not keep it from that, an unreaped child is safe.
/// </remarks>
public sealed unsafe class RunningProcess
{
    private const int OfProcess = 1;

    /// <summary>A process by its id. It is looked for when something is asked of it.</summary>
    /// <param name="processId">The id in the caller's pid namespace, such as that of a container.</param>
    public RunningProcess(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        Id = processId;
    }

    /// <summary>The calling process.</summary>
    public static RunningProcess Current { get; } = new(Environment.ProcessId);

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>The nice value: -20 gets the most of the processors, 19 the least (setpriority(2)).</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EACCES, EPERM: it may not be changed, or not be lowered.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is outside -20 to 19.</exception>
    public int Nice
    {
        get => NiceValue.Get(Id);
        set
        {
            NiceValue.Check(value);
            ForEachThread("set the nice value of", SyscallNumber.Setpriority, PriorityHints.Nice, thread => Sys.Call(SyscallNumber.Setpriority, 0, thread, value));
        }
    }

    /// <summary>The scheduling policy (sched_setattr(2)). Setting it leaves the nice value.</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EPERM: a privilege is missing; EBUSY: a deadline cannot be guaranteed.</exception>
    public Scheduling Scheduling
    {
        get
        {
            SchedulingAttributes attributes = default;
            Sys.Check("read the scheduling policy of", Target, SyscallNumber.SchedGetattr, Id, (nint)(&attributes), SchedulingAttributes.FirstSize, 0);
            return Scheduling.Of(attributes);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ForEachThread("set the scheduling policy of", SyscallNumber.SchedSetattr, PriorityHints.Scheduling, thread =>
            {
                long nice = Sys.Call(SyscallNumber.Getpriority, 0, thread);
                SchedulingAttributes attributes = SchedulingAttributes.Of(value, 20 - (int)nice);
                return nice < 0 ? nice : Sys.Call(SyscallNumber.SchedSetattr, thread, (nint)(&attributes), 0);
            });
        }
    }

    /// <summary>The priority of requests to disks (ioprio_set(2)).</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EPERM: a privilege is missing.</exception>
    public IOPriority IOPriority
    {
        get => IOPriority.OfKernel((int)Sys.Check("read the I/O priority of", Target, SyscallNumber.IoprioGet, OfProcess, Id));
        set => ForEachThread("set the I/O priority of", SyscallNumber.IoprioSet, PriorityHints.IOPriority, thread => Sys.Call(SyscallNumber.IoprioSet, OfProcess, thread, value.ToKernel()));
    }

    /// <summary>The processors that it runs on, in order (sched_setaffinity(2)). Numbers that the machine lacks are passed over.</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EINVAL: none of the processors is there; EPERM: it may not be changed.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    public IReadOnlyList<int> CpuAffinity
    {
        get
        {
            byte[] mask = new byte[ProcessorMask.Most / 8];
            fixed (byte* bytes = mask)
            {
                long length = Sys.Check("read the processors of", Target, SyscallNumber.SchedGetaffinity, Id, mask.Length, (nint)bytes);
                return ProcessorMask.OfKernel(mask.AsSpan(0, (int)length));
            }
        }

        set
        {
            byte[] mask = ProcessorMask.ToKernel(ProcessorMask.Check(value));
            ForEachThread("set the processors of", SyscallNumber.SchedSetaffinity, PriorityHints.Affinity, thread =>
            {
                fixed (byte* bytes = mask)
                    return Sys.Call(SyscallNumber.SchedSetaffinity, thread, mask.Length, (nint)bytes);
            });
        }
    }

    /// <summary>What is added to how likely the kernel kills it for want of memory: -1000, never, to 1000 (proc_pid_oom_score_adj(5)).</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EACCES: it may not be changed, or not be lowered.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is outside -1000 to 1000.</exception>
    public int OomScoreAdjustment
    {
        get => int.Parse(OfFile("read", static path => File.ReadAllText(path)).AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        set
        {
            OomScore.Check(value);
            OfFile("set", path =>
            {
                File.WriteAllText(path, value.ToString(CultureInfo.InvariantCulture));
                return "";
            });
        }
    }

    /// <summary>A limit (prlimit(2)).</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EPERM: it is another user's.</exception>
    public ResourceLimit GetLimit(LimitedResource resource) => ResourceLimit.Get(Id, LimitedResources.Check(resource));

    /// <summary>Sets a limit (prlimit(2)), for the whole process.</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; EPERM: it is another user's, or the hard limit may not be raised.</exception>
    public void SetLimit(LimitedResource resource, ResourceLimit limit)
    {
        LimitedResources.Check(resource);
        Check("set the limit " + LimitedResources.KernelName(resource) + " of", SyscallNumber.Prlimit64, PriorityHints.Limit, Sys.Call(SyscallNumber.Prlimit64, Id, (nint)resource, (nint)(&limit), 0));
    }

    private string Target => $"process {Id}";

    // What is made meanwhile inherits from a thread that may not have had its turn, so until there is no new one.
    private void ForEachThread(string operation, SyscallNumber call, Func<Errno, string?> hint, Func<int, long> act)
    {
        var seen = new HashSet<int>();
        bool isNew = true;
        while (isNew)
        {
            isNew = false;
            foreach (int thread in Threads(operation, call))
            {
                if (!seen.Add(thread))
                    continue;
                isNew = true;
                long result = act(thread);

                // A thread that has ended needs nothing any more; the main one is the process.
                if (result != -(long)Errno.ESRCH || thread == Id)
                    Check(operation, call, hint, result);
            }
        }
    }

    private int[] Threads(string operation, SyscallNumber call)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{Id}/task").Select(static f => int.Parse(Path.GetFileName(f.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException)
        {
            throw new LinuxException(operation, Target, Errno.ESRCH, call.Name);
        }
    }

    private string OfFile(string verb, Func<string, string> act)
    {
        try
        {
            return act($"/proc/{Id}/oom_score_adj");
        }
        catch (UnauthorizedAccessException)
        {
            throw new LinuxException($"{verb} the OOM score adjustment of", Target, Errno.EACCES, null, PriorityHints.OomScore(Errno.EACCES));
        }
        catch (IOException)
        {
            throw new LinuxException($"{verb} the OOM score adjustment of", Target, Errno.ESRCH);
        }
    }

    private void Check(string operation, SyscallNumber call, Func<Errno, string?> hint, long result)
    {
        if (result < 0)
            throw new LinuxException(operation, Target, (Errno)(-result), call.Name, hint((Errno)(-result)));
    }
}
