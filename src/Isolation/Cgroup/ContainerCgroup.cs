using Isolation.Cgroups;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation;

/// <summary>The cgroup of one container: one that exists, or one that was made for it and goes with it.</summary>
internal sealed class ContainerCgroup : IDisposable
{
    private readonly Lock _ending = new();
    private readonly long _oomKillsBefore;
    private bool _ended, _oomKilled;
    private LinuxException? _failure;

    /// <summary>One that was made for the container.</summary>
    public ContainerCgroup(Cgroup cgroup)
        : this(cgroup, isMade: true)
    {
    }

    private ContainerCgroup(Cgroup cgroup, bool isMade)
    {
        Cgroup = cgroup;
        IsMade = isMade;
        _oomKillsBefore = isMade ? 0 : OomKills();
    }

    public Cgroup Cgroup { get; }

    /// <summary>Whether it goes with the container.</summary>
    public bool IsMade { get; }

    public int Descriptor => (int)Cgroup.Handle.DangerousGetHandle();

    /// <summary>
    /// Opens a cgroup that holds no process, and keeps other starts out until it is released: a child that shares our memory
    /// may not join others (memory.oom.group would kill us with them).
    /// </summary>
    /// <exception cref="LinuxException">EBUSY: it has processes, or another container is being started in it.</exception>
    public static ContainerCgroup OpenExisting(string path)
    {
        var opened = new ContainerCgroup(Cgroup.Open(path), isMade: false);
        try
        {
            opened.Claim();
            if (opened.Cgroup.IsPopulated)
                throw new LinuxException("open the cgroup", path, Errno.EBUSY, "open", "It, or one below it, has processes already; make one for each container");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Keeps other starts out.</summary>
    // flock(2): the lock belongs to the open file, so it excludes other starts of this process and of others alike, and goes
    // with the last descriptor: the child's is closed before it executes its program.
    public void Claim()
    {
        const int Exclusive = 2, NonBlocking = 4;
        long result = Sys.Call(SyscallNumber.Flock, Descriptor, Exclusive | NonBlocking);
        if (result == -(long)Errno.EAGAIN)
            throw new LinuxException("open the cgroup", Cgroup.Path, Errno.EBUSY, "flock", "Another container is being started in it; make one for each container");
        if (result < 0)
            throw new LinuxException("lock the cgroup", Cgroup.Path, (Errno)(-result), "flock");
    }

    /// <summary>Lets other starts in, for which it is up to them whether it still has processes.</summary>
    public void Release()
    {
        const int Unlock = 8;
        Sys.Call(SyscallNumber.Flock, Descriptor, Unlock);
    }

    /// <summary>Removes an empty cgroup by its path, for which no descriptor is needed.</summary>
    public static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Kills all processes there and below (cgroups(7), cgroup.kill). Does nothing when it is gone.</summary>
    public void Kill()
    {
        lock (_ending)
        {
            if (!_ended)
                Cgroup.Directory.TryWrite("cgroup.kill", "1", out _);
        }
    }

    /// <summary>What is done when the container's program has ended: the OOM kills are counted, and what was made is killed and removed. A second call waits for the first, and does nothing.</summary>
    /// <returns>Whether the kernel killed one of its processes for want of memory.</returns>
    public bool End()
    {
        lock (_ending)
        {
            if (_ended)
                return _oomKilled;
            _ended = true;
            _oomKilled = OomKills() > _oomKillsBefore;
            if (!IsMade)
                return _oomKilled;
            try
            {
                Remove();
            }
            catch (LinuxException e)
            {
                _failure = e;
            }

            return _oomKilled;
        }
    }

    /// <summary>Ends it and closes it. Once it is closed, its statistics are gone.</summary>
    /// <returns>Why it is still there; null when it is not.</returns>
    public LinuxException? Close()
    {
        End();
        Cgroup.Dispose();
        return _failure;
    }

    public void Dispose() => Close();

    // Nearly always the program was the last one, and the first attempt succeeds.
    private void Remove()
    {
        if (TryRemove())
            return;
        try
        {
            KillAll();
            Cgroup.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or LinuxException { Errno: Errno.EMFILE or Errno.ENFILE })
        {
            // No descriptor is left. A process is out of the cgroup a moment after its end is told.
            const int Attempts = 100;
            for (int i = 0; !TryRemove(Cgroup.Path); i++)
            {
                if (i == Attempts)
                    throw new LinuxException("remove the cgroup", Cgroup.Path, Errno.EMFILE, null, e.Message);
                Thread.Sleep(10);
            }
        }
    }

    private void KillAll()
    {
        try
        {
            Cgroup.Kill();
        }
        catch (Exception e) when (e is TimeoutException or CgroupException { Errno: Errno.ENODEV or Errno.ENOENT or Errno.EOPNOTSUPP })
        {
            // What is left there is told by the removal.
        }
    }

    private bool TryRemove()
    {
        try
        {
            return Cgroup.Directory.TryRemove() is Errno.None or Errno.ENOENT;
        }
        catch (LinuxException e) when (e.Errno is Errno.EMFILE or Errno.ENFILE)
        {
            // Without a descriptor left nobody can make sure that the name still leads to it; but only an empty one is removed.
            return TryRemove(Cgroup.Path);
        }
    }

    private long OomKills()
    {
        try
        {
            return Cgroup.Directory.ReadIfThere("memory.events") is { } events ? FlatKeyed.Number(events, "oom_kill") ?? 0 : 0;
        }
        catch (CgroupException)
        {
            // Somebody has removed it, or taken the right to read. What cannot be known is not told.
            return _oomKillsBefore;
        }
    }
}
