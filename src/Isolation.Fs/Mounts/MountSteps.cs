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
        {
            if (propagation is MountPropagation.Slave or MountPropagation.Shared)
                program.SetPropagation("make all mounts slaves of the host's below", PropagationSlave, "MS_SLAVE");
            else
                program.SetPropagation("make all mounts private below", PropagationPrivate, "MS_PRIVATE");
        }

        /// <summary>What <see cref="CutOffMounts"/> left for the end, when all mounts are in their places.</summary>
        public void FinishPropagation(MountPropagation propagation)
        {
            if (propagation == MountPropagation.Shared)
                program.SetPropagation("share all mounts with copies made of them, below", PropagationShared, "MS_SHARED");
            else if (propagation == MountPropagation.Unbindable)
                program.SetPropagation("allow no binds of mounts below", PropagationUnbindable, "MS_UNBINDABLE");
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

        /// <summary>Changes the attributes of a detached mount and of all below it.</summary>
        public void SetMountAttributes(StepNote note, StepValue mount, MountAttributes set)
            => program.SetMountAttributes(note, mount, "", AtEmptyPath | AtRecursive, new MountAttr(set, 0, 0, 0), $"{{attr_set={Show(set)}}}");

        /// <summary>A new file system, not attached anywhere yet.</summary>
        /// <param name="note">What it is for.</param>
        /// <param name="type">Its type, such as tmpfs.</param>
        /// <param name="attributes">Of the mount.</param>
        /// <param name="options">Keys and values; a key without a value is a flag.</param>
        public StepValue MakeFileSystem(StepNote note, string type, MountAttributes attributes, params ReadOnlySpan<(string Key, string? Value)> options)
        {
            StepNote inner = note with { Result = null };
            StepValue context = program.Call(SyscallNumber.FsOpen, inner with { Result = "fs" }, program.Text(type), Argument.Constant(1, "FSOPEN_CLOEXEC"));
            foreach ((string key, string? value) in options)
            {
                Argument set = value is null ? Argument.Constant(SetFlag, "FSCONFIG_SET_FLAG") : Argument.Constant(SetString, "FSCONFIG_SET_STRING");
                program.Call(SyscallNumber.FsConfig, inner, context, set, program.Text(key), value is null ? s_null : program.Text(value), 0);
            }

            program.Call(SyscallNumber.FsConfig, inner, context, Argument.Constant(Create, "FSCONFIG_CMD_CREATE"), s_null, s_null, 0);
            return program.Call(SyscallNumber.FsMount, note, context, Argument.Constant(1, "FSMOUNT_CLOEXEC"), Argument.Constant((long)attributes, Show(attributes)));
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

        public void MakeDirectory(StepNote note, Argument directory, string path, int mode = 0x1ed /* 0755 */)
            => program.Call(SyscallNumber.MkdirAt, note with { Tolerates = [Errno.EEXIST] }, directory, program.Text(path), Argument.Constant(mode, "0" + Convert.ToString(mode, 8)));

        private void SetPropagation(string operation, ulong propagation, string name)
            => program.SetMountAttributes(new StepNote(operation, "/"), s_cwd, "/", AtRecursive, new MountAttr(0, 0, propagation, 0), $"{{propagation={name}}}");

        private void SetMountAttributes(StepNote note, Argument directory, string path, int flags, MountAttr change, string shown)
            => program.Call(
                SyscallNumber.MountSetattr,
                note,
                directory,
                program.Text(path),
                Argument.Constant(flags, (flags & AtEmptyPath) != 0 ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_RECURSIVE"),
                program.Structure(change, shown),
                32);
    }

    /// <summary>The current directory as a place to start from.</summary>
    public static Argument CurrentDirectory => s_cwd;

    private static string Show(MountAttributes attributes)
    {
        if (attributes == 0)
            return "0";
        var names = new List<string>();
        foreach ((MountAttributes flag, string name) in s_names)
        {
            if (attributes.HasFlag(flag))
                names.Add(name);
        }

        return string.Join('|', names);
    }

    private static readonly (MountAttributes Flag, string Name)[] s_names =
    [
        (MountAttributes.ReadOnly, "MOUNT_ATTR_RDONLY"),
        (MountAttributes.NoSuid, "MOUNT_ATTR_NOSUID"),
        (MountAttributes.NoDev, "MOUNT_ATTR_NODEV"),
        (MountAttributes.NoExec, "MOUNT_ATTR_NOEXEC"),
        (MountCallConstants.IdMap, "MOUNT_ATTR_IDMAP"),
    ];
}
