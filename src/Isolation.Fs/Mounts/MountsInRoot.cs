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

    /// <summary>What a device of the host's gets, so that it can be used and not changed.</summary>
    private const MountAttributes Protected = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoExec;

    private readonly List<Action> _attach = [];
    private readonly List<string> _attached = [];

    /// <summary>Whether missing mount points are made.</summary>
    public bool CreateMountPoints { get; init; }

    /// <summary>Whether the calling process may use group 5, tty, for terminals.</summary>
    public bool HasTtyGroup { get; init; }

    /// <summary>Whether the current directory, as the caller has it, is the program's.</summary>
    public bool KeepsCurrentDirectory { get; init; }

    /// <summary>Whether file systems are made as root of a new user namespace.</summary>
    public bool InUserNamespace { get; init; }

    /// <summary>The caller's terminal, which is the container's console; null without one.</summary>
    public string? Terminal { get; init; }

    /// <summary>Whether the container has POSIX message queues of its own, which its /dev then shows.</summary>
    public bool HasOwnQueues { get; init; }

    /// <summary>Attaches what was prepared, in the order in which it was asked for. Comes after the move into the root.</summary>
    public void AttachAll()
    {
        foreach (Action attach in _attach)
            attach();
    }

    /// <summary>/proc of the child's own pid namespace.</summary>
    public void NewProc() => New(new FileSystemMountSpec(new ProcOptions(), "/proc", new ProcOptions().UsualAttributes));

    /// <summary>/sys of the child's own network namespace, read-only.</summary>
    public void NewSys() => New(new FileSystemMountSpec(new SysfsOptions(), "/sys", new SysfsOptions().UsualAttributes | MountAttributes.ReadOnly));

    /// <summary>The host's /proc or /sys, with all below.</summary>
    public void HostTree(string path, MountAttributes attributes)
    {
        var note = new StepNote("bind the host's", path);
        StepValue tree = program.CloneTree(note with { Result = path[1..] }, path);
        if (attributes != 0)
            program.ChangeMount(note, tree, new MountChange { Set = attributes });
        _attach.Add(() => AttachHere(note, tree, path, isDirectory: true, followLinks: false));
    }

    /// <summary>A new file system.</summary>
    public void New(FileSystemMountSpec mount)
    {
        var note = new StepNote($"mount {mount.Options.Type} on", mount.Target) { Hint = e => HintOf(mount.Options, e, InUserNamespace) };
        StepValue made = mount.Options is OverlayOptions overlay
            ? Overlay(note, mount, overlay)
            : program.MakeFileSystem(note with { Result = mount.Options.Type }, mount.Options, mount.Attributes, mount.AccessTimes);

        // What is written to /proc and /sys later is meant for these, and no link of the root may lead it elsewhere.
        bool followLinks = !mount.Covers("/proc") && !mount.Covers("/sys");
        _attach.Add(() => AttachHere(note, made, mount.Target, isDirectory: true, followLinks));
    }

    /// <summary>/dev: a tmpfs with the host's harmless devices, an own devpts, /dev/shm and perhaps /dev/mqueue, the caller's terminal as console, and the usual links.</summary>
    public void Dev()
    {
        var note = new StepNote("mount tmpfs on", "/dev");
        StepValue dev = program.MakeFileSystem(note with { Result = "dev" }, new TmpfsOptions { Mode = UsualModes.Directory }, MountAttributes.NoSuid);
        var nodes = new List<(StepValue Node, string Name)>();
        foreach (HostDevice device in HostDevice.Harmless)
        {
            device.Check();
            nodes.Add((program.CloneTree(new StepNote("open", device.Path) { Result = device.Name }, device.Path, recursive: false), device.Name));
        }

        if (Terminal is not null)
            nodes.Add((program.CloneTree(new StepNote("open", Terminal) { Result = "console" }, Terminal, recursive: false), "console"));

        var devpts = new DevptsOptions { PtmxMode = (UnixFileMode)0x1b6, Mode = (UnixFileMode)0x190, Group = HasTtyGroup ? 5u : null };
        StepValue pts = program.MakeFileSystem(new StepNote("mount devpts on", "/dev/pts") { Result = "pts" }, devpts, devpts.UsualAttributes);
        StepValue shm = program.MakeFileSystem(new StepNote("mount tmpfs on", "/dev/shm") { Result = "shm" }, new TmpfsOptions { Size = 64 << 20 }, MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
        var mqueue = new MqueueOptions();
        StepValue? queues = HasOwnQueues ? program.MakeFileSystem(new StepNote("mount mqueue on", "/dev/mqueue") { Result = "mqueue" }, mqueue, mqueue.UsualAttributes) : null;
        _attach.Add(() =>
        {
            AttachHere(note, dev, "/dev", isDirectory: true, followLinks: false);
            foreach ((StepValue node, string name) in nodes)
            {
                var show = new StepNote("show the host's", $"/dev/{name}");
                program.Call(SyscallNumber.MknodAt, show, dev, program.Text(name), Argument.Constant(0x81b6, "S_IFREG|0666"), 0);
                program.Attach(show, node, dev, name);
            }

            // They are the host's own: their modes, owners and times stay as they are. All at once, since it is of every start; only
            // /dev itself is to be written to.
            program.ChangeMount(new StepNote("protect the host's devices in", "/dev"), dev, new MountChange { Set = Protected });
            program.ChangeMount(note, dev, new MountChange { Clear = Protected & ~MountAttributes.NoSuid }, recursive: false);

            foreach ((string name, string target) in (ReadOnlySpan<(string, string)>)[("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")])
                program.Call(SyscallNumber.SymlinkAt, new StepNote("link", $"/dev/{name}"), program.Text(target), dev, program.Text(name));
            program.MakeDirectory(new StepNote("make", "/dev/pts"), dev, "pts");
            program.Attach(new StepNote("mount devpts on", "/dev/pts"), pts, dev, "pts");
            program.MakeDirectory(new StepNote("make", "/dev/shm"), dev, "shm");
            program.Attach(new StepNote("mount tmpfs on", "/dev/shm"), shm, dev, "shm");
            if (queues is { } own)
            {
                program.MakeDirectory(new StepNote("make", "/dev/mqueue"), dev, "mqueue");
                program.Attach(new StepNote("mount mqueue on", "/dev/mqueue"), own, dev, "mqueue");
            }
        });
    }

    private static string? HintOf(FileSystemOptions options, Errno errno, bool inUserNamespace) => (options, errno) switch
    {
        (ProcOptions, Errno.EPERM) => "A new /proc in a user namespace needs a /proc on the host that nothing is mounted over, and WithPidNs()",
        (SysfsOptions, Errno.EPERM) => "A new /sys in a user namespace needs a /sys on the host that nothing is mounted over, and WithNetNs()",
        (MqueueOptions, Errno.EPERM) => "In a user namespace it needs WithIpcNs()",
        (Cgroup2Options, Errno.EPERM) => "In a user namespace it needs WithCgroupNs()",
        (OverlayOptions, Errno.EINVAL) => inUserNamespace ? $"In a user namespace a directory with mounts below it cannot be a layer. {OverlayOptions.InvalidHint}" : OverlayOptions.InvalidHint,
        (_, Errno.EPERM) => "In a user namespace the kernel mounts few types only: tmpfs, proc, sysfs, devpts, mqueue, cgroup2, overlay, ramfs, fuse",
        _ => null,
    };

    /// <summary>
    /// Attaches a mount at a path of the root that the child is in by now. A path that a caller chose may go through
    /// symbolic links of the root; /proc, /sys and /dev may not be links, so that what is written there later arrives there.
    /// </summary>
    private void AttachHere(StepNote note, StepValue mount, string target, bool isDirectory, bool followLinks)
    {
        // Links may lead elsewhere, so this is a guess, for hints.
        string path = Path.GetFullPath(target);
        string? below = _attached.FindLast(a => path.StartsWith(a + "/", StringComparison.Ordinal));
        _attached.Add(Path.TrimEndingDirectorySeparator(path));
        StepNote place = note with
        {
            Hint = e => e switch
            {
                Errno.EROFS when below is not null => $"{target} lies in the mount at {below}, which is read-only and has no such place",
                Errno.ENOENT when below is not null && CreateMountPoints => $"{target} lies in the mount at {below}, in which it cannot be made, or a symbolic link on the way points to nothing inside the root",
                Errno.EROFS => $"The root is read-only and has no {target}; make it there, or use RootFsMode.Overlay",
                Errno.ELOOP when followLinks => $"The symbolic links on the way to {target} go in a circle, or through those of /proc",
                Errno.ELOOP => $"{target} is a symbolic link; in this place the root needs a directory",
                Errno.EACCES when CreateMountPoints => $"In a root of somebody else's an ordinary user can make no mount points; make {target} there",
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

    private StepValue Resolve(StepNote note, string path, bool isDirectory, bool followLinks, bool withinMount = false)
        => Resolve(note, MountSteps.CurrentDirectory, path, isDirectory, followLinks, withinMount);

    private StepValue Resolve(StepNote note, Argument directory, string path, bool isDirectory, bool followLinks, bool withinMount = false)
    {
        int flags = OpenPath | CloseOnExec | (isDirectory ? OpenDirectory : 0);

        // In a root of its own the child is at "/" now, and so is all that any link can lead to. RESOLVE_IN_ROOT would add nothing but
        // failures: with a ".." in a link it gives up (EAGAIN) whenever anybody on the machine mounts something meanwhile (openat2(2)).
        ulong resolve = ResolveNoMagicLinks | (followLinks ? 0 : ResolveNoSymlinks) | (withinMount ? ResolveNoXDev : 0);
        return program.Call(
            SyscallNumber.OpenAt2,
            note,
            directory,
            program.Text(path),
            program.Structure(
                new OpenHow((ulong)flags, 0, resolve),
                $"{{flags=O_PATH|O_CLOEXEC{(isDirectory ? "|O_DIRECTORY" : "")}, resolve=RESOLVE_NO_MAGICLINKS{(followLinks ? "" : "|RESOLVE_NO_SYMLINKS")}{(withinMount ? "|RESOLVE_NO_XDEV" : "")}}}"),
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
