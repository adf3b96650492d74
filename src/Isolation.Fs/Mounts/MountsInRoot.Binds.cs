using Isolation.Syscalls;

namespace Isolation.Fs;

/// <content>Directories and files of the host.</content>
internal sealed partial class MountsInRoot
{
    private readonly Dictionary<BindMountSpec, StepValue> _sources = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes a mount of the manager's for what is to be bound.</summary>
    public void Supply(BindMountSpec bind, StepValue tree) => _sources.Add(bind, tree);

    /// <summary>
    /// Cuts all mounts off from the host's. What is to go on receiving is opened in between, when all are slaves: of a
    /// mount that was private once, no slave can be made.
    /// </summary>
    public void CutOff(MountPropagation propagation, IEnumerable<BindMountSpec> binds)
    {
        BindMountSpec[] receiving = [.. binds.Where(b => b.Receives)];
        program.CutOffMounts(receiving.Length > 0 ? MountPropagation.Slave : propagation);
        foreach (BindMountSpec bind in receiving)
            OpenSource(bind);
        if (receiving.Length > 0 && propagation is MountPropagation.Private or MountPropagation.Unbindable)
            program.SetPropagation(MountPropagation.Private);
    }

    /// <summary>Opens what is to be bound, as the user who asks for it, unless it is open already.</summary>
    public void OpenSource(BindMountSpec bind)
    {
        if (_sources.ContainsKey(bind))
            return;
        var note = new StepNote("open", bind.Source)
        {
            Result = "source",
            Hint = e => e == Errno.EINVAL && !bind.Recursive ? "In a user namespace the mounts below a directory are locked to it, and it is bound with them only" : null,
        };
        StepValue tree = program.CloneTree(note, bind.Source, bind.Recursive);
        MountChange attributes = bind.Change with { Propagation = null };
        if (attributes != new MountChange())
        {
            string operation = attributes == new MountChange { Set = MountAttributes.ReadOnly } ? "make read-only" : "change the mount of";
            program.ChangeMount(new StepNote(operation, bind.Source) { Hint = LockedHint }, tree, attributes);
        }

        _sources.Add(bind, tree);
    }

    /// <summary>Binds what <see cref="OpenSource"/> has opened.</summary>
    public void Bind(BindMountSpec bind)
    {
        StepValue tree = _sources[bind];
        FileStatus source = FileStatus.Of(bind.Source, "bind");
        bool isDirectory = source.IsDirectory;
        if (bind.IsDevice && source.Kind is not (FileKind.CharacterDevice or FileKind.BlockDevice))
            throw new LinuxException("show the device", bind.Source, Errno.ENODEV, "statx", "It is no device; WithBindMount shows files and directories");
        _attach.Add(() => AttachHere(new StepNote($"bind {bind.Source} on", bind.Target), tree, bind.Target, isDirectory, followLinks: true));
    }

    /// <summary>The propagation of all mounts, and then that of binds which have their own.</summary>
    public void FinishPropagation(MountPropagation propagation)
    {
        program.FinishPropagation(propagation);
        foreach ((BindMountSpec bind, StepValue tree) in _sources)
        {
            if (bind.Change.Propagation is { } own && own != propagation)
                program.ChangeMount(new StepNote("change the propagation of", bind.Target), tree, new MountChange { Propagation = own });
        }
    }

    private static string? LockedHint(Errno errno)
        => errno == Errno.EPERM ? "What a mount of the host refuses, and its access times, cannot be changed in a user namespace (mount_namespaces(7))" : null;
}
