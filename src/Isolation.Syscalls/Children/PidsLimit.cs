using System.Globalization;

namespace Isolation.Syscalls.Children;

/// <summary>Finds which limit on processes a failed clone ran into.</summary>
internal static class PidsLimit
{
    /// <summary>A sentence that names the limit that is reached, or those that could be.</summary>
    /// <param name="target">A descriptor of the cgroup that the child was to be born in, or -1.</param>
    public static string Explain(int target = -1)
    {
        try
        {
            foreach (string directory in Target(target).Concat(Cgroups()))
            {
                if (Read(directory, "pids.max") is { } max && Read(directory, "pids.current") is { } current && current >= max)
                    return $"The cgroup {directory} has {current} processes and threads of pids.max {max}";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An explanation that cannot be had must not hide the failure that it explains.
        }

        return "A limit on processes is reached: pids.max of a cgroup, RLIMIT_NPROC of the user, or kernel.pid_max";
    }

    private static string[] Target(int descriptor)
        => descriptor >= 0 && new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget is { } path ? [path] : [];

    // proc(5): /proc/self/cgroup has lines ID:CONTROLLERS:PATH; in cgroup v2 the controllers are empty.
    private static IEnumerable<string> Cgroups()
    {
        foreach (string line in File.ReadLines("/proc/self/cgroup"))
        {
            string[] fields = line.Split(':', 3);
            string? mount = fields[1] switch
            {
                "pids" => "/sys/fs/cgroup/pids",
                "" => Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup",
                _ => null,
            };
            if (mount is null)
                continue;
            for (string path = fields[2]; path.Length > 1; path = path[..path.LastIndexOf('/')])
                yield return mount + path;
        }
    }

    private static long? Read(string directory, string file)
    {
        string path = Path.Combine(directory, file);
        return File.Exists(path) && long.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }
}
