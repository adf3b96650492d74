using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

/// <summary>Where cgroup v2 is mounted, and where processes are in it.</summary>
public sealed class CgroupHierarchy
{
    private CgroupHierarchy(string mountPoint, string mountRoot, string options, IReadOnlyList<string> version1)
    {
        MountPoint = mountPoint;
        MountRoot = mountRoot;
        Options = options.Split(',');
        Version1Controllers = version1;
    }

    /// <summary>The directory where it is mounted: <c>/sys/fs/cgroup</c>, or <c>/sys/fs/cgroup/unified</c> on a machine that keeps version 1 beside it.</summary>
    public string MountPoint { get; }

    /// <summary>The cgroup that the mount point shows: <c>/</c>, unless only a part is mounted there.</summary>
    public string MountRoot { get; }

    /// <summary>The options of the mount: <c>nsdelegate</c>, <c>memory_recursiveprot</c>, <c>favordynmods</c> and others (cgroup-v2.rst, "Mounting").</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>The controllers that version 1 has on this machine, which version 2 then lacks ("hybrid").</summary>
    public IReadOnlyList<string> Version1Controllers { get; }

    /// <summary>Whether version 1 has controllers beside it.</summary>
    public bool IsHybrid => Version1Controllers.Count > 0;

    /// <summary>Finds it in the mount table of the calling thread.</summary>
    /// <exception cref="LinuxException">ENOENT: version 2 is not mounted; the message says what is there instead.</exception>
    public static CgroupHierarchy Find() => Find(File.ReadLines("/proc/thread-self/mountinfo"));

    /// <summary>Opens the cgroup that the mount point shows.</summary>
    public Cgroup OpenRoot() => Cgroup.Open(MountPoint);

    /// <summary>Opens the cgroup that the calling process is in.</summary>
    /// <exception cref="LinuxException">ENOENT: it is not below the mount point, as in a container that mounts a part only.</exception>
    public Cgroup OpenCurrent() => Cgroup.Open(PathOfProcess("self"));

    /// <summary>Opens the cgroup that a process is in.</summary>
    /// <exception cref="LinuxException">ESRCH: there is no such process; ENOENT: its cgroup is not below the mount point.</exception>
    public Cgroup OpenOf(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return Cgroup.Open(PathOfProcess(processId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>
    /// Opens the topmost cgroup that the caller may manage, going up from the one that it is in: the subtree that was delegated
    /// to it, or for root the one that is mounted.
    /// </summary>
    /// <exception cref="LinuxException">EACCES: none is; the message says how to get one.</exception>
    public Cgroup OpenDelegated()
    {
        string path = PathOfProcess("self"), found = "";
        while (IsOurs(path))
        {
            found = path;
            if (path.Length <= MountPoint.Length)
                break;
            path = Path.GetDirectoryName(path)!;
        }

        return found.Length > 0 ? Cgroup.Open(found) : throw new LinuxException(
            "find a cgroup to manage at or above",
            path,
            Errno.EACCES,
            null,
            "None is the caller's to write. On a machine with systemd start the program in one: systemd-run --user --scope -p Delegate=yes, or Delegate=yes in its unit; otherwise root can give one away (Cgroup.DelegateTo)");
    }

    internal static CgroupHierarchy Find(IEnumerable<string> mountInfo)
    {
        CgroupHierarchy? found = null;
        var version1 = new List<string>();
        foreach (string line in mountInfo)
        {
            // proc_pid_mountinfo(5): fields, optional ones, a dash, then type, source and the options of the file system.
            string[] fields = line.Split(' ');
            int dash = fields.Length > 6 ? Array.IndexOf(fields, "-", 6) : -1;
            if (dash < 0 || fields.Length < dash + 4)
                continue;
            if (fields[dash + 1] == "cgroup2")
            {
                // The first that shows the whole of it; one that shows a part only where there is no other.
                if (found is null || (fields[3] == "/" && found.MountRoot != "/"))
                    found = new CgroupHierarchy(Unescape(fields[4]), Unescape(fields[3]), fields[dash + 3], version1);
            }
            else if (fields[dash + 1] == "cgroup")
            {
                version1.AddRange(fields[dash + 3].Split(',').Where(static o => o is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix") && !o.Contains('=', StringComparison.Ordinal)));
            }
        }

        return found ?? throw new LinuxException("find", "cgroup version 2", Errno.ENOENT, null, version1.Count > 0
            ? $"This machine has version 1 only ({string.Join(", ", version1)}). Version 2 is there when the kernel is started with systemd.unified_cgroup_hierarchy=1 or cgroup_no_v1=all, or mounted by: mount -t cgroup2 none DIRECTORY"
            : "It is not mounted: mount -t cgroup2 none /sys/fs/cgroup");
    }

    internal string PathInHierarchy(string cgroup)
    {
        if (MountRoot == "/")
            return cgroup == "/" ? MountPoint : MountPoint + cgroup;
        if (cgroup == MountRoot)
            return MountPoint;
        if (cgroup.StartsWith(MountRoot + "/", StringComparison.Ordinal))
            return MountPoint + cgroup[MountRoot.Length..];
        throw new LinuxException("find the cgroup", cgroup, Errno.ENOENT, null, $"Only {MountRoot} and what is below it is mounted here, on {MountPoint}");
    }

    private string PathOfProcess(string process)
    {
        try
        {
            // cgroups(7): version 2 is the hierarchy 0, without names.
            string line = File.ReadLines($"/proc/{process}/cgroup").FirstOrDefault(static l => l.StartsWith("0::", StringComparison.Ordinal)) ?? throw new LinuxException("find the cgroup of process", process, Errno.ENOENT, null, "The kernel tells none of version 2");
            string cgroup = line[3..];
            if (cgroup.StartsWith("/..", StringComparison.Ordinal))
                throw new LinuxException("find the cgroup of process", process, Errno.ENOENT, null, $"It is outside of the caller's cgroup namespace: {cgroup}");
            const string Deleted = " (deleted)";
            if (cgroup.EndsWith(Deleted, StringComparison.Ordinal))
                throw new LinuxException("find the cgroup of process", process, Errno.ENOENT, null, $"It has been removed: {cgroup[..^Deleted.Length]}");
            return PathInHierarchy(cgroup);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException || (e is IOException && !Directory.Exists($"/proc/{process}")))
        {
            throw new LinuxException("find the cgroup of process", process, Errno.ESRCH);
        }
    }

    private static bool IsOurs(string path)
    {
        try
        {
            using CgroupDirectory directory = CgroupDirectory.Open(path);
            return directory.CanWrite("cgroup.procs") && directory.CanWrite("cgroup.subtree_control");
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    // mangle() of the kernel: space, tab, line end and backslash as three octal digits.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        return text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
    }
}
