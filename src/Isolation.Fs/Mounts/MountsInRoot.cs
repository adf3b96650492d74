using Isolation.Fs.Interop;
using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>
/// The mounts below a root. Prepared in two moments: before the child moves into its root, while the host's files can be
/// opened and a visible /proc allows another one; and after it, when no path can lead out any more.
/// </summary>
internal sealed partial class MountsInRoot(SyscallProgramBuilder program)
{
    private const int MaxParts = 256;

    private readonly List<Action> _attach = [];
    private readonly Dictionary<BindMountSpec, StepValue> _sources = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether missing mount points are made.</summary>
    public bool CreateMountPoints { get; init; }

    /// <summary>Whether the calling process may use group 5, tty, for terminals.</summary>
    public bool HasTtyGroup { get; init; }

    /// <summary>Attaches what was prepared, in the order in which it was asked for. Comes after the move into the root.</summary>
    public void AttachAll()
    {
        foreach (Action attach in _attach)
            attach();
    }

    /// <summary>Opens what is to be bound, as the user who asks for it.</summary>
    public void OpenSource(BindMountSpec bind)
    {
        StepValue tree = program.CloneTree(new StepNote("open", bind.Source) { Result = "source" }, bind.Source);
        if (bind.Access == MountAccess.ReadOnly)
            program.SetMountAttributes(new StepNote("make read-only", bind.Source), tree, MountAttributes.ReadOnly);
        _sources[bind] = tree;
    }

    /// <summary>/proc of the child's own pid namespace.</summary>
    public void NewProc() => New("proc", "/proc", MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec, static e => e == Errno.EPERM ? "A new /proc in a user namespace needs a /proc on the host that nothing is mounted over, and WithPidNs()" : null);

    /// <summary>/sys of the child's own network namespace, read-only.</summary>
    public void NewSys() => New("sysfs", "/sys", MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec, null);

