namespace Isolation.Fs;

/// <summary>A file system of any type that the kernel has, with options by their names.</summary>
public sealed record OtherFileSystemOptions : FileSystemOptions
{
    /// <summary>One of a type.</summary>
    /// <param name="type">As in /proc/filesystems.</param>
    public OtherFileSystemOptions(string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        if (type.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A type has no NUL.", nameof(type));
        Type = type;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    private protected override void AddTo(FileSystemParameters parameters)
    {
    }
}
