using Isolation.Fs.Interop;
using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <content>
/// Files that the caller gives the content of. They are of a tmpfs of the container's own, and each is bound over its path, so
/// nothing of the root is changed.
/// </content>
internal sealed partial class MountsInRoot
{
    // A write within one page is done or fails; of a longer one a part could be done, where the memory is at its limit.
    private const int SmallestPage = 4096;

    private readonly Dictionary<FileMountSpec, StepValue> _files = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes the files, where no path leads to any of them. Comes before <see cref="File"/>.</summary>
    /// <param name="files">All of the container.</param>
    /// <param name="readOnly">Whether they cannot be written to.</param>
    public void MakeFiles(IReadOnlyList<FileMountSpec> files, bool readOnly)
    {
        if (files.Count == 0)
            return;
        var note = new StepNote("make memory for", "the files");
        StepValue memory = program.MakeFileSystem(
            note with { Result = "files" },
            new TmpfsOptions { Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Size = (long)files.Count * FileMountSpec.MaxSize },
            MountAttributes.NoSuid | MountAttributes.NoDev);

        // Before Linux 6.15 nothing can be copied from a mount that is not attached (open_tree(2)).
        program.Attach(note, memory, MountSteps.CurrentDirectory, "/");
        for (int i = 0; i < files.Count; i++)
            _files[files[i]] = MakeFile(files[i], memory, $"file{i}", readOnly);

        // path_resolution(7): ".." of the root directory is the root directory, and that of what is mounted on top of it.
        program.Unmount(new StepNote("let go of", "the memory for the files"), "/..", UnmountOptions.Detach);
    }

    /// <summary>Shows a file that <see cref="MakeFiles"/> has made.</summary>
    public void File(FileMountSpec file)
    {
        StepValue mount = _files[file];
        var note = new StepNote("show the file", file.Target);
        if (file.IsOptional)
            _attach.Add(() => AttachWherePossible(note, mount, file.Target));
        else
            _attach.Add(() => AttachHere(note, mount, file.Target, isDirectory: false, followLinks: true));
    }

    private StepValue MakeFile(FileMountSpec file, StepValue memory, string name, bool readOnly)
    {
        var note = new StepNote("write the file", file.Target);
        StepValue opened = program.Call(
            SyscallNumber.OpenAt,
            note with { Result = name },
            memory,
            program.Text(name),
            Argument.Constant(PathConstants.WriteOnly | PathConstants.Create | PathConstants.Exclusive | CloseOnExec, "O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC"),
            Argument.Constant(0x180, "0600"));
        for (ReadOnlyMemory<byte> rest = file.Content; !rest.IsEmpty; rest = rest[Math.Min(SmallestPage, rest.Length)..])
        {
            int length = Math.Min(SmallestPage, rest.Length);
            program.Call(SyscallNumber.Write, note, opened, program.Bytes(rest.Span[..length], $"<{length} bytes>"), length);
        }

        // A mode of open(2) would go through the umask.
        program.Call(SyscallNumber.Fchmod, note, opened, Argument.Constant((long)file.Mode, "0" + Convert.ToString((int)file.Mode, 8)));
        StepValue mount = program.CloneTree(note with { Result = "mount" }, memory, name);
        if (readOnly)
            program.ChangeMount(new StepNote("make read-only", file.Target), mount, new MountChange { Set = MountAttributes.ReadOnly });
        return mount;
    }

    /// <summary>
    /// Attaches a file where the root has a place for it, or lets one be made, and not where the way there leads to other mounts,
    /// nowhere, or to a directory. The descriptor of what is not there is a negative number, and the steps after it do nothing (EBADF).
    /// </summary>
    private void AttachWherePossible(StepNote note, StepValue mount, string target)
    {
        StepNote find = note with { Tolerates = [Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EXDEV] };
        if (CreateMountPoints)
        {
            StepNote make = note with { Tolerates = [Errno.EEXIST, Errno.EROFS, Errno.EBADF, Errno.EACCES] };
            string[] parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
            Argument parent = MountSteps.CurrentDirectory;
            for (int i = 0; i < parts.Length - 1; i++)
            {
                program.Call(SyscallNumber.MkdirAt, make, parent, program.Text(parts[i]), Argument.Constant((int)UsualModes.Directory, "0755"));
                parent = Resolve(find with { Result = "parent" }, "/" + string.Join('/', parts[..(i + 1)]), isDirectory: true, followLinks: true, withinMount: true);
            }

            program.Call(SyscallNumber.MknodAt, make, parent, program.Text(parts[^1]), Argument.Constant(0x81a4, "S_IFREG|0644"), 0);
        }

        StepValue place = Resolve(find with { Result = "mountpoint" }, target, isDirectory: false, followLinks: true, withinMount: true);

        // No file is mounted on a directory (EINVAL).
        program.AttachOn(note with { Tolerates = [Errno.EBADF, Errno.EINVAL] }, mount, place);
    }
}
