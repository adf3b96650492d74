namespace Isolation.Fs;

/// <summary>An option of a file system by its kernel name (fsconfig(2)).</summary>
public readonly record struct FileSystemOption
{
    /// <summary>A key with a value, or, when the value is null, one that is a switch.</summary>
    /// <exception cref="ArgumentException">The key is empty, or holds a comma, an equals sign or a NUL; or the value holds a NUL.</exception>
    public FileSystemOption(string key, string? value = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.AsSpan().ContainsAny(",=\0"))
            throw new ArgumentException("The key of an option has no comma, equals sign or NUL.", nameof(key));
        if (value?.Contains('\0', StringComparison.Ordinal) == true)
            throw new ArgumentException("The value of an option has no NUL.", nameof(value));
        Key = key;
        Value = value;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value; null when there is none.</summary>
    public string? Value { get; }

    /// <summary>As in the options of mount(8).</summary>
    public override string ToString() => Value is null ? Key : $"{Key}={Value}";
}
