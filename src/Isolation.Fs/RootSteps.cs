using Isolation.Syscalls;

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
                    Source = root.Source ?? program.OpenTree(root.Path, "root"),
                    Below = [.. root.Below.Select(l => l.Source is null ? l with { Source = program.OpenTree(l.Path, "layer") } : l)],
                    Changes = root.Changes is { Source: null } changes ? changes with { Source = program.OpenTree(changes.Path, "changes") } : root.Changes,
                };
            }

            return root with
            {
                HostEntries = [.. root.HostEntries.Select(e => e.LinkTarget is null && e.Source is null ? e with { Source = program.OpenTree($"/{e.Name}", e.Name) } : e)],
            };
        }

        /// <summary>Makes the root and returns a descriptor of it. All sources are open by now.</summary>
        public StepValue MakeRoot(RootFs root)
        {
            // pivot_root(2) moves the root directory's mount with all that lies on it, of which umount2(2) then finds only the topmost. So
            // what is mounted over the host's "/" becomes the root directory first. path_resolution(7): ".." goes on to what is on top.
            // Who has a user namespace has nothing there: user_namespaces(7), EPERM.
            if (!root.InUserNamespace)
                program.Call(SyscallNumber.Chroot, new StepNote("go to the topmost mount at", "/"), program.Text("/.."));
            return root switch
            {
                { IsHost: true } => program.OverlayHost(root),
                { Mode: RootFsMode.Overlay } => program.OverlayDirectory(root),
                _ => program.BindDirectory(root),
            };
        }

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
                program.UnmountHere(new StepNote("let go of", "the memory for the changes"), UnmountOptions.Detach);
            program.UnmountHere(new StepNote("let go of", "the old root"), UnmountOptions.Detach);
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
                program.ChangeMount(new StepNote("make read-only", root.Path), mount, new MountChange { Set = MountAttributes.ReadOnly });
            if (root.NoDevices)
                program.ChangeMount(new StepNote("allow no devices in", root.Path), mount, new MountChange { Set = MountAttributes.NoDev });
            program.Attach(new StepNote("mount as root", root.Path), mount, MountSteps.CurrentDirectory, "/");
            return mount;
        }

        private StepValue OverlayDirectory(RootFs root)
        {
            StepValue scratch = program.MakeScratch(s_scratch, root.ChangesLimit);
            program.MakeDirectory(new StepNote("make a directory for", "the overlay"), scratch, "root");
            if (root.Changes is { } changes)
            {
                var keep = new StepNote("keep the changes in", changes.Path);
                program.AttachInScratch(keep, Opened(changes.Source), scratch, KeptChanges);
            }

            StepValue[] lowers = [Opened(root.Source), .. root.Below.Select(l => Opened(l.Source))];
            return program.Overlay(scratch, lowers, root.Changes is null ? "" : KeptChanges + "/", root.Path, "", (int)UsualModes.Directory, root.InUserNamespace, root.NoDevices ? MountAttributes.NoDev : MountAttributes.None, scratch, "root");
        }

        private StepValue OverlayHost(RootFs host)
        {
            StepValue scratch = program.MakeScratch(s_scratch, host.ChangesLimit);
            var note = new StepNote("make", "the new root");
            program.MakeDirectory(note, scratch, "root");
            StepValue root = program.MakeFileSystem(note with { Result = "root" }, new TmpfsOptions { Mode = UsualModes.Directory, Size = host.ChangesLimit }, MountAttributes.NoDev);
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
                    program.ChangeMount(copy, lower, new MountChange { Set = MountAttributes.ReadOnly });
                    program.Attach(copy, lower, root, entry.Name);
                }
                else
                {
                    program.Overlay(scratch, [lower], "", $"/{entry.Name}", $"-{entry.Name}", entry.Mode, host.InUserNamespace, MountAttributes.None, root, entry.Name);
                }
            }

            program.MakeDirectory(new StepNote("make", "/run"), root, "run");
            program.MakeDirectory(new StepNote("make", "/tmp"), root, "tmp", (int)UsualModes.Shared);
            return root;
        }

        /// <summary>An overlay of lower layers, the topmost first, whose upper one is in the folder <paramref name="changes"/> of the scratch file system.</summary>
        private StepValue Overlay(StepValue scratch, StepValue[] lowers, string changes, string path, string suffix, int mode, bool inUserNamespace, MountAttributes attributes, StepValue parent, string name)
        {
            var note = new StepNote(OverlayStep, path)
            {
                Hint = e => e == Errno.EINVAL
                    ? (inUserNamespace ? "In a user namespace a directory with mounts below it cannot be a layer; nowhere can one that is in an overlay whose layers are in another" : "A layer may be in an overlay, but not in one whose layers are in another") + (changes.Length > 0
                        ? ". Changes can be kept on local file systems only, not on an overlay (overlayfs.rst, \"Upper and Lower\")"
                        : lowers.Length > 1 || suffix.Length > 0 ? "" : ". RootFsMode.OverlayOrCopy copies it")
                    : null,
            };
            string upper = $"{changes}upper{suffix}", work = $"{changes}work{suffix}";
            program.MakeDirectory(note, scratch, upper, mode);
            program.MakeDirectory(note, scratch, work);

            // overlayfs.rst: the trusted.* attributes are not for user namespaces.
            var options = new OverlayOptions { UpperDirectory = upper, WorkDirectory = work, UserAttributes = inUserNamespace };
            StepValue overlay = program.MakeOverlay(note, scratch, lowers, suffix, options, attributes);
            program.Attach(note, overlay, parent, name);
            return overlay;
        }
    }

    /// <summary>The operation of the steps that fail where there is no overlayfs, or none that takes the layers.</summary>
    public const string OverlayStep = "overlay";

    private static readonly StepNote s_scratch = new("make memory for", "the changes");

    /// <summary>Where in the scratch file system the folder for kept changes is mounted.</summary>
    private const string KeptChanges = "changes";

    private static StepValue Opened(StepValue? source) => source ?? throw new InvalidOperationException("OpenSources comes first.");
}
