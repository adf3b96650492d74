using System.Collections.Immutable;
using System.Globalization;

namespace Isolation.Fs;

/// <summary>A file system that is to be made: its type and its options.</summary>
public abstract record FileSystemOptions
{
    private protected FileSystemOptions()
    {
    }

    /// <summary>The type, by its kernel name (/proc/filesystems).</summary>
    public abstract string Type { get; }

    /// <summary>What is mounted, such as a device; of a file system without any, the name that the mount table shows. Null for the type's name.</summary>
    public string? Source { get; init; }

    /// <summary>Further options, after the typed ones.</summary>
    public ImmutableArray<FileSystemOption> Additional { get; init; } = [];

    /// <summary>What a mount of it by custom refuses: set-user-ID programs and, unless it is for devices, devices.</summary>
    internal virtual MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoDev;

    /// <summary>Adds the typed options.</summary>
    private protected abstract void AddTo(FileSystemParameters parameters);

    /// <summary>All options as the kernel takes them.</summary>
    /// <param name="opensDirectories">Whether directories are opened, to name them in a way that no option misreads; else they are named as they are.</param>
    internal FileSystemParameters Resolve(bool opensDirectories = true)
    {
        var parameters = new FileSystemParameters(Type, Source ?? Type) { OpensDirectories = opensDirectories };
        try
        {
            AddTo(parameters);
            foreach (FileSystemOption option in Additional.IsDefault ? [] : Additional)
                parameters.Add(option);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private protected static string Octal(UnixFileMode mode)
        => ((int)mode & ~0xfff) == 0 ? Convert.ToString((int)mode, 8) : throw new ArgumentOutOfRangeException(nameof(mode), mode, "Permissions are at most 07777.");

    private protected static string Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private protected static T Defined<T>(T value)
        where T : struct, Enum
        => Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, null);

    private protected static string Id(uint id)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(id, uint.MaxValue);
        return id.ToString(CultureInfo.InvariantCulture);
    }
}
