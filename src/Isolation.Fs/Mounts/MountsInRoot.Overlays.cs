using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <content>Overlays of directories of the host.</content>
internal sealed partial class MountsInRoot
{
    private const string Changes = "changes";

    private readonly Dictionary<FileSystemMountSpec, OpenedLayers> _layers = new(ReferenceEqualityComparer.Instance);
    private StepValue? _currentDirectory;

    /// <summary>Opens the directories of a mount that is an overlay, as the user who asks for it.</summary>
    /// <exception cref="LinuxException">One is not there, or is no directory.</exception>
    public void OpenLayers(FileSystemMountSpec mount)
    {
        if (mount.Options is not OverlayOptions overlay)
            return;
        foreach (string? path in (IEnumerable<string?>)[.. overlay.LowerDirectories, overlay.UpperDirectory, overlay.WorkDirectory])
        {
            if (path is not null && !FileStatus.Of(path, "use as a layer").IsDirectory)
                throw new LinuxException("use as a layer", path, Errno.ENOTDIR, "statx");
        }

        if (KeepsCurrentDirectory && _currentDirectory is null)
            _currentDirectory = program.Call(SyscallNumber.OpenAt, new StepNote("open", "the current directory") { Result = "cwd" }, MountSteps.CurrentDirectory, program.Text("."), Argument.Constant(OpenPath | CloseOnExec, "O_PATH|O_CLOEXEC"));
        StepValue[] lowers = [.. overlay.LowerDirectories.Select(l => program.OpenTree(l, "layer"))];
        _layers[mount] = overlay is { UpperDirectory: { } upper, WorkDirectory: { } work }
            ? new OpenedLayers(lowers, CommonDirectory(upper, work)) { Changes = program.OpenTree(CommonDirectory(upper, work), Changes) }
            : new OpenedLayers(lowers, "");
    }

    private StepValue Overlay(StepNote note, FileSystemMountSpec mount, OverlayOptions overlay)
    {
        OpenedLayers layers = _layers[mount];
        StepValue scratch = program.MakeScratch(note);
        OverlayOptions named = overlay with { UserAttributes = overlay.UserAttributes || InUserNamespace };
        if (layers.Changes is { } changes)
        {
            program.AttachInScratch(note, changes, scratch, Changes);
            named = named with { UpperDirectory = layers.NameOf(overlay.UpperDirectory!), WorkDirectory = layers.NameOf(overlay.WorkDirectory!) };
        }

        StepValue made = program.MakeOverlay(note, scratch, layers.Lowers, "", named, mount.Attributes, mount.AccessTimes);

        // The overlay has copies of the mounts that it is made of.
        program.UnmountHere(note, UnmountOptions.Detach);
        if (_currentDirectory is { } directory)
            program.Call(SyscallNumber.Fchdir, new StepNote("return to", "the current directory") { Hint = static e => e == Errno.EACCES ? "The container's root may not enter it; add WithWorkingDirectory" : null }, directory);
        return made;
    }

    // overlayfs.rst: the upper and the work directory are of one mount, so one mount is taken that has both.
    private static string CommonDirectory(string upper, string work)
    {
        string[] one = upper.Split('/', StringSplitOptions.RemoveEmptyEntries), other = work.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return "/" + string.Join('/', one[..^1].Zip(other[..^1]).TakeWhile(p => p.First == p.Second).Select(p => p.First));
    }

    /// <param name="Lowers">The lower layers, the topmost first.</param>
    /// <param name="ChangesPath">The directory that has the upper and the work directory below it.</param>
    private sealed record OpenedLayers(StepValue[] Lowers, string ChangesPath)
    {
        /// <summary>That directory, if there is one.</summary>
        public StepValue? Changes { get; init; }

        // overlayfs takes a backslash for the beginning of an escape (ovl_unescape).
        public string NameOf(string path) => $"{MountsInRoot.Changes}/{Path.GetRelativePath(ChangesPath, path).Replace("\\", "\\\\", StringComparison.Ordinal)}";
    }
}
