using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <summary>Translates process ids by what /proc tells (proc_pid_status(5), NSpid and NStgid), as kernels before 6.12 need it.</summary>
internal static class PidTranslation
{
    /// <summary>The id that a process or thread of the caller's namespace has in another one.</summary>
    public static int? Inside(PidNamespace space, int id, bool threads)
        => IdIn(space, $"/proc/{id.ToString(CultureInfo.InvariantCulture)}", threads);

    /// <summary>The id of whoever has a given id in another namespace: found by looking at all.</summary>
    public static int? Outside(PidNamespace space, int idInside, bool threads)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int processId) || IdIn(space, process, threads: false) is not { } leader)
                continue;
            if (leader == idInside)
                return processId;
            foreach (string thread in Tasks(process))
            {
                if (IdIn(space, thread, threads: true) == idInside)
                    return threads ? int.Parse(Path.GetFileName(thread.AsSpan()), CultureInfo.InvariantCulture) : processId;
            }
        }

        return null;
    }

    // The last number is that of the innermost namespace, the one before it that of its parent, and so on.
    private static int? IdIn(PidNamespace space, string folder, bool threads)
    {
        try
        {
            string field = threads ? "NSpid:" : "NStgid:";
            if (File.ReadLines($"{folder}/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) is not { } line)
                return null;
            string[] ids = line[field.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            int up = LevelsBelow(space, $"{folder}/ns/pid");
            return up >= 0 && up < ids.Length ? int.Parse(ids[^(up + 1)], CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException { Errno: Errno.ENOENT or Errno.ESRCH or Errno.EACCES })
        {
            // It has ended, or is not the caller's to look into.
            return null;
        }
    }

    /// <summary>How far a process's namespace is below another, or -1 when it is not below it.</summary>
    private static int LevelsBelow(PidNamespace space, string path)
    {
        var current = (PidNamespace?)Namespace.Open(path, NamespaceKinds.Pid);
        for (int level = 0; current is not null; level++)
        {
            using PidNamespace looked = current;
            if (looked.Equals(space))
                return level;
            current = looked.OpenParent();
        }

        return -1;
    }

    private static string[] Tasks(string process)
    {
        try
        {
            return Directory.GetDirectories($"{process}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
