using System.Globalization;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>The processes in it, not those below it. One that the caller's pid namespace does not show is 0 for the kernel, and left out.</summary>
    /// <exception cref="CgroupException">EOPNOTSUPP: it is threaded, and lists threads only.</exception>
    public IReadOnlyList<int> ListProcesses() => Ids("cgroup.procs");

    /// <summary>The threads in it, not those below it.</summary>
    public IReadOnlyList<int> ListThreads() => Ids("cgroup.threads");

    /// <summary>Moves a process, with all its threads, into the cgroup. A new container is better born in it: see <see cref="Handle"/>.</summary>
    /// <param name="processId">The process; 0 for the caller's own.</param>
    /// <exception cref="CgroupException">ESRCH: there is no such process; EBUSY: the cgroup gives controllers on; EACCES: a right is missing.</exception>
    public void AddProcess(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processId);
        _directory.Write("cgroup.procs", processId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Moves a thread into the cgroup, which must be threaded and below the same domain as the thread's own.</summary>
    /// <param name="threadId">The thread; 0 for the calling one.</param>
    /// <exception cref="CgroupException">EOPNOTSUPP: it is not threaded, or of another domain.</exception>
    public void AddThread(int threadId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadId);
        _directory.Write("cgroup.threads", threadId.ToString(CultureInfo.InvariantCulture));
    }

    private void TryAddProcess(int processId)
    {
        Errno errno = _directory.TryWrite("cgroup.procs", processId.ToString(CultureInfo.InvariantCulture), out string call);

        // Gone, or a kernel thread, which the next round shows.
        if (errno is not (Errno.None or Errno.ESRCH or Errno.EINVAL))
            throw Hints.Failure("write", Path, "cgroup.procs", processId.ToString(CultureInfo.InvariantCulture), errno, call);
    }

    private List<int> Ids(string file)
    {
        var ids = new List<int>();
        string text = _directory.Read(file);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != 0)
                ids.Add(id);
        }

        return ids;
    }
}
