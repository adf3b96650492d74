using Isolation.Fs;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Hides what a file or directory holds: an empty file or directory is mounted over it (OCI runtime specification,
    /// config-linux.md, "Masked Paths"), after the mounts that were asked for before. What is not there is left so.
    /// Nothing is masked by default.
    /// </summary>
    /// <remarks>No boundary for a program that is root in the container, with <see cref="WithUserNs()"/> too: see <see cref="WithReadOnlyPath"/>.</remarks>
    /// <param name="path">An absolute path in the container, such as <c>/proc/kcore</c>.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c>.</exception>
    public ContainerBuilder WithMaskedPath(string path) => With(new MaskedPathSpec(BelowRoot(path, "The masked path", nameof(path))));

    /// <summary>
    /// Makes a file, or a directory with what is mounted below it, read-only (OCI runtime specification, config-linux.md, "Readonly
    /// Paths"), after the mounts that were asked for before. What is not there is left so. Nothing is read-only by default: root without a
    /// user namespace can write to /proc/sys, the host's settings.
    /// </summary>
    /// <remarks>
    /// No boundary for a program with CAP_SYS_ADMIN over its mounts, as root has with <see cref="WithUserNs()"/>, whoever started it, and without: it
    /// can make writable what is read-only and unmount what hides (mount(2), umount2(2)). An ordinary user (<see cref="WithUser"/>) cannot, as long as no
    /// set-user-ID program makes him root; safest without a user namespace. Against root of one only owners and permissions protect files: those
    /// that the mapped ids may not write.
    /// </remarks>
    /// <param name="path">An absolute path in the container, such as <c>/proc/sys</c>.</param>
    /// <exception cref="ArgumentException">A relative path, or <c>/</c>, for which there is <see cref="RootFsMode.ReadOnly"/>.</exception>
    public ContainerBuilder WithReadOnlyPath(string path) => With(new ReadOnlyPathSpec(BelowRoot(path, "The read-only path", nameof(path))));

    private static string BelowRoot(string path, string what, string parameter)
        => Path.GetFullPath(Absolute(path, what, parameter)) != "/" ? path : throw new ArgumentException($"{what} is the root directory.", parameter);
}
