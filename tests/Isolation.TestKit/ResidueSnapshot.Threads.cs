namespace Isolation.TestKit;

/// <summary>Our threads. The pool makes and ends them as it likes, so not their number counts but what each has become.</summary>
public sealed partial class ResidueSnapshot
{
    private readonly Dictionary<string, HashSet<string>> _threads = [];

    private void AddThreads()
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            WhileItLives(() =>
            {
                var state = new HashSet<string>();
                foreach (string line in File.ReadLines(Path.Combine(task, "status")))
                {
                    if (StartsWithAny(line, ["SigBlk", "SigIgn", "Cap", "Uid", "Gid", "Groups", "NoNewPrivs", "Seccomp:"]))
                        state.Add(line);
                }

                foreach (string ns in Directory.EnumerateFiles(Path.Combine(task, "ns")))
                    state.Add("namespace " + new FileInfo(ns).LinkTarget);
                _threads[Path.GetFileName(task)] = state;

                // The engine's own: a warm-up makes them, and they stay.
                string name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
                if (name.StartsWith("isolation-", StringComparison.Ordinal))
                    Add("thread named " + name);
            });
        }
    }

    /// <summary>What threads are that they were not; of a new one, what none was.</summary>
    private IEnumerable<string> ThreadDifference(ResidueSnapshot later)
    {
        HashSet<string> known = [.. _threads.Values.SelectMany(s => s)];
        return later._threads
            .SelectMany(thread => thread.Value.Except(_threads.GetValueOrDefault(thread.Key, known)))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(state => "+1 thread " + state);
    }
}
