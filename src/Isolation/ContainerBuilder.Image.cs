using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Takes the root file system, the program and its arguments, the environment, the user and the working directory from an
    /// image (OCI image specification, image-layout.md, conversion.md). What is given with <see cref="WithCommand"/> (the
    /// arguments), <see cref="WithEntrypoint"/> (the program), <see cref="WithEnvironment"/>, <see cref="WithUser"/> and
    /// <see cref="WithWorkingDirectory"/> goes before it.
    /// </summary>
    /// <remarks>
    /// The first start, or <see cref="Explain"/>, unpacks the image into the cache, unless it is there already; that does not count
    /// towards <see cref="WithStartTimeout"/>. The image's stop signal, ports and volumes mean nothing here. As with
    /// <see cref="WithRootFs"/>, hostile programs need <see cref="WithUserNs()"/>. Device files of the image do nothing; those of /dev are the
    /// container's. An ordinary user has all files for his own;
    /// <see cref="ImageOptions.Unpacked"/> tells what was left out. Of <see cref="WithEtcFiles"/> a container of an image gets all, where it has a place for them.
    /// </remarks>
    /// <param name="layout">The directory that skopeo, buildah or umoci has written, as an absolute path.</param>
    /// <param name="tag">The image's tag; null when the layout has one image only.</param>
    /// <param name="options">The cache, what becomes of changes, limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">A relative path; or <see cref="RootFsMode.ReadWrite"/>. A start throws <see cref="Isolation.Fs.Layers.LayerException"/> when there is no such image, or when it is not what its digests say.</exception>
    public ContainerBuilder WithImage(string layout, string? tag = null, ImageOptions? options = null)
    {
        string path = Path.GetFullPath(Absolute(layout, "The layout of images", nameof(layout)));
        if (tag is not null)
            Checked(tag, "The tag", nameof(tag));
        options ??= new ImageOptions();
        if (options.Mode == RootFsMode.ReadWrite || !Enum.IsDefined(options.Mode))
            throw new ArgumentException("An unpacked image is that of all containers: its mode is RootFsMode.Overlay, ReadOnly, Copy or OverlayOrCopy.", nameof(options));
        return New(_spec.WithoutRoot() with { Namespaces = _spec.Namespaces | NamespaceKinds.Mount, Image = new ImageSpec(path, tag, options) });
    }

    /// <summary>
    /// The program that <see cref="WithCommand"/> gives the arguments for. It replaces the image's, and the image's arguments as
    /// well; without words there is none, so that the command is the program.
    /// </summary>
    /// <exception cref="ArgumentException">The program is empty, or there is a NUL in an argument.</exception>
    public ContainerBuilder WithEntrypoint(params IEnumerable<string> entrypoint)
    {
        ArgumentNullException.ThrowIfNull(entrypoint);
        string[] words = [.. entrypoint];
        if (words.Length > 0)
            CheckCommand(words, nameof(entrypoint));
        return New(_spec with { Entrypoint = [.. words] });
    }
}
