using Isolation.Fs;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Hides what a file or directory holds: an empty file or directory is mounted over it (OCI runtime specification,
    /// config-linux.md, "Masked Paths"), after the mounts that were asked for before. What is not there is left so.
    /// </summary>
    /// <param name="path">An absolute path in the container, such as <c>/proc/kcore</c>.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c>.</exception>
    public ContainerBuilder WithMaskedPath(string path) => With(new MaskedPathSpec(BelowRoot(path, "The masked path", nameof(path))));

    /// <summary>
    /// Makes a file, or a directory with what is mounted below it, read-only (OCI runtime specification, config-linux.md, "Readonly
    /// Paths"), after the mounts that were asked for before. What is not there is left so.
    /// </summary>
    /// <param name="path">An absolute path in the container, such as <c>/proc/sys</c>.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c>, for which there is <see cref="RootFsMode.ReadOnly"/>.</exception>
    public ContainerBuilder WithReadOnlyPath(string path) => With(new ReadOnlyPathSpec(BelowRoot(path, "The read-only path", nameof(path))));

    private static string BelowRoot(string path, string what, string parameter)
        => Path.GetFullPath(Absolute(path, what, parameter)) != "/" ? path : throw new ArgumentException($"{what} is the root directory.", parameter);
}
