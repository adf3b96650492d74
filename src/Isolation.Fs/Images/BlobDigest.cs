using System.Security.Cryptography;
using Isolation.Fs.Layers;

namespace Isolation.Fs.Images;

/// <summary>A digest as images write it: <c>sha256:</c> or <c>sha512:</c> and lower-case hexadecimal digits (descriptor.md).</summary>
internal readonly record struct BlobDigest(HashAlgorithmName Algorithm, string Hex)
{
    /// <summary>Where the blob is in a layout. It holds nothing but letters and digits.</summary>
    public string Path => $"blobs/{Algorithm.Name!.ToLowerInvariant()}/{Hex}";

    /// <exception cref="LayerException">It is no digest, or of another algorithm.</exception>
    public static BlobDigest Parse(string? text)
    {
        (HashAlgorithmName algorithm, int length) = text switch
        {
            not null when text.StartsWith("sha256:", StringComparison.Ordinal) => (HashAlgorithmName.SHA256, 64),
            not null when text.StartsWith("sha512:", StringComparison.Ordinal) => (HashAlgorithmName.SHA512, 128),
            _ => throw new LayerException(LayerFault.Unsupported, text, "It is no digest of a known kind (sha256, sha512)"),
        };
        string hex = text[7..];
        return hex.Length == length && hex.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            ? new BlobDigest(algorithm, hex)
            : throw new LayerException(LayerFault.Malformed, text, $"A digest has {length} lower-case hexadecimal digits");
    }

    public IncrementalHash Begin() => IncrementalHash.CreateHash(Algorithm);

    /// <exception cref="LayerException">What was read is something else.</exception>
    public void Check(IncrementalHash read, string what)
    {
        string actual = Convert.ToHexStringLower(read.GetHashAndReset());
        if (actual != Hex)
            throw new LayerException(LayerFault.WrongDigest, ToString(), $"{what} has the digest {actual}");
    }

    public override string ToString() => $"{Algorithm.Name!.ToLowerInvariant()}:{Hex}";
}
