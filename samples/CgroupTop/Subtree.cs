using Isolation.Cgroups;
using Isolation.Syscalls;

namespace Isolation.Samples;

/// <summary>The cgroups at and below one, as they come and go.</summary>
internal sealed class Subtree(Cgroup top, int depth) : IDisposable
{
    private readonly Dictionary<string, WatchedLoad> _cgroups = new(StringComparer.Ordinal);

    /// <summary>The loads since the last look. A cgroup that is new since then has none yet.</summary>
    public IReadOnlyList<CgroupLoad> Take()
    {
        var loads = new List<CgroupLoad>();
        var gone = new HashSet<string>(_cgroups.Keys);
        foreach (string path in Paths())
        {
            if (_cgroups.TryGetValue(path, out WatchedLoad? known))
            {
                gone.Remove(path);
                if (known.Take() is { } load)
                    loads.Add(load);
            }
            else if (TryOpen(path) is { } cgroup)
            {
                WatchedLoad added = new(cgroup, path.Length == top.Path.Length ? "/" : path[top.Path.Length..]);
                _cgroups[path] = added;
                added.Take();
            }
        }

        foreach (string path in gone)
        {
            _cgroups[path].Dispose();
            _cgroups.Remove(path);
        }

        return loads;
    }

    public void Dispose()
    {
        foreach (WatchedLoad cgroup in _cgroups.Values)
            cgroup.Dispose();
        _cgroups.Clear();
    }

    private IEnumerable<string> Paths()
        => top.Walk().Select(static c => c.Path).Where(p => p.AsSpan(top.Path.Length).Count('/') <= depth).Prepend(top.Path);

    private static Cgroup? TryOpen(string path)
    {
        try
        {
            return Cgroup.Open(path);
        }
        catch (CgroupException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }
}
