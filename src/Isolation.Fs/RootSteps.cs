using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>
/// The steps that make a root file system and move into it. All of it is mounted on top of the host's <c>/</c>, which
/// exists everywhere and is not changed: in the child's mount namespace only the descriptors lead to what lies on top.
/// </summary>
internal static class RootSteps
{
    extension(SyscallProgramBuilder program)
    {
        /// <summary>Opens what the root is made of, as the user who asks for it; what the manager supplied stays.</summary>
        public RootFs OpenSources(RootFs root)
        {
            if (!root.IsHost)
            {
                return root with
                {
                    Source = root.Source ?? program.OpenSource(root.Path, "root"),
                    Below = [.. root.Below.Select(l => l.Source is null ? l with { Source = program.OpenSource(l.Path, "layer") } : l)],
                    Changes = root.Changes is { Source: null } changes ? changes with { Source = program.OpenSource(changes.Path, "changes") } : root.Changes,
                };
            }

            return root with
            {
                HostEntries = [.. root.HostEntries.Select(e => e.LinkTarget is null && e.Source is null ? e with { Source = program.OpenSource($"/{e.Name}", e.Name) } : e)],
            };
        }

        /// <summary>Makes the root and returns a descriptor of it. Nobody's working directory or root directory is changed yet.</summary>
        public StepValue MakeRoot(RootFs root) => root switch
        {
            { IsHost: true } => program.OverlayHost(root),
            { Mode: RootFsMode.Overlay } => program.OverlayDirectory(root),
            _ => program.BindDirectory(root),
        };

        /// <summary>pivot_root(2), then lets go of the old root: nothing of the host can be reached by path any more.</summary>
        /// <param name="mount">The root's descriptor, from <see cref="MakeRoot"/>.</param>
        /// <param name="root">What it was made from.</param>
        public void PivotInto(StepValue mount, RootFs root)
        {
            var note = new StepNote("move into", "the new root");
            program.Call(SyscallNumber.Fchdir, note, mount);
            program.Call(SyscallNumber.PivotRoot, note, program.Text("."), program.Text("."));

            // What was "/" lies on top of the new root now, and what was mounted on it on top of that: "." finds the topmost.
            if (root.Mode == RootFsMode.Overlay)
                program.Call(SyscallNumber.Umount2, new StepNote("let go of", "the memory for the changes"), program.Text("."), Argument.Constant(Detach, "MNT_DETACH"));
            note = new StepNote("let go of", "the old root");
            program.Call(SyscallNumber.Umount2, note, program.Text("."), Argument.Constant(Detach, "MNT_DETACH"));
            program.Call(SyscallNumber.Chdir, note, program.Text("/"));
        }

        /// <summary>chroot(2) without a mount namespace: a convenience, no boundary (a privileged program can leave).</summary>
        public void ChangeRoot(string path)
        {
            var note = new StepNote("change the root directory to", path) { Hint = static e => e == Errno.EPERM ? "chroot needs CAP_SYS_CHROOT; add WithUserNs()" : null };
            program.Call(SyscallNumber.Chroot, note, program.Text(path));
            program.Call(SyscallNumber.Chdir, note, program.Text("/"));
        }

        private StepValue BindDirectory(RootFs root)
        {
            StepValue mount = Opened(root.Source);
            if (root.Mode == RootFsMode.ReadOnly)
                program.SetMountAttributes(new StepNote("make read-only", root.Path), mount, MountAttributes.ReadOnly);
            if (root.NoDevices)
                program.SetMountAttributes(new StepNote("allow no devices in", root.Path), mount, MountAttributes.NoDev);
            program.Attach(new StepNote("mount as root", root.Path), mount, MountSteps.CurrentDirectory, "/");
            return mount;
        }

        private StepValue OverlayDirectory(RootFs root)
        {
            StepValue scratch = program.MakeScratch();
            program.MakeDirectory(new StepNote("make a directory for", "the overlay"), scratch, "root");
            if (root.Changes is { } changes)
            {
                var keep = new StepNote("keep the changes in", changes.Path);
                program.MakeDirectory(keep, scratch, KeptChanges);
                program.Attach(keep, Opened(changes.Source), scratch, KeptChanges);
            }

            StepValue[] lowers = [Opened(root.Source), .. root.Below.Select(l => Opened(l.Source))];
            return program.Overlay(scratch, lowers, root.Changes is null ? "" : KeptChanges + "/", root.Path, "", 0x1ed, root.InUserNamespace, root.NoDevices ? MountAttributes.NoDev : MountAttributes.None, scratch, "root");
        }

