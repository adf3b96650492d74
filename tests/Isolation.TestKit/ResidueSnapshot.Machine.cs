using System.Globalization;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>The machine, as far as it can be ours: processes, mounts, links, cgroups, files, keyrings.</summary>
public sealed partial class ResidueSnapshot
{
    private static readonly string[] s_cgroupRoots = [.. ((string[])["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]).Where(d => File.Exists(d + "/cgroup.procs"))];

    /// <summary>Children, zombies too, and all below them. In a lab every process but the kernel's own threads.</summary>
    private void AddProcesses()
    {
        const int KernelThreads = 2;
        Dictionary<int, (string Name, string State, int Parent)> processes = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id))
                continue;
            WhileItLives(() =>
            {
                // proc(5): the name stands in brackets and may hold any character, a bracket and a space too.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                int end = stat.LastIndexOf(')') + 1;
                string[] fields = stat[(end + 1)..].Split(' ');
                processes[id] = (stat[stat.IndexOf('(', StringComparison.Ordinal)..end], fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
            });
        }

        int? Generations(int id)
        {
            for (int generations = 0; processes.TryGetValue(id, out var process) && generations <= processes.Count; generations++, id = process.Parent)
            {
                if (id == Environment.ProcessId)
                    return generations;
            }

            return null;
        }

        foreach ((int id, (string name, string state, int parent)) in processes)
        {
            switch (Generations(id))
            {
                case 0: break;
                case 1: Add($"child {name} {state}"); break;
                case > 1: Add($"descendant {name}"); break;
                case null when Machine.Lab is not null && id != KernelThreads && parent != KernelThreads: Add($"process {name}"); break;
            }
        }
    }

    private void AddFiles()
    {
        foreach (string line in File.ReadLines("/proc/self/mountinfo"))
            Add("mount " + line);
        foreach (string link in Directory.EnumerateFileSystemEntries("/sys/class/net"))
            Add("link " + Path.GetFileName(link));
        foreach (string folder in ((string[])[Path.GetTempPath(), "/dev/shm"]).Where(Directory.Exists))
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "isolation*"))
                Add("file " + entry);
        }

        foreach (string root in s_cgroupRoots)
        {
            foreach (string cgroup in Cgroups(root))
                Add("cgroup " + cgroup);
        }
    }

    // All that lies below our own cgroup is ours, unless it is the root, which everybody shares.
    private static IEnumerable<string> Cgroups(string root)
    {
        string own = File.ReadLines("/proc/self/cgroup").First(l => l.StartsWith("0::", StringComparison.Ordinal))[3..];
        if (Machine.Lab is not null)
            return Below(root);
        IEnumerable<string> named = Directory.GetDirectories(root, "isolation*").SelectMany(d => Below(d).Prepend(d));
        return own != "/" && Directory.Exists(root + own) ? named.Union(Below(root + own)) : named;
    }

    // A cgroup may go while its parent is being read.
    private static List<string> Below(string folder)
    {
        var all = new List<string>();
        WhileItLives(() =>
        {
            foreach (string directory in Directory.EnumerateDirectories(folder))
                all.AddRange([directory, .. Below(directory)]);
        });
        return all;
    }

    // Others come and go in the list of all keyrings, which does not say whose they are.
    private void AddKeyrings()
    {
        const int GetId = 0, SessionKeyring = -3;
        Add($"keyring {Sys.Call(SyscallNumber.Keyctl, GetId, SessionKeyring, 0)} of this session");
        if (Machine.Lab is null || !File.Exists("/proc/keys"))
            return;
        foreach (string line in File.ReadLines("/proc/keys").Where(l => l.Contains(" keyring ", StringComparison.Ordinal)))
            Add("keyring " + string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5..9]));
    }
}
