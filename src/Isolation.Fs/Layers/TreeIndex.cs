namespace Isolation.Fs.Layers;

/// <summary>All files of a tree by their paths, and which of them are names of the same file.</summary>
internal sealed class TreeIndex
{
    private readonly Dictionary<string, FileStatus> _files = [];
    private readonly Dictionary<(ulong FileSystem, ulong Inode), string> _firstNames = [];

    public TreeIndex(RootDirectory? root, int maxEntries)
    {
        if (root is null)
            return;
        foreach (RootEntry entry in root.Walk())
        {
            if (_files.Count == maxEntries)
                throw new LayerException(LayerFault.TooLarge, entry.Path, $"The tree has more than {maxEntries} files");
            _files.Add(entry.Path, entry.Status);
            Paths.Add(entry.Path);
            if (entry.Status is { Links: > 1, IsDirectory: false })
                _firstNames.TryAdd((entry.Status.FileSystem, entry.Status.Inode), entry.Path);
        }
    }

    /// <summary>In the order of the walk.</summary>
    public List<string> Paths { get; } = [];

    public FileStatus? Find(string path) => _files.TryGetValue(path, out FileStatus status) ? status : null;

    /// <summary>The first name of the file, if that is another one.</summary>
    public string? LinkOf(string path)
        => _files.TryGetValue(path, out FileStatus status)
            && _firstNames.TryGetValue((status.FileSystem, status.Inode), out string? first)
            && first != path
            ? first
            : null;
}
