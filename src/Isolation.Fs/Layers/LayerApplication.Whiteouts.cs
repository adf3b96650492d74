namespace Isolation.Fs.Layers;

/// <content>Whiteouts: what a layer takes away from those below it (layer.md, "Whiteouts").</content>
internal sealed partial class LayerApplication
{
    private void ApplyWhiteout(string folder, string name, string path)
    {
        if (name == LayerPath.Opaque)
        {
            ApplyOpaque(folder);
            return;
        }

        // Remains of AUFS, which mean nothing here.
        if (name.StartsWith(LayerPath.Internal, StringComparison.Ordinal))
            return;
        string hidden = name[LayerPath.WhiteoutPrefix.Length..];
        if (hidden is "" or "." or "..")
            throw new LayerException(LayerFault.Unsafe, path, "It is a whiteout of no name");
        string target = folder.Length == 0 ? hidden : $"{folder}/{hidden}";
        if (StatusOf(folder) is not { IsDirectory: true })
            return;
        if (_made.Contains(target))
        {
            ApplyOpaque(target);
            return;
        }

        _files.Remove(_parents.Open(folder), PathText.Encode(hidden), target);
        _parents.Forget();
    }

    /// <summary>Removes what the layers below have in a directory; what this layer has put there stays.</summary>
    private void ApplyOpaque(string folder)
    {
        if (StatusOf(folder) is not { IsDirectory: true } status || !_opaque.Add((status.FileSystem, status.Inode)))
            return;
        string prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (RootEntry entry in _root.List(folder.Length == 0 ? "/" : folder))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            string child = prefix + entry.Path;
            if (!_made.Contains(child))
                _files.Remove(_parents.Open(folder), PathText.Encode(entry.Path), child);
            else if (entry.Status.IsDirectory)
                ApplyOpaque(child);
        }

        _parents.Forget();
    }

    private FileStatus? StatusOf(string folder) => _root.TryGetStatus(folder.Length == 0 ? "/" : folder);
}
