using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    private static readonly TimeSpan s_busyPatience = TimeSpan.FromSeconds(2);

    /// <summary>Removes the cgroup. It must have no processes; those that are just ending are waited for.</summary>
    /// <param name="recursive">Removes the cgroups below it first.</param>
    /// <param name="timeout">How long to wait at most for processes that are ending: 2 s if null.</param>
    /// <remarks>One that is gone already is no error.</remarks>
    /// <exception cref="CgroupException">EBUSY: it has processes, or cgroups below it; the message names them.</exception>
    public void Delete(bool recursive = false, TimeSpan? timeout = null)
    {
        long deadline = Environment.TickCount64 + (long)(timeout ?? s_busyPatience).TotalMilliseconds;
        Delete(recursive, deadline);
    }

    private void Delete(bool recursive, long deadline)
    {
        for (int round = 0; ; round++)
        {
            if (recursive)
            {
                foreach (string name in ListChildrenIfThere())
                {
                    using Cgroup? child = TryOpenChild(name);
                    child?.Delete(recursive, deadline);
                }
            }

            Errno errno = _directory.TryRemove();
            if (errno is Errno.None or Errno.ENOENT)
                return;
            if (errno != Errno.EBUSY || Environment.TickCount64 >= deadline || (!recursive && ListChildrenIfThere().Count > 0))
                throw Hints.Failure("remove", Path, null, null, errno, "unlinkat", errno == Errno.EBUSY ? WhatHoldsIt() : null);

            // A process is out of the cgroup a moment after its end is told.
            if (round < 10)
                Thread.Yield();
            else
                Thread.Sleep(Math.Min(round, 20));
        }
    }

    private string WhatHoldsIt()
    {
        IReadOnlyList<string> children = ListChildrenIfThere();
        if (children.Count > 0)
            return $"There are cgroups below it: {Some(children)}";
        IReadOnlyList<int> processes = ListProcessesIfThere();
        return processes.Count > 0 ? $"It has processes: {Some(processes.Select(Named))}" : "Processes that have ended are not out of it yet";

        static string Some(IEnumerable<string> all) => string.Join(", ", all.Take(5)) + (all.Count() > 5 ? ", ..." : "");
    }

    private static string Named(int processId)
    {
        try
        {
            return $"{processId} ({File.ReadAllText($"/proc/{processId}/comm").TrimEnd()})";
        }
        catch (IOException)
        {
            return processId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
