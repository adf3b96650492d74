using System.Text;
using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>A file with this text, as UTF-8, and the permissions 0644: see <see cref="WithFile(string, ReadOnlyMemory{byte}, UnixFileMode)"/>.</summary>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="content">What the file begins with.</param>
    /// <exception cref="ArgumentException">The path is relative or a directory's, or the text is too long.</exception>
    public ContainerBuilder WithFile(string target, string content) => WithFile(target, content, UsualModes.File);

    /// <summary>A file with this text, as UTF-8: see <see cref="WithFile(string, ReadOnlyMemory{byte}, UnixFileMode)"/>.</summary>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="content">What the file begins with.</param>
    /// <param name="mode">Its permissions.</param>
    /// <exception cref="ArgumentException">The path is relative or a directory's, or the text is too long.</exception>
    public ContainerBuilder WithFile(string target, string content, UnixFileMode mode)
    {
        ArgumentNullException.ThrowIfNull(content);
        return WithFile(target, Encoding.UTF8.GetBytes(content).AsMemory(), mode);
    }

    /// <summary>
    /// A file with this content, shown at a path whatever is there. It is in memory (a tmpfs of the container's own, from which it is bound),
    /// belongs to the user that makes the container's mounts, root as a rule, and goes with the container; the root is not changed.
    /// Each start begins with the same content.
    /// </summary>
    /// <remarks>
    /// The container can write to it, as its permissions say, to 1 MiB for each such file together; with <see cref="RootFsMode.ReadOnly"/> or
    /// <see cref="WithReadOnlyPath"/> it cannot. As a file that is bound it can be neither deleted nor renamed (EBUSY).
    /// </remarks>
    /// <param name="target">An absolute path in the container. In a root of its own it is made if it is missing.</param>
    /// <param name="content">What the file begins with: 1 MiB at the most, and all of a container 4 MiB.</param>
    /// <param name="mode">Its permissions.</param>
    /// <exception cref="ArgumentException">The path is relative or a directory's, or the content is too long.</exception>
    public ContainerBuilder WithFile(string target, ReadOnlyMemory<byte> content, UnixFileMode mode)
    {
        BelowRoot(target, "The file", nameof(target));
        if (target.EndsWith('/'))
            throw new ArgumentException($"The file '{target}' ends with '/', which is for directories.", nameof(target));
        if (((int)mode & ~0xfff) != 0)
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Permissions are 07777 at the most.");
        if (content.Length > FileMountSpec.MaxSize)
            throw new ArgumentException($"The file {target} has {content.Length} bytes; {FileMountSpec.MaxSize} can be given. Bind a file of the host for more (WithBindMount).", nameof(content));
        long total = content.Length + _spec.Mounts.OfType<FileMountSpec>().Sum(f => (long)f.Content.Length);
        if (total > FileMountSpec.MaxTotal)
            throw new ArgumentException($"The files of the container have {total} bytes together; {FileMountSpec.MaxTotal} can be given. Bind files of the host for more (WithBindMount).", nameof(content));
        return With(new FileMountSpec(target, content.ToArray(), mode));
    }

    /// <summary>
    /// Which of /etc/hosts, /etc/hostname and /etc/resolv.conf the container finds made for it, as <see cref="WithFile(string, string)"/>
    /// makes files: nothing of the root is changed. Mounts that are asked for lie over them. Default: all with <see cref="WithImage"/>, else none.
    /// </summary>
    /// <remarks>
    /// What is asked for here has to be possible: an <c>/etc</c> that is missing in a read-only root, or a link that leads to nothing, fails
    /// the start. By default such a file is left out instead, and so is one at whose path another mount was asked for.
    /// What they say of the host is that of the first start of a template.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are no such files.</exception>
    public ContainerBuilder WithEtcFiles(EtcFiles files = EtcFiles.All)
    {
        if ((files & ~EtcFiles.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(files), files, "Unknown files.");
        return New(_spec with { EtcFiles = files, Namespaces = files == EtcFiles.None ? _spec.Namespaces : _spec.Namespaces | NamespaceKinds.Mount });
    }
}
