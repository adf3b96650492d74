using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>A cgroup v2 directory that a container is born in.</summary>
internal sealed class CgroupDirectory : IDisposable
{
    private readonly SafeFileHandle _handle;

    private CgroupDirectory(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public SafeFileHandle Handle => _handle;

    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>
    /// Opens a cgroup that holds no process, and keeps other starts out until it is disposed: a child that shares our memory
    /// may not join others (memory.oom.group would kill us with them).
    /// </summary>
    public static CgroupDirectory OpenEmpty(string path)
    {
        if (!Directory.Exists(path))
            throw new LinuxException("open the cgroup", path, Errno.ENOENT, "open", "The directory has to exist");
        string events = System.IO.Path.Combine(path, "cgroup.events");
        if (!File.Exists(events))
            throw new LinuxException("open the cgroup", path, Errno.EINVAL, "open", "It is no cgroup v2 directory below the root: it has no cgroup.events");
        var opened = new CgroupDirectory(path, Isolation.Fs.DirectoryHandle.OpenForLocking(path));
        try
        {
            opened.Claim();
            if (File.ReadLines(events).Contains("populated 1"))
                throw new LinuxException("open the cgroup", path, Errno.EBUSY, "open", "It, or one below it, has processes already; make one for each container");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Opens a cgroup that may have processes.</summary>
    public static CgroupDirectory Open(string path) => new(path, Isolation.Fs.DirectoryHandle.Open(path));

    /// <summary>Kills all processes of the cgroup and of those below (cgroups(7), cgroup.kill), where the kernel can.</summary>
    public static void Kill(string path)
    {
        string kill = System.IO.Path.Combine(path, "cgroup.kill");
        if (File.Exists(kill))
            File.WriteAllText(kill, "1");
    }

    /// <summary>How many processes the kernel has killed there for want of memory.</summary>
    public static long OomKills(string path)
    {
        string events = System.IO.Path.Combine(path, "memory.events");
        if (!File.Exists(events))
            return 0;
        foreach (string line in File.ReadLines(events))
        {
            if (line.StartsWith("oom_kill ", StringComparison.Ordinal))
                return long.Parse(line.AsSpan(9), System.Globalization.CultureInfo.InvariantCulture);
        }

        return 0;
    }

    public void Dispose() => _handle.Dispose();

    // flock(2): the lock belongs to the open file, so it excludes other starts of this process and of others alike, and goes
    // with the last descriptor: the child's is closed before it executes its program.
    private void Claim()
    {
        const int Exclusive = 2, NonBlocking = 4;
        long result = Sys.Call(SyscallNumber.Flock, Descriptor, Exclusive | NonBlocking);
        if (result == -(long)Errno.EAGAIN)
            throw new LinuxException("open the cgroup", Path, Errno.EBUSY, "flock", "Another container is being started in it; make one for each container");
        if (result < 0)
            throw new LinuxException("lock the cgroup", Path, (Errno)(-result), "flock");
    }
}
