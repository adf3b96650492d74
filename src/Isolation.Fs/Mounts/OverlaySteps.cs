using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>
/// Overlays as steps. overlayfs takes its layers as path names; these are relative to a scratch file system, on which the layers are
/// mounted by descriptor, so that the names hold nothing that a caller chose.
/// </summary>
internal static class OverlaySteps
{
    extension(SyscallProgramBuilder program)
    {
        /// <summary>Memory for mount points and for upper layers that are thrown away. Nothing in the container can see it.</summary>
        /// <param name="note">What it is for.</param>
        /// <param name="size">Bytes at the most; null for half of the memory.</param>
        public StepValue MakeScratch(StepNote note, long? size = null)
        {
            StepValue scratch = program.MakeFileSystem(note with { Result = "scratch" }, new TmpfsOptions { Mode = UsualModes.Directory, Size = size }, MountAttributes.NoDev);
            program.Attach(note, scratch, MountSteps.CurrentDirectory, "/");
            return scratch;
        }

        /// <summary>Mounts something on a folder of the scratch file system.</summary>
        public void AttachInScratch(StepNote note, StepValue mount, StepValue scratch, string name)
        {
            program.MakeDirectory(note, scratch, name);
            program.Attach(note, mount, scratch, name);
        }

        /// <summary>An overlay that is not attached anywhere yet.</summary>
        /// <param name="note">What it is for.</param>
        /// <param name="scratch">Where names begin. It becomes the current directory.</param>
        /// <param name="lowers">The lower layers, the topmost first.</param>
        /// <param name="suffix">What tells the names of one overlay in the scratch file system from those of others.</param>
        /// <param name="options">The options, with names in the scratch file system for the upper and the work directory.</param>
        /// <param name="attributes">Of the mount.</param>
        /// <param name="accessTimes">When the mount keeps times of last access.</param>
        public StepValue MakeOverlay(StepNote note, StepValue scratch, StepValue[] lowers, string suffix, OverlayOptions options, MountAttributes attributes, AccessTimes accessTimes = AccessTimes.Relative)
        {
            // Short names: fsconfig(2) takes 255 bytes for all of them.
            string[] names = [.. lowers.Select((_, i) => i == 0 ? $"lower{suffix}" : $"l{suffix}{i}")];
            for (int i = 0; i < lowers.Length; i++)
                program.AttachInScratch(note, lowers[i], scratch, names[i]);
            program.Call(SyscallNumber.Fchdir, note, scratch);
            return program.MakeFileSystem(note with { Result = $"overlay{suffix}" }, options with { LowerDirectories = [.. names] }, attributes, accessTimes);
        }

        /// <summary>Opens a directory for an overlay, with what is mounted below it.</summary>
        public StepValue OpenTree(string path, string name) => program.CloneTree(new StepNote("open", path) { Result = name }, path);
    }
}
