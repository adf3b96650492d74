using Isolation.Syscalls;

namespace Isolation.Fs;

/// <content>
/// Paths that are hidden or made read-only (OCI runtime specification, config-linux.md, "Masked Paths", "Readonly Paths").
/// What is not there needs neither: its descriptor is a negative number then, and the steps after it do nothing (EBADF).
/// </content>
internal sealed partial class MountsInRoot
{
    /// <summary>Mounts an empty file over a file, and an empty directory over a directory.</summary>
    public void Mask(MaskedPathSpec mask)
    {
        var note = new StepNote("mask", mask.Target);
        HostDevice device = HostDevice.Harmless.Single(d => d.Name == "null");
        device.Check();
        StepValue file = program.CloneTree(note with { Result = "null" }, device.Path, recursive: false);
        program.ChangeMount(note, file, new MountChange { Set = Protected });
        StepValue directory = program.MakeFileSystem(
            note with { Result = "empty" },
            new TmpfsOptions { Mode = UsualModes.Directory },
            MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
        _attach.Add(() =>
        {
            // Which of the two it is, only the kernel knows by now: it mounts no file on a directory and no directory on a file
            // (EINVAL). The path is resolved once: what was a directory may be a file now, and would be masked as neither. Nothing
            // is looked up in it, which the user may not be allowed to.
            StepValue place = ResolveIfThere(note with { Result = "place" }, mask.Target);
            StepNote ifOfItsKind = note with { Tolerates = [Errno.EBADF, Errno.EINVAL] };
            program.AttachOn(ifOfItsKind, file, place);
            program.AttachOn(ifOfItsKind, directory, place);
        });
    }

    /// <summary>Mounts what is at a path over itself, read-only.</summary>
    public void MakeReadOnly(ReadOnlyPathSpec path)
    {
        var note = new StepNote("make read-only", path.Target);
        _attach.Add(() =>
        {
            StepNote ifThere = note with { Tolerates = [Errno.EBADF] };
            StepValue place = ResolveIfThere(note with { Result = "place" }, path.Target);
            StepValue copy = program.CloneTree(ifThere with { Result = "copy" }, place);
            program.ChangeMount(ifThere, copy, new MountChange { Set = MountAttributes.ReadOnly });
            program.AttachOn(ifThere, copy, place);
        });
    }

    private StepValue ResolveIfThere(StepNote note, string path)
        => Resolve(note with { Tolerates = [Errno.ENOENT, Errno.ENOTDIR] }, path, isDirectory: false, followLinks: true);
}
