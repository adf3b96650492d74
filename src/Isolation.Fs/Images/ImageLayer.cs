namespace Isolation.Fs.Images;

/// <summary>A layer of an image: its blob, and the archive in it.</summary>
/// <param name="Blob">The digest of the blob as it is stored.</param>
/// <param name="Size">The blob's size in bytes.</param>
/// <param name="Archive">The digest of the archive that comes out of it.</param>
internal sealed record ImageLayer(BlobDigest Blob, long Size, BlobDigest Archive);
