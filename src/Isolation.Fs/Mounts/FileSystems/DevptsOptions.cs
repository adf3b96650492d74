namespace Isolation.Fs;

/// <summary>Pseudoterminals (pts(4)): always a new instance, with none of another's terminals.</summary>
public sealed record DevptsOptions : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "devpts";

    /// <summary>The owner of its terminals; null for the one who opens each.</summary>
    public uint? User { get; init; }

    /// <summary>The group of its terminals, by custom 5, tty; null for that of the one who opens each.</summary>
    public uint? Group { get; init; }

    /// <summary>The permissions of its terminals; null for 0600.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The permissions of its ptmx; null for 0000, with which nobody but root can make a terminal.</summary>
    public UnixFileMode? PtmxMode { get; init; }

    /// <summary>Terminals at the most; null for the kernel's bound.</summary>
    public int? Terminals { get; init; }

    internal override MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoExec;

    private protected override void AddTo(FileSystemParameters parameters)
    {
        parameters.Add("newinstance", null);
        if (User is { } user)
            parameters.Add("uid", Id(user));
        if (Group is { } group)
            parameters.Add("gid", Id(group));
        if (Mode is { } mode)
            parameters.Add("mode", Octal(mode));
        if (PtmxMode is { } ptmx)
            parameters.Add("ptmxmode", Octal(ptmx));
        if (Terminals is { } terminals)
            parameters.Add("max", Number(terminals));
    }
}
