using System.Collections.Immutable;
using System.Globalization;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <summary>Collects the namespaces of the machine: from processes, from mounts, and from what those belong to.</summary>
internal sealed class NamespaceScan(NamespaceKinds kinds)
{
    private readonly Dictionary<NamespaceId, Found> _found = [];
    private readonly NamespaceKinds[] _kinds = [.. Enum.GetValues<NamespaceKinds>().Where(k => k is not (NamespaceKinds.None or NamespaceKinds.All) && kinds.HasFlag(k))];

    public void AddProcesses()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                AddProcess(folder, id);
        }
    }

    public void AddMounts()
    {
        foreach ((NamespaceKinds kind, NamespaceId id, string path) in NamespaceMounts.Read())
        {
            if (!kinds.HasFlag(kind))
                continue;
            Find(kind, id, path).MountPoints.Add(path);
        }
    }

    public ImmutableArray<NamespaceInfo> ToInfo()
        =>
        [
            .. _found.OrderBy(f => f.Value.Kind).ThenBy(f => f.Key.Inode).Select(f => new NamespaceInfo(f.Value.Kind, f.Key)
            {
                Processes = [.. f.Value.Processes.OrderBy(p => p.Id)],
                Owner = f.Value.Owner,
                Parent = f.Value.Parent,
                MountPoints = [.. f.Value.MountPoints],
            }),
        ];

    private void AddProcess(string folder, int id)
    {
        NamespaceProcess? process = null;
        foreach (NamespaceKinds kind in _kinds)
        {
            string path = $"{folder}/ns/{NamespaceFile.Name(kind)}";
            if (NamespaceFile.TryIdentify(path) is not { } space)
                continue;
            process ??= NamespaceProcess.TryRead(id);
            if (process is null)
                return;
            Find(kind, space, path).Processes.Add(process);
        }
    }

    /// <summary>What is known of a namespace; the first path that can still be opened tells its relations.</summary>
    private Found Find(NamespaceKinds kind, NamespaceId id, string path)
    {
        if (!_found.TryGetValue(id, out Found? found))
            _found.Add(id, found = new Found(kind));
        if (!found.IsRelated)
            Relate(found, id, path);
        return found;
    }

    private void Relate(Found found, NamespaceId id, string path)
    {
        try
        {
            using var opened = Namespace.FromPath(path);

            // Another process has the process id by now, or another file system lies on the file.
            if (opened.Id == id)
                Relate(found, opened);
        }
        catch (LinuxException)
        {
            // The process has ended, or the file is not the caller's to open: another path may tell.
        }
    }

    private void Relate(Found found, Namespace opened)
    {
        found.IsRelated = true;
        using UserNamespace? owner = opened.OpenOwner();
        using Namespace? parent = opened switch
        {
            UserNamespace user => user.OpenParent(),
            PidNamespace pid => pid.OpenParent(),
            _ => null,
        };
        found.Owner = AddAbove(owner);
        found.Parent = AddAbove(parent);
    }

    private NamespaceId? AddAbove(Namespace? above)
    {
        if (above is null)
            return null;
        if (kinds.HasFlag(above.Kind) && !_found.ContainsKey(above.Id))
        {
            var found = new Found(above.Kind);
            _found.Add(above.Id, found);
            Relate(found, above);
        }

        return above.Id;
    }

    private sealed class Found(NamespaceKinds kind)
    {
        public NamespaceKinds Kind { get; } = kind;

        public List<NamespaceProcess> Processes { get; } = [];

        public List<string> MountPoints { get; } = [];

        public NamespaceId? Owner { get; set; }

        public NamespaceId? Parent { get; set; }

        public bool IsRelated { get; set; }
    }
}
