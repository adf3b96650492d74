using System.IO.Compression;
using System.Security.Cryptography;
using ZstdSharp;

namespace Isolation.Fs.Layers;

/// <summary>A layer's archive out of what it is compressed with, told by its first bytes; and the ratio between both.</summary>
internal sealed class LayerStream : IDisposable
{
    private readonly CountingStream _compressed;

    private LayerStream(CountingStream compressed, Stream archive)
    {
        _compressed = compressed;
        Archive = archive;
    }

    public Stream Archive { get; }

    /// <param name="layer">As it is stored.</param>
    /// <param name="hash">Gets all of the archive, if it is not null.</param>
    public static LayerStream Open(Stream layer, IncrementalHash? hash)
    {
        var counted = new CountingStream(layer);
        ReadOnlySpan<byte> magic = counted.Peek(4);
        Stream archive = magic switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(counted, CompressionMode.Decompress, leaveOpen: true),
            // RFC 8878: a frame, or one to skip, which pzstd(1) begins with.
            [0x28, 0xb5, 0x2f, 0xfd] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18] => new DecompressionStream(counted, leaveOpen: true),
            _ => counted,
        };
        return new LayerStream(counted, hash is null ? archive : new HashedStream(archive, hash));
    }

    /// <exception cref="LayerException">So much has come out of so little that it can only be a bomb.</exception>
    public void CheckRatio(long bytes, LayerLimits limits)
    {
        if (bytes > limits.RatioFrom && bytes / limits.MaxRatio > _compressed.Count)
            throw new LayerException(LayerFault.TooLarge, null, $"The layer is compressed by more than {limits.MaxRatio} to 1");
    }

    public void Dispose()
    {
        if (Archive != _compressed)
            Archive.Dispose();
    }
}
