namespace Isolation.Fs;

/// <summary>The cgroups of version 2, from the root of this thread's cgroup namespace on (cgroups(7)).</summary>
/// <remarks>
/// The switches belong to the hierarchy, not to the mount. From the initial cgroup namespace a mount sets them for the whole machine,
/// and takes back those that it does not name; from another one they have no effect.
/// </remarks>
public sealed record Cgroup2Options : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "cgroup2";

    /// <summary>Whether cgroup namespaces are borders of delegation (nsdelegate).</summary>
    public bool NamespacesDelegate { get; init; }

    /// <summary>Whether memory.events counts a cgroup's own events only (memory_localevents).</summary>
    public bool LocalMemoryEvents { get; init; }

    /// <summary>Whether memory.min and memory.low protect all below as well (memory_recursiveprot).</summary>
    public bool RecursiveMemoryProtection { get; init; }

    internal override MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;

    private protected override void AddTo(FileSystemParameters parameters)
    {
        parameters.AddIf(NamespacesDelegate, "nsdelegate");
        parameters.AddIf(LocalMemoryEvents, "memory_localevents");
        parameters.AddIf(RecursiveMemoryProtection, "memory_recursiveprot");
    }
}
