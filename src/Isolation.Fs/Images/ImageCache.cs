using Isolation.Fs.Layers;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs.Images;

/// <summary>
/// A folder of unpacked images. Each is in a folder that the digest of its manifest names, so that it is unpacked once, for
/// all containers. The folder is its owner's alone: old set-user-ID programs lie in images.
/// </summary>
public sealed class ImageCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A cache in a folder, which need not exist yet.</summary>
    /// <param name="folder">The folder; null for <see cref="DefaultFolder"/>.</param>
    public ImageCache(string? folder = null) => Folder = folder is null ? DefaultFolder : Path.GetFullPath(folder);

    /// <summary>The caller's own: <c>$XDG_CACHE_HOME/isolation/images</c>, or the same in <c>~/.cache</c> (XDG Base Directory Specification).</summary>
    /// <exception cref="InvalidOperationException">The caller has no home directory.</exception>
    public static string DefaultFolder
    {
        get
        {
            // The specification wants relative ones to be ignored.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache)
                return Path.Combine(cache, "isolation/images");
            return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is ['/', ..] home
                ? Path.Combine(home, ".cache/isolation/images")
                : throw new InvalidOperationException("There is no home directory for unpacked images. Set HOME or XDG_CACHE_HOME, or name a folder.");
        }
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Finds an image that was unpacked before.</summary>
    /// <exception cref="LinuxException">EPERM: others could have put it there. ENOTDIR, EACCES.</exception>
    public CachedImage? TryFind(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!Directory.Exists(PathOf(image)))
            return null;
        using RootDirectory kind = OpenKind(image);
        return TryFind(kind, image);
    }

    /// <summary>Unpacks an image, unless it is there already. While another process unpacks it, that one is waited for.</summary>
    /// <param name="image">The image. As root its files get their owners, as an ordinary user they are all his (<see cref="LayerPrivilege"/>).</param>
    /// <param name="limits">How much a layer may hold; null for the defaults.</param>
    /// <param name="progress">Is told the bytes of all layers, as they are stored, that have been read so far; in the end they are <see cref="Image.Size"/>.</param>
    /// <param name="cancellationToken">Ends the unpacking, or the wait; nothing is left then.</param>
    /// <exception cref="LayerException">A layer is missing, not what its digests say, malformed, unsafe or too large.</exception>
    /// <exception cref="LinuxException">EPERM: the folder is another's, or others can write to it. What the kernel refused: ENOSPC, EACCES.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CachedImage Unpack(Image image, LayerLimits? limits = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using RootDirectory kind = OpenKind(image);
        var options = new LayerOptions { Limits = limits ?? new LayerLimits(), CancellationToken = cancellationToken };
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryFind(kind, image) is { } found)
                return found;
            try
            {
                LayerResult result = image.Unpack(PathOf(image), options, read =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(read);
                });
                return new CachedImage(PathOf(image), result);
            }
            catch (LinuxException e) when (e.Errno == Errno.EEXIST && TryFind(kind, image) is not null)
            {
                // Another one was faster.
            }
            catch (LayerException e) when (e.Fault == LayerFault.Busy)
            {
                cancellationToken.WaitHandle.WaitOne(s_pause);
            }
        }
    }

    private CachedImage? TryFind(RootDirectory kind, Image image)
    {
        string path = PathOf(image);
        return kind.TryGetStatus(Path.GetFileName(path), followLink: false) switch
        {
            null => null,
            { IsDirectory: true } => new CachedImage(path, null),
            _ => throw new LinuxException("use as unpacked image", path, Errno.ENOTDIR),
        };
    }

    /// <summary>The folder of a kind of digests. Made if it is missing.</summary>
    private RootDirectory OpenKind(Image image)
    {
        using RootDirectory host = RootDirectory.Open("/");
        string kind = Path.GetDirectoryName(PathOf(image))!;
        foreach (string folder in (ReadOnlySpan<string>)[Folder, kind])
        {
            host.CreateDirectories(folder, OwnerOnly);
            CheckOwner(host, folder);
        }

        return host.OpenRoot(kind);
    }

    // What others could have put there is not what the digest says.
    private static void CheckOwner(RootDirectory host, string folder)
    {
        FileStatus status = host.GetStatus(folder);
        if (status.User != (uint)Sys.Call(SyscallNumber.GetEuid) || (status.Permissions & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new LinuxException("keep images in", folder, Errno.EPERM, hint: "It must belong to the caller, and nobody else may write to it");
    }

    // The digest holds nothing but letters, digits and one colon.
    private string PathOf(Image image) => Path.Combine(Folder, image.Digest.Replace(':', '/'));
}
