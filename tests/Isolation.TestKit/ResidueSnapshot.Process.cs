using System.Text.RegularExpressions;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>This process: descriptors, memory, and what it has set for itself.</summary>
public sealed partial class ResidueSnapshot
{
    private static readonly (string Name, int Get)[] s_flags = [("dumpable", 3), ("no_new_privs", 39), ("thp_disable", 42), ("mdwe", 66)];

    // Entries, not files: .NET takes a link to a directory for a directory, and a directory's descriptor is such a link.
    private void AddDescriptors()
    {
        string own = $"/proc/{Environment.ProcessId}/fd";
        foreach (string path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            string? target = new FileInfo(path).LinkTarget;

            // Without the one that reads this directory, and the assemblies: the runtime opens them when it first needs them.
            if (target is null || target == own || target.EndsWith(".dll", StringComparison.Ordinal))
                continue;

            // Numbers differ from one pipe, socket or process to the next; how many there are is what counts.
            Add("descriptor " + ProcessNumber().Replace(InodeNumber().Replace(target, "[n]"), "/proc/n"));
        }
    }

    // The runtime maps its own code from a memory file named doublemapper.
    private void AddMappings()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string access = line.Split(' ', 3)[1];
            if (line.Contains("/memfd:", StringComparison.Ordinal) && !line.Contains("/memfd:doublemapper", StringComparison.Ordinal)
                && (access.Contains('x', StringComparison.Ordinal) || line.Contains("isolation", StringComparison.Ordinal)))
                Add($"mapping {access} memfd");
        }
    }

    private void AddSettings()
    {
        foreach (string line in File.ReadLines("/proc/self/limits"))
            Add("limit " + line);
        foreach ((string name, int get) in s_flags)
            Add($"{name} {Sys.Call(SyscallNumber.Prctl, get)}");
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (StartsWithAny(line, ["Umask", "NSsid", "NSpgid"]))
                Add(line);
        }

        Add("cwd " + Environment.CurrentDirectory);
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex InodeNumber();

    [GeneratedRegex(@"^/proc/\d+")]
    private static partial Regex ProcessNumber();
}
