using System.Collections.Immutable;
using System.Text;
using Isolation.Syscalls;
using static Isolation.Fs.Interop.MountCallConstants;

namespace Isolation.Fs;

/// <summary>Directories on top of each other (Documentation/filesystems/overlayfs.rst).</summary>
public sealed record OverlayOptions : FileSystemOptions
{
    // FILESYSTEM_MAX_STACK_DEPTH, and overlayfs.rst, "Upper and Lower": only the kernel's log tells of them.
    internal const string InvalidHint = "A layer may be in an overlay, but not in one whose layers are in another; changes and the work directory lie in one file system. The kernel's log may say more (dmesg(1))";

    private static readonly Version s_firstWithSingleLayers = new(6, 8);

    /// <summary>Layers from the topmost to the lowest.</summary>
    public OverlayOptions(params ImmutableArray<string> lowerDirectories) => LowerDirectories = lowerDirectories;

    /// <inheritdoc/>
    public override string Type => "overlay";

    /// <summary>The directories that are only read, from the topmost to the lowest.</summary>
    public ImmutableArray<string> LowerDirectories { get; init; }

    /// <summary>The directory that changes go to; null for an overlay that is only read, which takes two lower directories.</summary>
    public string? UpperDirectory { get; init; }

    /// <summary>An empty directory in the same file system as the upper one, for the kernel's own use. Goes with an upper one only.</summary>
    public string? WorkDirectory { get; init; }

    /// <summary>Whether overlayfs keeps its notes in user attributes, as it must in a user namespace (userxattr).</summary>
    public bool UserAttributes { get; init; }

    /// <summary>Whether nothing is ever synced: fast, and worthless after a crash (volatile).</summary>
    public bool Volatile { get; init; }

    private protected override void AddTo(FileSystemParameters parameters)
    {
        if (LowerDirectories.IsDefaultOrEmpty)
            throw new ArgumentException("An overlay has a lower directory.");
        if ((UpperDirectory is null) != (WorkDirectory is null))
            throw new ArgumentException("An upper directory and a work directory go together.");
        if (UpperDirectory is null && LowerDirectories.Length < 2)
            throw new ArgumentException("Without an upper directory, an overlay has two lower ones at least.");
        AddLayers(parameters);

        parameters.InvalidHint = InvalidHint;
        if (UpperDirectory is not null)
        {
            parameters.Add("upperdir", parameters.Directory(UpperDirectory, MaxValue));
            parameters.Add("workdir", parameters.Directory(WorkDirectory!, MaxValue));
        }

        parameters.AddIf(UserAttributes, "userxattr");
        parameters.AddIf(Volatile, "volatile");
    }

    // One text for all layers is what every kernel understands. It has room for few, so that for more each is an option of its
    // own where the kernel has that; before, it takes the option for a part of a text that it reads in the end (fs/fs_context.c).
    private void AddLayers(FileSystemParameters parameters)
    {
        string[] layers = [.. LowerDirectories.Select(d => parameters.Directory(d, MaxValue))];
        if (TryAddAsOne(layers))
            return;
        if (Environment.OSVersion.Version >= s_firstWithSingleLayers)
        {
            foreach (string layer in layers)
                parameters.Add("lowerdir+", layer);
        }
        else if (!TryAddAsOne([.. LowerDirectories.Select(d => parameters.Directory(d, maxBytes: 0))]))
        {
            throw new MountException("make a file system of the type", Type, Errno.EINVAL, SyscallNumber.FsConfig.Name, $"Before Linux 6.8 the names of all lower directories are one option of {MaxValue} bytes, which {layers.Length} directories do not fit into", []);
        }

        bool TryAddAsOne(string[] names)
        {
            string all = string.Join(':', names);
            bool fits = Encoding.UTF8.GetByteCount(all) <= MaxValue;
            if (fits)
                parameters.Add("lowerdir", all);
            return fits;
        }
    }
}
