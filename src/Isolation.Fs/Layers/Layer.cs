using System.Security.Cryptography;
using Isolation.Syscalls;
using ZstdSharp;

namespace Isolation.Fs.Layers;

/// <summary>
/// Layers: tar archives of what a file system adds to, changes in and takes from the one below (OCI image specification,
/// layer.md). As they are, or compressed with gzip or zstd.
/// </summary>
public static class Layer
{
    /// <summary>Applies a layer to a root. Whatever the layer holds, nothing outside the root is made, changed or read.</summary>
    /// <param name="layer">The archive; it is read to its end and stays open.</param>
    /// <param name="root">What it is applied to. After an error it holds a part of the layer; see <see cref="Unpack"/>.</param>
    /// <param name="options">Limits, ids, privilege.</param>
    /// <exception cref="LayerException">The archive is malformed, unsafe, too large or of an unknown kind.</exception>
    /// <exception cref="LinuxException">The kernel refused something: ENOSPC, EPERM, EROFS. It names the path and the operation.</exception>
    public static LayerResult Apply(Stream layer, RootDirectory root, LayerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(root);
        return ApplyHashed(layer, root, options ?? new LayerOptions(), null);
    }

    internal static LayerResult ApplyHashed(Stream layer, RootDirectory root, LayerOptions options, IncrementalHash? hash)
    {
        try
        {
            using LayerStream stream = LayerStream.Open(layer, hash);
            var blocks = new TarBlocks(stream.Archive, bytes =>
            {
                stream.CheckRatio(bytes, options.Limits);
                options.Progress?.Report(bytes);
            });
            LayerResult result;
            using (var application = new LayerApplication(root, blocks, options))
                result = application.Run();
            Drain(stream, blocks, options.Limits);
            return result;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new LayerException(LayerFault.Malformed, null, "The layer cannot be decompressed", e);
        }
    }

    /// <summary>
    /// Makes a folder out of layers, or nothing: the work is done in <c>FOLDER.incomplete</c>, which becomes the folder in
    /// the end. What a failed or killed try has left there, the next one replaces.
    /// </summary>
    /// <param name="folder">The folder to be. Its parent is there; it is not.</param>
    /// <param name="layers">The layers, lowest first; each is opened when its turn comes.</param>
    /// <param name="options">Limits (for each layer), ids, privilege.</param>
    /// <exception cref="LayerException">As with <see cref="Apply"/>; <see cref="LayerFault.Busy"/>: another process unpacks there.</exception>
    /// <exception cref="LinuxException">EEXIST: the folder is there. ENOENT: its parent is not. As with <see cref="Apply"/>.</exception>
    public static LayerResult Unpack(string folder, IEnumerable<Func<Stream>> layers, LayerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(layers);
        options ??= new LayerOptions();
        using var place = UnpackPlace.Open(folder, options);
        int entries = 0;
        long bytes = 0;
        var omissions = new OmissionList();
        foreach (Func<Stream> open in layers)
        {
            using Stream layer = open();
            LayerResult result = Apply(layer, place.Root, options);
            entries += result.Entries;
            bytes += result.Bytes;
            omissions.AddAll(result.Omissions);
        }

        place.Complete();
        return new LayerResult(entries, bytes, omissions.All);
    }

    /// <summary>Writes what a tree has more than, other than, or less than another as a layer, not compressed. The same trees give the same bytes.</summary>
    /// <param name="lower">The tree below; null for an empty one.</param>
    /// <param name="upper">The tree to describe.</param>
    /// <param name="archive">Where the archive is written.</param>
    /// <param name="options">Ids (mapped back), the latest time.</param>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    /// <exception cref="LayerException">A file cannot be told in a layer: its name begins with <c>.wh.</c>, or it grew meanwhile.</exception>
    public static void Write(RootDirectory? lower, RootDirectory upper, Stream archive, LayerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(upper);
        ArgumentNullException.ThrowIfNull(archive);
        new LayerDifference(lower, upper, new TarWriter(archive), options ?? new LayerOptions()).Run();
    }

    // What follows the archive belongs to the layer's digest, and is bounded as well.
    private static void Drain(LayerStream stream, TarBlocks blocks, LayerLimits limits)
    {
        byte[] rest = new byte[64 << 10];
        long bytes = blocks.Position;
        int read;
        while ((read = stream.Archive.Read(rest, 0, rest.Length)) > 0)
        {
            bytes += read;
            stream.CheckRatio(bytes, limits);
            if (bytes - blocks.Position > limits.MaxBytes)
                throw new LayerException(LayerFault.TooLarge, null, $"More than {limits.MaxBytes} bytes follow the archive");
        }
    }
}
