using System.Globalization;
using System.Text.RegularExpressions;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>
/// What this process has and what it has done to the machine: taken before and after, it shows what a test left behind.
/// Of the machine only that is counted which can be ours: mounts of our mount table, links, our descendants and what they
/// are in, cgroups and files with our name.
/// </summary>
public sealed partial class ResidueSnapshot
{
    // Of these there may be fewer than before: the kernel frees keyrings late, others delete their files, idle threads end, and what a
    // test before had started may be reaped only now.
    private static readonly string[] s_mayGo = ["keyring", "file", "thread", "child", "zombie", "descriptor anon_inode:[pidfd]", "descriptor pipe:"];

    private readonly SortedDictionary<string, int> _items = new(StringComparer.Ordinal);

    private ResidueSnapshot()
    {
    }

    public static ResidueSnapshot Take()
    {
        var snapshot = new ResidueSnapshot();
        snapshot.AddDescriptors();
        snapshot.AddProcesses();
        snapshot.AddThreads();
        snapshot.AddFileSystems();
        snapshot.AddProcess();
        return snapshot;
    }

    /// <summary>What the other has more (+) or less (-), a line each; empty when they are equal.</summary>
    public IReadOnlyList<string> Difference(ResidueSnapshot later)
    {
        var lines = new List<string>();
        foreach (string item in _items.Keys.Union(later._items.Keys, StringComparer.Ordinal))
        {
            int change = later._items.GetValueOrDefault(item) - _items.GetValueOrDefault(item);

            if (change > 0 || (change < 0 && !s_mayGo.Any(m => item.StartsWith(m, StringComparison.Ordinal))))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{change:+#;-#} {item}"));
        }

        return lines;
    }

    private void Add(string item) => _items[item] = _items.GetValueOrDefault(item) + 1;

    // Inode numbers differ from one pipe or socket to the next; how many there are is what counts.
    private void AddDescriptors()
    {
        var nonBlockingPipes = new List<string>();
        foreach (string path in Directory.EnumerateFiles("/proc/self/fd"))
        {
            string? target = new FileInfo(path).LinkTarget;

            // The runtime keeps the assemblies open that it loads when they are first needed, and their symbols when an exception is shown.
            if (target is null || target.StartsWith("/proc/", StringComparison.Ordinal) || target.EndsWith(".dll", StringComparison.Ordinal) || target.EndsWith(".pdb", StringComparison.Ordinal))
                continue;
            if (target.StartsWith("pipe:", StringComparison.Ordinal) && IsNonBlocking(Path.GetFileName(path)))
                nonBlockingPipes.Add(target);
            else
                Add("descriptor " + Numbers().Replace(target, "[n]"));
        }

        // When the runtime first unwinds its own native code, which a collection may make it do, it makes a pipe for ever,
        // to see whether an address can be read. Both ends are here and neither blocks: of our own pipes, the child's end does.
        // It has no more than one.
        string? runtimes = nonBlockingPipes.GroupBy(p => p).FirstOrDefault(p => p.Count() == 2)?.Key;
        foreach (string pipe in nonBlockingPipes.Where(p => p != runtimes))
            Add("descriptor " + Numbers().Replace(pipe, "[n]"));
    }

    private static bool IsNonBlocking(string descriptor)
    {
        try
        {
            // proc(5): "flags:" is octal; O_NONBLOCK is 04000.
            string flags = File.ReadLines("/proc/self/fdinfo/" + descriptor).First(l => l.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x800) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just been closed.
            return false;
        }
    }

    /// <summary>Children, zombies too, and all below them, with the namespaces that they are in.</summary>
    private void AddProcesses()
    {
        string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (string status in Directory.EnumerateDirectories("/proc"))
        {
            string[] fields;
            try
            {
                string text = File.ReadAllText(Path.Combine(status, "stat"));
                fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == self)
                    Add($"{(fields[0] == "Z" ? "zombie" : "child")} {text[text.IndexOf('(', StringComparison.Ordinal)..(text.LastIndexOf(')') + 1)]}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // No process, or one that has just ended.
            }
        }
    }

    /// <summary>The signal masks and namespaces of our threads.</summary>
    private void AddThreads()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                foreach (string line in File.ReadLines(Path.Combine(task, "status")))
                {
                    if (line.StartsWith("SigBlk", StringComparison.Ordinal) || line.StartsWith("SigIgn", StringComparison.Ordinal) || line.StartsWith("Cap", StringComparison.Ordinal) || line.StartsWith("Uid", StringComparison.Ordinal))
                        seen.Add(line);
                }

                foreach (string ns in Directory.EnumerateFiles(Path.Combine(task, "ns")))
                    seen.Add("namespace " + new FileInfo(ns).LinkTarget);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The thread has just ended.
            }
        }

        foreach (string item in seen)
            Add("thread " + item);
    }

    private void AddFileSystems()
    {
        foreach (string line in File.ReadLines("/proc/self/mountinfo"))
            Add("mount " + line);
        // Each link is a folder; a file there belongs to a module, such as that for bonds.
        foreach (string link in Directory.EnumerateDirectories("/sys/class/net"))
            Add("link " + Path.GetFileName(link));
        foreach (string folder in (string[])[Path.GetTempPath(), "/dev/shm", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"])
        {
            if (!Directory.Exists(folder))
                continue;
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "isolation*"))
                Add("file " + entry);
        }

        if (File.Exists("/proc/keys"))
        {
            foreach (string line in File.ReadLines("/proc/keys").Where(l => l.Contains("keyring", StringComparison.Ordinal)))
                Add("keyring " + string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5..8]));
        }
    }

    private void AddProcess()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            if (line.Contains("isolation", StringComparison.Ordinal) && line.Contains("/memfd", StringComparison.Ordinal))
                Add("mapping " + line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..(line.IndexOf(' ', StringComparison.Ordinal) + 5)] + " memfd");
        }

        foreach (string line in File.ReadLines("/proc/self/limits"))
            Add("limit " + line);
        foreach ((string name, int option) in ((string, int)[])[("dumpable", 3), ("no_new_privs", 39), ("thp_disable", 42), ("mdwe", 66)])
        {
            Add($"{name} {Sys.Call(SyscallNumber.Prctl, option)}");
        }

        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Umask", StringComparison.Ordinal) || line.StartsWith("NSsid", StringComparison.Ordinal) || line.StartsWith("NSpgid", StringComparison.Ordinal))
                Add(line);
        }

        Add("cwd " + Environment.CurrentDirectory);
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Numbers();
}