        private StepValue OverlayHost(RootFs host)
        {
            StepValue scratch = program.MakeScratch();
            var note = new StepNote("make", "the new root");
            program.MakeDirectory(note, scratch, "root");
            StepValue root = program.MakeFileSystem(note with { Result = "root" }, "tmpfs", MountAttributes.NoDev, ("mode", "0755"));
            program.Attach(note, root, scratch, "root");
            foreach (HostEntry entry in host.HostEntries)
            {
                var copy = new StepNote("show the host's", $"/{entry.Name}");
                if (entry.LinkTarget is { } target)
                {
                    program.Call(SyscallNumber.SymlinkAt, copy, program.Text(target), root, program.Text(entry.Name));
                    continue;
                }

                StepValue lower = Opened(entry.Source);
                program.MakeDirectory(copy, root, entry.Name);
                if (entry.HasMountsBelow && host.InUserNamespace)
                {
                    // The mounts below are locked in a user namespace, so no overlay may look behind them.
                    program.SetMountAttributes(copy, lower, MountAttributes.ReadOnly);
                    program.Attach(copy, lower, root, entry.Name);
                }
                else
                {
                    program.Overlay(scratch, [lower], "", $"/{entry.Name}", $"-{entry.Name}", entry.Mode, host.InUserNamespace, MountAttributes.None, root, entry.Name);
                }
            }

            program.MakeDirectory(new StepNote("make", "/run"), root, "run");
            program.MakeDirectory(new StepNote("make", "/tmp"), root, "tmp", 0x3ff /* 01777 */);
            return root;
        }

        private StepValue OpenSource(string path, string name) => program.CloneTree(new StepNote("open", path) { Result = name }, path);

        /// <summary>Memory for the upper layers, which nothing in the container can see.</summary>
        private StepValue MakeScratch()
        {
            var note = new StepNote("make memory for", "the changes");
            StepValue scratch = program.MakeFileSystem(note with { Result = "scratch" }, "tmpfs", MountAttributes.NoDev, ("mode", "0755"));
            program.Attach(note, scratch, MountSteps.CurrentDirectory, "/");
            return scratch;
        }

        /// <summary>
        /// An overlay of lower layers, the topmost first. overlayfs takes its layers as path names; relative to the scratch
        /// file system they hold nothing that a caller chose. The upper one is in the folder <paramref name="changes"/> of it.
        /// </summary>
        private StepValue Overlay(StepValue scratch, StepValue[] lowers, string changes, string path, string suffix, int mode, bool inUserNamespace, MountAttributes attributes, StepValue parent, string name)
        {
            var note = new StepNote("overlay", path)
            {
                Hint = e => e == Errno.EINVAL
                    ? "A layer may be in an overlay, but not in one whose layers are in another; in a user namespace a directory with mounts below it cannot be one" + (changes.Length > 0 ? ". Changes can be kept on local file systems only, not on an overlay (overlayfs.rst, \"Upper and Lower\")" : "")
                    : null,
            };
            // Short names: fsconfig(2) takes 255 bytes for all of them.
            string[] names = [.. lowers.Select((_, i) => i == 0 ? $"lower{suffix}" : $"l{suffix}{i}")];
            string upper = $"{changes}upper{suffix}", work = $"{changes}work{suffix}";
            foreach (string lower in names)
                program.MakeDirectory(note, scratch, lower);
            program.MakeDirectory(note, scratch, upper, mode);
            program.MakeDirectory(note, scratch, work);
            for (int i = 0; i < lowers.Length; i++)
                program.Attach(note, lowers[i], scratch, names[i]);
            program.Call(SyscallNumber.Fchdir, note, scratch);
            List<(string, string?)> options = [("lowerdir", string.Join(':', names)), ("upperdir", upper), ("workdir", work)];

            // overlayfs.rst: the trusted.* attributes are not for user namespaces.
            if (inUserNamespace)
                options.Add(("userxattr", null));
            StepValue overlay = program.MakeFileSystem(note with { Result = $"overlay{suffix}" }, "overlay", attributes, [.. options]);
            program.Attach(note, overlay, parent, name);
            return overlay;
        }
    }

    /// <summary>Where in the scratch file system the folder for kept changes is mounted.</summary>
    private const string KeptChanges = "changes";

    private static StepValue Opened(StepValue? source) => source ?? throw new InvalidOperationException("OpenSources comes first.");
}
