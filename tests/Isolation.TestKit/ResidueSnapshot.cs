using System.Globalization;

namespace Isolation.TestKit;

/// <summary>
/// What this process has and what it has done to the machine: taken before and after, it shows what a test left behind.
/// Others work on the same machine, so of the machine only that is counted which can be ours: our descendants, mounts of
/// our mount table, links, cgroups below our own, cgroups and files with our name. A lab is ours alone: there every
/// process, cgroup and keyring counts.
/// </summary>
/// <remarks>
/// Not seen outside a lab: a process whose parents have all ended, with the namespaces that only it is in. Namespaces that
/// descriptors, mounts, threads or descendants hold are seen with these.
/// </remarks>
public sealed partial class ResidueSnapshot
{
    private readonly SortedDictionary<string, int> _items = new(StringComparer.Ordinal);

    private ResidueSnapshot()
    {
    }

    public static ResidueSnapshot Take()
    {
        var snapshot = new ResidueSnapshot();
        snapshot.AddDescriptors();
        snapshot.AddMappings();
        snapshot.AddSettings();
        snapshot.AddThreads();
        snapshot.AddProcesses();
        snapshot.AddFiles();
        snapshot.AddKeyrings();
        return snapshot;
    }

    /// <summary>What the other has more (+) or less (-), a line each; empty when they are equal.</summary>
    public IReadOnlyList<string> Difference(ResidueSnapshot later)
    {
        var lines = new List<string>();
        foreach (string item in _items.Keys.Union(later._items.Keys, StringComparer.Ordinal))
        {
            int change = later._items.GetValueOrDefault(item) - _items.GetValueOrDefault(item);

            // Others delete their files, keyrings are freed late, a lab's other processes end: fewer of these are none of ours.
            if (change > 0 || (change < 0 && !StartsWithAny(item, ["file ", "keyring ", "process "])))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{change:+#;-#} {item}"));
        }

        lines.AddRange(ThreadDifference(later));
        return lines;
    }

    private void Add(string item) => _items[item] = _items.GetValueOrDefault(item) + 1;

    /// <summary>What /proc tells about something that may end at any time, such as a thread; nothing if it just has.</summary>
    private static void WhileItLives(Action look)
    {
        try
        {
            look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A thread that ends while its file is read gives ESRCH, one that has ended ENOENT.
        }
    }

    private static bool StartsWithAny(string line, ReadOnlySpan<string> starts)
    {
        foreach (string start in starts)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