    /// <summary>The host's /proc or /sys, with all below.</summary>
    public void HostTree(string path, MountAttributes attributes)
    {
        var note = new StepNote("bind the host's", path);
        StepValue tree = program.CloneTree(note with { Result = path[1..] }, path);
        if (attributes != 0)
            program.SetMountAttributes(note, tree, attributes);
        _attach.Add(() => AttachHere(note, tree, path, isDirectory: true, followLinks: false));
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

    /// <summary>An empty file system in memory.</summary>
    public void Tmpfs(TmpfsMountSpec tmpfs)
    {
        var note = new StepNote("mount tmpfs on", tmpfs.Target);
        List<(string, string?)> options = [("mode", Convert.ToString((int)tmpfs.Mode, 8))];
        if (tmpfs.Size is { } size)
            options.Add(("size", size.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        StepValue mount = program.MakeFileSystem(note with { Result = "tmpfs" }, "tmpfs", MountAttributes.NoSuid | MountAttributes.NoDev, [.. options]);
        _attach.Add(() => AttachHere(note, mount, tmpfs.Target, isDirectory: true, followLinks: true));
    }

    /// <summary>/dev: a tmpfs with the host's harmless devices, an own devpts and /dev/shm, and the usual links.</summary>
    public void Dev()
    {
        var note = new StepNote("mount tmpfs on", "/dev");
        StepValue dev = program.MakeFileSystem(note with { Result = "dev" }, "tmpfs", MountAttributes.NoSuid, ("mode", "0755"));
        var nodes = new List<(StepValue Node, string Name)>();
        foreach (HostDevice device in HostDevice.Harmless)
        {
            device.Check();
            nodes.Add((program.CloneTree(new StepNote("open", device.Path) { Result = device.Name }, device.Path, recursive: false), device.Name));
        }

        List<(string, string?)> options = [("newinstance", null), ("ptmxmode", "0666"), ("mode", "0620")];
        if (HasTtyGroup)
            options.Add(("gid", "5"));
        StepValue pts = program.MakeFileSystem(new StepNote("mount devpts on", "/dev/pts") { Result = "pts" }, "devpts", MountAttributes.NoSuid | MountAttributes.NoExec, [.. options]);
        StepValue shm = program.MakeFileSystem(new StepNote("mount tmpfs on", "/dev/shm") { Result = "shm" }, "tmpfs", MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec, ("mode", "1777"), ("size", "67108864"));
        _attach.Add(() =>
        {
            AttachHere(note, dev, "/dev", isDirectory: true, followLinks: false);
            foreach ((StepValue node, string name) in nodes)
            {
                var show = new StepNote("show the host's", $"/dev/{name}");
                program.Call(SyscallNumber.MknodAt, show, dev, program.Text(name), Argument.Constant(0x81b6, "S_IFREG|0666"), 0);
                program.Attach(show, node, dev, name);
            }

            foreach ((string name, string target) in (ReadOnlySpan<(string, string)>)[("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")])
                program.Call(SyscallNumber.SymlinkAt, new StepNote("link", $"/dev/{name}"), program.Text(target), dev, program.Text(name));
            program.MakeDirectory(new StepNote("make", "/dev/pts"), dev, "pts");
            program.Attach(new StepNote("mount devpts on", "/dev/pts"), pts, dev, "pts");
            program.MakeDirectory(new StepNote("make", "/dev/shm"), dev, "shm");
            program.Attach(new StepNote("mount tmpfs on", "/dev/shm"), shm, dev, "shm");
        });
    }

    private void New(string type, string target, MountAttributes attributes, Func<Errno, string?>? hint)
    {
        var note = new StepNote($"mount {type} on", target) { Hint = hint };
        StepValue mount = program.MakeFileSystem(note with { Result = type }, type, attributes);
        _attach.Add(() => AttachHere(note, mount, target, isDirectory: true, followLinks: false));
    }

    /// <summary>
    /// Attaches a mount at a path of the root that the child is in by now. A path that a caller chose may go through
    /// symbolic links of the root; /proc, /sys and /dev may not be links, so that what is written there later arrives there.
    /// </summary>
    private void AttachHere(StepNote note, StepValue mount, string target, bool isDirectory, bool followLinks)
    {
        StepNote place = note with
        {
            Hint = e => e switch
            {
                Errno.EROFS => $"The root is read-only and has no {target}; make it there, or use RootFsMode.Overlay",
                Errno.ELOOP => followLinks
                    ? $"The symbolic links on the way to {target} lead in a circle, or through a link of /proc"
                    : $"{target} is a symbolic link; in this place the root needs a directory",
                Errno.ENOENT when CreateMountPoints => $"A symbolic link on the way to {target} points to nothing inside the root",
                Errno.ENOENT => "Without a root file system of its own, mount points must exist",
                Errno.ENOTDIR => isDirectory ? $"{target}, or a part of it, is no directory" : $"A part of {target} is no directory",
                _ => note.Hint?.Invoke(e),
            },
        };
        if (CreateMountPoints)
            MakeMountPoint(place, target, isDirectory);
        program.AttachOn(
            note with { Hint = e => e == Errno.EINVAL && !isDirectory ? $"A file is mounted on a file only, and {target} may be a directory" : note.Hint?.Invoke(e) },
            mount,
            Resolve(place with { Result = "mountpoint" }, target, isDirectory, followLinks));
    }

    private StepValue Resolve(StepNote note, string path, bool isDirectory, bool followLinks) => Resolve(note, MountSteps.CurrentDirectory, path, isDirectory, followLinks);

    private StepValue Resolve(StepNote note, Argument directory, string path, bool isDirectory, bool followLinks)
    {
        int flags = OpenPath | CloseOnExec | (isDirectory ? OpenDirectory : 0);

        // The child's root directory is the new root by now, so all that links and ".." can lead to is in it. RESOLVE_IN_ROOT
        // would add nothing but a failure: EAGAIN after a ".." when anything on the machine was renamed or mounted meanwhile.
        ulong resolve = ResolveNoMagicLinks | (followLinks ? 0 : ResolveNoSymlinks);
        return program.Call(
            SyscallNumber.OpenAt2,
            note,
            directory,
            program.Text(path),
            program.Structure(
                new OpenHow((ulong)flags, 0, resolve),
                $"{{flags=O_PATH|O_CLOEXEC{(isDirectory ? "|O_DIRECTORY" : "")}, resolve=RESOLVE_NO_MAGICLINKS{(followLinks ? "" : "|RESOLVE_NO_SYMLINKS")}}}"),
            24);
    }

    private void MakeMountPoint(StepNote note, string target, bool isDirectory)
    {
        // Each in its parent, which is resolved within the root and without magic links: those of /proc lead to the
        // descriptors of the manager, which are still open here.
        string[] parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);

        // Before anything starts: each part is two steps of a program that has its own limit.
        if (System.Text.Encoding.UTF8.GetByteCount(target) >= PathConstants.MaxPath)
            throw new LinuxException(note.Operation, target, Errno.ENAMETOOLONG);
        if (parts.Length > MaxParts)
            throw new LinuxException(note.Operation, target, Errno.ENAMETOOLONG, hint: $"It has {parts.Length} parts, and a mount point that may have to be made has {MaxParts} at the most");
        Argument parent = MountSteps.CurrentDirectory;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0)
                parent = Resolve(note with { Result = "parent" }, "/" + string.Join('/', parts[..i]), isDirectory: true, followLinks: true);
            if (i < parts.Length - 1 || isDirectory)
                program.MakeDirectory(note, parent, parts[i]);
            else
                program.Call(SyscallNumber.MknodAt, note with { Tolerates = [Errno.EEXIST] }, parent, program.Text(parts[i]), Argument.Constant(0x81a4, "S_IFREG|0644"), 0);
        }
    }
}
