namespace Isolation.Fs;

/// <summary>A file system in memory (tmpfs(5)).</summary>
public sealed record TmpfsOptions : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "tmpfs";

    /// <summary>Bytes at the most, which the kernel rounds up to pages; 0 for no bound; null for half of the memory.</summary>
    public long? Size { get; init; }

    /// <summary>Files at the most (nr_inodes); 0 for no bound; null for the kernel's choice.</summary>
    public long? Files { get; init; }

    /// <summary>The permissions of its root directory; null for 1777.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The user who owns its root directory, as this process's user namespace has it; null for the one who mounts it.</summary>
    public uint? User { get; init; }

    /// <summary>The group of its root directory; null for that of the one who mounts it.</summary>
    public uint? Group { get; init; }

    /// <summary>Whether it takes huge pages; null for the kernel's choice.</summary>
    public HugePages? HugePages { get; init; }

    private protected override void AddTo(FileSystemParameters parameters)
    {
        if (Size is { } size)
            parameters.Add("size", Number(size));
        if (Files is { } files)
            parameters.Add("nr_inodes", Number(files));
        if (Mode is { } mode)
            parameters.Add("mode", Octal(mode));
        if (User is { } user)
            parameters.Add("uid", Id(user));
        if (Group is { } group)
            parameters.Add("gid", Id(group));
        if (HugePages is { } huge)
        {
            parameters.Add("huge", Defined(huge) switch
            {
                Fs.HugePages.Always => "always",
                Fs.HugePages.WithinSize => "within_size",
                Fs.HugePages.Advise => "advise",
                _ => "never",
            });
        }
    }
}
