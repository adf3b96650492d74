using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    private const int SigKill = 9;

    /// <summary>Kills all processes in it and below it, also those that are born meanwhile, and returns when none is left.</summary>
    /// <param name="timeout">How long to wait at most: 10 s if null.</param>
    /// <param name="cancellationToken">Ends the waiting; the processes are killed all the same.</param>
    /// <remarks>By <c>cgroup.kill</c> (Linux 5.14); without it they are frozen, killed one by one, and thawed.</remarks>
    /// <exception cref="TimeoutException">Some were still there, such as in a call to a disk that does not answer.</exception>
    /// <exception cref="CgroupException">EOPNOTSUPP: it is threaded; EACCES: it is not the caller's.</exception>
    public void Kill(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Errno errno = _directory.TryWrite("cgroup.kill", "1", out string call);
        if (errno is not (Errno.None or Errno.ENOENT))
            throw Hints.Failure("write", Path, "cgroup.kill", "1", errno, call);

        // The root cgroup has neither file, and its processes are all of the machine's: this throws before one is killed.
        using var events = new EventsFile(_directory);
        if (errno == Errno.ENOENT)
            KillOneByOne();
        if (!events.WaitUntil(static e => !e.IsPopulated, timeout ?? s_patience, cancellationToken))
            throw new TimeoutException($"The cgroup {Path} still had processes after {timeout ?? s_patience}: {string.Join(", ", AllProcesses().Take(10))}.");
    }

    /// <summary>As <see cref="Kill"/>, without blocking a thread that anybody waits for.</summary>
    public Task KillAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Task.Run(() => Kill(timeout, cancellationToken), cancellationToken);

    // Frozen processes make no new ones, so all are found; what SIGKILL has hit leaves the freezer by itself.
    internal void KillOneByOne()
    {
        _directory.TryWrite("cgroup.freeze", "1", out _);
        try
        {
            foreach (int process in AllProcesses())
                Sys.Call(SyscallNumber.Kill, process, SigKill);
        }
        finally
        {
            _directory.TryWrite("cgroup.freeze", "0", out _);
        }
    }

    /// <summary>The processes in it and below it.</summary>
    internal IEnumerable<int> AllProcesses()
    {
        foreach (int process in ListProcesses())
            yield return process;
        foreach (Cgroup below in Walk())
        {
            foreach (int process in below.ListProcessesIfThere())
                yield return process;
        }
    }

    private IReadOnlyList<int> ListProcessesIfThere()
    {
        try
        {
            return ListProcesses();
        }
        catch (CgroupException e) when (e.Errno is Errno.ENODEV or Errno.ENOENT or Errno.EOPNOTSUPP)
        {
            return [];
        }
    }
}
