namespace Isolation.Fs;

/// <summary>A file with a content that the caller gives, shown at a path.</summary>
/// <param name="Target">An absolute path in the container.</param>
/// <param name="Content">What it begins with; nobody changes it any more.</param>
/// <param name="Mode">Its permissions.</param>
internal sealed record FileMountSpec(string Target, ReadOnlyMemory<byte> Content, UnixFileMode Mode) : MountSpec(Target)
{
    /// <summary>How many bytes a file can have; the files of a program have four times that together, all of which is in the program's memory.</summary>
    public const int MaxSize = 1 << 20, MaxTotal = 4 * MaxSize;

    /// <summary>Whether it is left out where the root has no place for it.</summary>
    public bool IsOptional { get; init; }
}
