using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Isolation.Fs;

/// <summary>A mount table as the tree that it is: what is mounted on what, and what shares mounts with what.</summary>
public sealed class MountTree
{
    private readonly FrozenDictionary<int, MountTableEntry> _byId;
    private readonly ILookup<int, MountTableEntry> _children;

    /// <summary>The tree of a table.</summary>
    /// <param name="mounts">In the order of the kernel. Of two with the same id, the first counts.</param>
    public MountTree(IEnumerable<MountTableEntry> mounts)
    {
        ArgumentNullException.ThrowIfNull(mounts);
        Mounts = [.. mounts.DistinctBy(m => m.Id)];
        _byId = Mounts.ToFrozenDictionary(m => m.Id);
        _children = Mounts.Where(m => m.ParentId != m.Id).ToLookup(m => m.ParentId);
    }

    /// <summary>All mounts, in the order of the table.</summary>
    public ImmutableArray<MountTableEntry> Mounts { get; }

    /// <summary>Those that are mounted on nothing in the table: the root, and what another root directory hides.</summary>
    public IEnumerable<MountTableEntry> Roots => Mounts.Where(m => GetParent(m) is null);

    /// <summary>The tree of the mounts that this thread sees.</summary>
    /// <exception cref="Syscalls.LinuxException">ENOENT: there is no /proc.</exception>
    public static MountTree Read() => new(MountTable.Read());

    /// <summary>What a mount is mounted on; null when that is not in the table.</summary>
    public MountTableEntry? GetParent(MountTableEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return mount.ParentId == mount.Id ? null : _byId.GetValueOrDefault(mount.ParentId);
    }

    /// <summary>What is mounted on a mount, hidden ones included.</summary>
    public IEnumerable<MountTableEntry> GetChildren(MountTableEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return _children[mount.Id];
    }

    /// <summary>All that is mounted on a mount and on what is mounted there, each after what it is mounted on.</summary>
    public IEnumerable<MountTableEntry> GetDescendants(MountTableEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);

        // A table need not be the kernel's: it may go round in a circle.
        var seen = new HashSet<int> { mount.Id };
        var rest = new Stack<MountTableEntry>(_children[mount.Id].Reverse());
        while (rest.TryPop(out MountTableEntry? next))
        {
            if (!seen.Add(next.Id))
                continue;
            yield return next;
            foreach (MountTableEntry child in _children[next.Id].Reverse())
                rest.Push(child);
        }
    }

    /// <summary>The mount that a path leads into, as a walk from the root finds it: mounts on top of others count, those beneath do not.</summary>
    /// <param name="path">An absolute path without symbolic links, <c>.</c> and <c>..</c>, as the table has them.</param>
    /// <returns>Null when no mount of the table is on the way.</returns>
    public MountTableEntry? Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] != '/')
            throw new ArgumentException("The path is not absolute.", nameof(path));
        MountTableEntry? current = Roots.Where(m => Covers(m, path)).MaxBy(m => m.MountPoint.Length);
        var seen = new HashSet<int>();
        while (current is not null && seen.Add(current.Id))
        {
            // The first one that a walk comes to is the one with the shortest way.
            if (_children[current.Id].Where(m => Covers(m, path)).MinBy(m => m.MountPoint.Length) is not { } next)
                return current;
            current = next;
        }

        return current;
    }

    /// <summary>The mounts of a peer group, between which mounts and unmounts propagate.</summary>
    public IEnumerable<MountTableEntry> GetPeerGroup(int group) => Mounts.Where(m => m.PeerGroup == group);

    /// <summary>The mounts that receive mounts and unmounts of a peer group.</summary>
    public IEnumerable<MountTableEntry> GetSlaves(int group) => Mounts.Where(m => m.MasterGroup == group);

    private static bool Covers(MountTableEntry mount, string path)
    {
        string point = mount.MountPoint;
        return path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || point.EndsWith('/') || path[point.Length] == '/');
    }
}
