using System.Globalization;

namespace Isolation.Fs;

/// <summary>The processes of this process's pid namespace (proc(5)).</summary>
public sealed record ProcOptions : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "proc";

    /// <summary>What it shows of the processes of others (hidepid).</summary>
    public ProcessVisibility Visibility { get; init; }

    /// <summary>A group that sees all processes all the same (gid).</summary>
    public uint? VisibleToGroup { get; init; }

    /// <summary>Whether it shows processes only, nothing of the machine (subset=pid).</summary>
    public bool ProcessesOnly { get; init; }

    internal override MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;

    private protected override void AddTo(FileSystemParameters parameters)
    {
        if (Visibility != ProcessVisibility.All)
            parameters.Add("hidepid", ((int)Defined(Visibility)).ToString(CultureInfo.InvariantCulture));
        if (VisibleToGroup is { } group)
            parameters.Add("gid", Id(group));
        if (ProcessesOnly)
            parameters.Add("subset", "pid");
    }
}
