using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>What overlayfs takes is more, but each layer of a container with a user namespace is a descriptor of the start.</summary>
    private const int MaxLayers = 32;

    /// <summary>
    /// A root file system of several directories, one over the other (overlayfs), none of which is changed; as
    /// <see cref="WithRootFs"/> with <see cref="RootFsMode.Overlay"/> otherwise.
    /// </summary>
    /// <param name="lowers">1 to 32 directories of the host, as absolute paths, the lowest first, as an image's layers are.</param>
    /// <param name="changes">
    /// A directory of the host where changes are kept: in its subdirectory <c>upper</c>, in the form of overlayfs; <c>work</c>, beside
    /// it, is the kernel's. The next container with it begins with them. Only one at a time may use it: while the program of one runs, another
    /// start throws <see cref="Isolation.Syscalls.LinuxException"/> (EBUSY). Without <see cref="WithPidNs()"/> processes that the program
    /// leaves behind have it still. Not for detached containers. Null: changes are thrown away.
    /// </param>
    /// <exception cref="ArgumentException">No layer or too many, a relative path, or <c>/</c>, which is for <see cref="WithRootFs"/> only.</exception>
    public ContainerBuilder WithOverlay(IEnumerable<string> lowers, string? changes = null)
    {
        ArgumentNullException.ThrowIfNull(lowers);
        string[] layers = [.. lowers.Select(l => LayerPath(l, "The layer", nameof(lowers)))];
        if (layers.Length is 0 or > MaxLayers)
            throw new ArgumentException($"An overlay has 1 to {MaxLayers} lower layers here, and not {layers.Length}.", nameof(lowers));
        return New(_spec.WithoutRoot() with
        {
            Namespaces = _spec.Namespaces | NamespaceKinds.Mount,
            Root = layers[^1],
            RootMode = RootFsMode.Overlay,
            LayersBelow = [.. Enumerable.Reverse(layers[..^1])],
            KeptChanges = changes is null ? null : LayerPath(changes, "The directory for changes", nameof(changes)),
        });
    }

    /// <summary>
    /// How much memory the changes to an overlaid root may take, where they are thrown away. Inside, writes beyond it fail with ENOSPC.
    /// Of the host's own root it goes for /tmp and /run together, and once more for the rest. Default: half of the memory (tmpfs(5)).
    /// </summary>
    /// <param name="maxBytes">Bytes at the most, which the kernel rounds up to pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive. <see cref="Build"/> throws <see cref="ArgumentException"/> where there is no such root.</exception>
    public ContainerBuilder WithChangesLimit(long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        return New(_spec with { ChangesLimit = maxBytes });
    }

    private static string LayerPath(string path, string what, string parameter)
        => Path.GetFullPath(Absolute(path, what, parameter)) is var full && full != "/"
            ? full
            : throw new ArgumentException($"{what} is the host's root directory, which WithRootFs takes, with RootFsMode.Overlay.", parameter);
}
