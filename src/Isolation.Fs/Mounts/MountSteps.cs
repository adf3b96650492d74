using Isolation.Fs.Interop;
using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>The mount API's calls as steps (fsopen(2), open_tree(2), move_mount(2), mount_setattr(2)). Mounts are held by descriptor and attached last.</summary>
internal static class MountSteps
{
    private static readonly Argument s_cwd = Argument.Constant(AtFdCwd, "AT_FDCWD");
    private static readonly Argument s_null = Argument.Constant(0, "NULL");

    extension(SyscallProgramBuilder program)
    {
        /// <summary>
        /// Cuts all mounts of the new mount namespace off from the host's, so that none of what follows is seen there. Those
        /// to be shared begin as slaves: a root whose parent mount is shared cannot be moved (pivot_root(2)).
        /// </summary>
        public void CutOffMounts(MountPropagation propagation)
            => program.SetPropagation(propagation is MountPropagation.Slave or MountPropagation.Shared ? MountPropagation.Slave : MountPropagation.Private);

        /// <summary>What <see cref="CutOffMounts"/> left for the end, when all mounts are in their places.</summary>
        public void FinishPropagation(MountPropagation propagation)
        {
            if (propagation is MountPropagation.Shared or MountPropagation.Unbindable)
                program.SetPropagation(propagation);
        }

        /// <summary>Changes the propagation of all mounts of the namespace.</summary>
        public void SetPropagation(MountPropagation propagation)
        {
            string operation = propagation switch
            {
                MountPropagation.Slave => "make all mounts slaves of the host's below",
                MountPropagation.Shared => "share all mounts with copies made of them, below",
                MountPropagation.Unbindable => "allow no binds of mounts below",
                _ => "make all mounts private below",
            };
            program.ChangeMount(new StepNote(operation, "/"), s_cwd, "/", AtRecursive, new MountChange { Propagation = propagation });
        }

        /// <summary>A detached copy of the mount at a path, with all below it.</summary>
        public StepValue CloneTree(StepNote note, string path, bool recursive = true)
            => program.Call(
                SyscallNumber.OpenTree,
                note,
                s_cwd,
                program.Text(path),
                Argument.Constant(
                    OpenTreeClone | CloseOnExec | (recursive ? AtRecursive : 0),
                    "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC" + (recursive ? "|AT_RECURSIVE" : "")));

        /// <summary>A detached copy of what a descriptor shows, with all that is mounted below it.</summary>
        public StepValue CloneTree(StepNote note, StepValue place)
            => program.Call(
                SyscallNumber.OpenTree,
                note,
                place,
                program.Text(""),
                Argument.Constant(OpenTreeClone | CloseOnExec | AtRecursive | AtEmptyPath, "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE|AT_EMPTY_PATH"));

        /// <summary>A detached copy of the mount of a file below a directory.</summary>
        public StepValue CloneTree(StepNote note, StepValue directory, string name)
            => program.Call(SyscallNumber.OpenTree, note, directory, program.Text(name), Argument.Constant(OpenTreeClone | CloseOnExec, "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC"));

        /// <summary>Changes a mount that is held by descriptor, and unless told otherwise all below it, all at once or not at all.</summary>
        public void ChangeMount(StepNote note, StepValue mount, MountChange change, bool recursive = true)
            => program.ChangeMount(note, mount, "", AtEmptyPath | (recursive ? AtRecursive : 0), change);

        /// <summary>A new file system, not attached anywhere yet.</summary>
        /// <param name="note">What it is for. A step that fails has no way to read the kernel's own words, so each names its option.</param>
        /// <param name="options">Its type and options. Directories in them are named as they are.</param>
        /// <param name="attributes">Of the mount.</param>
        /// <param name="accessTimes">When the mount keeps times of last access.</param>
        /// <exception cref="MountException">The value of an option is longer than the kernel takes.</exception>
        public StepValue MakeFileSystem(StepNote note, FileSystemOptions options, MountAttributes attributes, AccessTimes accessTimes = AccessTimes.Relative)
        {
            using FileSystemParameters parameters = options.Resolve(opensDirectories: false);
            StepNote inner = note with { Result = null };
            StepNote open = inner with { Result = "fs", Hint = e => FileSystemContext.OpenHint(parameters.Type, e) ?? note.Hint?.Invoke(e) };
            StepValue context = program.Call(SyscallNumber.FsOpen, open, program.Text(parameters.Type), Argument.Constant(MountCallConstants.FsOpenCloseOnExec, "FSOPEN_CLOEXEC"));
            if (options.Source is not null)
                program.SetOption(inner, context, new FileSystemOption("source", parameters.Source));
            foreach (FileSystemOption option in parameters.Options)
                program.SetOption(inner, context, option);
            program.Call(SyscallNumber.FsConfig, inner, context, Argument.Constant(Create, "FSCONFIG_CMD_CREATE"), s_null, s_null, 0);
            return program.Call(SyscallNumber.FsMount, note, context, Argument.Constant(MountCallConstants.FsMountCloseOnExec, "FSMOUNT_CLOEXEC"), Argument.Constant((long)attributes | (long)accessTimes, Show(attributes, accessTimes)));
        }

        /// <summary>Attaches a detached mount at a path below a directory.</summary>
        public void Attach(StepNote note, StepValue mount, Argument directory, string path)
            => program.Call(SyscallNumber.MoveMount, note, mount, program.Text(""), directory, program.Text(path), Argument.Constant(MoveFromEmptyPath, "MOVE_MOUNT_F_EMPTY_PATH"));

