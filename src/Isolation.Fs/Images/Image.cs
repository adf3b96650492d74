using System.Collections.Immutable;
using System.Security.Cryptography;
using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Images;

/// <summary>An image of a layout.</summary>
public sealed class Image
{
    private readonly ImageLayout _layout;
    private readonly ImmutableArray<ImageLayer> _layers;

    internal Image(ImageLayout layout, string digest, ImagePlatform platform, ImageConfig config, ImmutableArray<ImageLayer> layers)
    {
        _layout = layout;
        _layers = layers;
        Digest = digest;
        Platform = platform;
        Config = config;
    }

    /// <summary>The digest of its manifest, which tells it from all others.</summary>
    public string Digest { get; }

    /// <summary>What it is for.</summary>
    public ImagePlatform Platform { get; }

    /// <summary>How its program is to be started.</summary>
    public ImageConfig Config { get; }

    /// <summary>The digests of its layers as they are stored, lowest first.</summary>
    public ImmutableArray<string> Layers => [.. _layers.Select(l => l.Blob.ToString())];

    /// <summary>The size of its layers as they are stored, in bytes.</summary>
    public long Size => _layers.Sum(l => l.Size);

    /// <summary>
    /// Makes a folder out of its layers, or nothing; see <see cref="Layer.Unpack"/>. The size and the digests of each layer
    /// are checked, that of the blob and that of the archive in it.
    /// </summary>
    /// <param name="folder">The folder to be. Its parent is there; it is not.</param>
    /// <param name="options">Limits (for each layer), ids, privilege.</param>
    /// <exception cref="LayerException">A layer is missing, not what its digests say, malformed, unsafe or too large.</exception>
    /// <exception cref="LinuxException">EEXIST: the folder is there. The kernel refused something: ENOSPC, EPERM.</exception>
    public LayerResult Unpack(string folder, LayerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Unpack(folder, options ?? new LayerOptions(), null);
    }

    /// <summary>The same, and tells the bytes of all layers, as they are stored, that have been read so far.</summary>
    internal LayerResult Unpack(string folder, LayerOptions options, Action<long>? progress)
    {
        using var place = UnpackPlace.Open(folder, options);
        int entries = 0;
        long bytes = 0, done = 0;
        var omissions = new OmissionList();
        foreach (ImageLayer layer in _layers)
        {
            long before = done;
            LayerResult result = Apply(layer, place.Root, options, progress is null ? null : read => progress(before + read));
            done += layer.Size;
            entries += result.Entries;
            bytes += result.Bytes;
            omissions.AddAll(result.Omissions);
        }

        place.Complete();
        return new LayerResult(entries, bytes, omissions.All);
    }

    private LayerResult Apply(ImageLayer layer, RootDirectory root, LayerOptions options, Action<long>? progress)
    {
        using BlobStream blob = BlobStream.Open(_layout.Folder, layer.Blob, layer.Size);
        blob.Progress = progress;

        // What is not compressed has one digest, and need not be hashed twice.
        using IncrementalHash? archive = layer.Blob == layer.Archive ? null : layer.Archive.Begin();
        LayerResult result;
        try
        {
            result = Layer.ApplyHashed(blob, root, options, archive);
        }
        catch (LayerException e) when (e.Fault == LayerFault.Malformed)
        {
            // A blob that was damaged is rather that than a malformed archive.
            blob.Verify();
            throw;
        }

        blob.Verify();
        if (archive is not null)
            layer.Archive.Check(archive, "The layer's archive");
        return result;
    }
}
