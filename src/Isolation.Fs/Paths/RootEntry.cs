namespace Isolation.Fs;

/// <summary>A file that a listing or a walk came to.</summary>
/// <param name="Path">Its path: in a listing its name, in a walk relative to where the walk began.</param>
/// <param name="Status">What it is; of a link, the link itself.</param>
public readonly record struct RootEntry(string Path, FileStatus Status)
{
    /// <summary>Its name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