        /// <summary>Attaches a detached mount on top of what a descriptor shows.</summary>
        public void AttachOn(StepNote note, StepValue mount, StepValue place)
            => program.Call(
                SyscallNumber.MoveMount,
                note,
                mount,
                program.Text(""),
                place,
                program.Text(""),
                Argument.Constant(MoveFromEmptyPath | MoveToEmptyPath, "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH"));

        public void MakeDirectory(StepNote note, Argument directory, string path, int mode = (int)UsualModes.Directory)
            => program.Call(SyscallNumber.MkdirAt, note with { Tolerates = [Errno.EEXIST] }, directory, program.Text(path), Argument.Constant(mode, "0" + Convert.ToString(mode, 8)));

        /// <summary>Removes the mount that the current directory is the root of (umount2(2)).</summary>
        public void UnmountHere(StepNote note, UnmountOptions how)
            => program.Unmount(note, ".", how);

        /// <summary>Unmounts what is mounted on a path.</summary>
        public void Unmount(StepNote note, string path, UnmountOptions how)
            => program.Call(SyscallNumber.Umount2, note, program.Text(path), Argument.Constant((long)how, Show(how)));

        private void SetOption(StepNote note, StepValue context, FileSystemOption option)
        {
            FileSystemContext.Encode(option, note.Operation, note.Target);
            Argument set = option.Value is null ? Argument.Constant(SetFlag, "FSCONFIG_SET_FLAG") : Argument.Constant(SetString, "FSCONFIG_SET_STRING");
            StepNote named = note with { Hint = e => note.Hint?.Invoke(e) is { } hint ? $"{FileSystemContext.OptionHint(option)}. {hint}" : FileSystemContext.OptionHint(option) };
            program.Call(SyscallNumber.FsConfig, named, context, set, program.Text(option.Key), option.Value is null ? s_null : program.Text(option.Value), 0);
        }

        private void ChangeMount(StepNote note, Argument directory, string path, int flags, MountChange change)
            => program.Call(
                SyscallNumber.MountSetattr,
                note,
                directory,
                program.Text(path),
                Argument.Constant(flags, flags switch { AtRecursive => "AT_RECURSIVE", AtEmptyPath => "AT_EMPTY_PATH", _ => "AT_EMPTY_PATH|AT_RECURSIVE" }),
                program.Structure(change.ToKernel(userNamespace: -1), Show(change)),
                32);
    }

    /// <summary>The current directory as a place to start from.</summary>
    public static Argument CurrentDirectory => s_cwd;

    private static string Show(MountAttributes attributes, AccessTimes accessTimes)
        => Joined([.. Names(attributes), .. accessTimes == AccessTimes.Relative ? (string[])[] : [ShowTimes(accessTimes)]]);

    private static string Show(MountChange change)
    {
        string[] set = [.. Names(change.Set), .. change.AccessTimes is { } times ? [ShowTimes(times)] : (string[])[]];
        string[] clear = [.. Names(change.Clear), .. change.AccessTimes is null ? (string[])[] : ["MOUNT_ATTR__ATIME"]];
        string[] fields =
        [
            .. set.Length == 0 ? (string[])[] : [$"attr_set={Joined(set)}"],
            .. clear.Length == 0 ? (string[])[] : [$"attr_clr={Joined(clear)}"],
            .. change.Propagation is { } propagation ? [$"propagation=MS_{propagation.ToString().ToUpperInvariant()}"] : (string[])[],
        ];
        return $"{{{string.Join(", ", fields)}}}";
    }

    private static string Show(UnmountOptions options)
        => Joined(s_unmounts.Where(u => options.HasFlag(u.Flag)).Select(u => u.Name));

    private static string ShowTimes(AccessTimes times) => times switch
    {
        AccessTimes.Never => "MOUNT_ATTR_NOATIME",
        AccessTimes.Always => "MOUNT_ATTR_STRICTATIME",
        _ => "MOUNT_ATTR_RELATIME",
    };

    private static IEnumerable<string> Names(MountAttributes attributes) => s_names.Where(n => attributes.HasFlag(n.Flag)).Select(n => n.Name);

    private static string Joined(IEnumerable<string> names) => string.Join('|', names) is { Length: > 0 } text ? text : "0";

    private static readonly (MountAttributes Flag, string Name)[] s_names =
    [
        (MountAttributes.ReadOnly, "MOUNT_ATTR_RDONLY"),
        (MountAttributes.NoSuid, "MOUNT_ATTR_NOSUID"),
        (MountAttributes.NoDev, "MOUNT_ATTR_NODEV"),
        (MountAttributes.NoExec, "MOUNT_ATTR_NOEXEC"),
        (MountAttributes.NoDirectoryAccessTimes, "MOUNT_ATTR_NODIRATIME"),
        (MountAttributes.NoSymbolicLinks, "MOUNT_ATTR_NOSYMFOLLOW"),
    ];

    private static readonly (UnmountOptions Flag, string Name)[] s_unmounts =
    [
        (UnmountOptions.Force, "MNT_FORCE"),
        (UnmountOptions.Detach, "MNT_DETACH"),
        (UnmountOptions.Expire, "MNT_EXPIRE"),
        (UnmountOptions.NoFollow, "UMOUNT_NOFOLLOW"),
    ];
}
