using System.Runtime.InteropServices;

namespace Isolation.Fs.Images;

/// <summary>What an image is for, in the words of images (OCI image specification, image-index.md).</summary>
/// <param name="System">The operating system: <c>linux</c>.</param>
/// <param name="Architecture">The architecture as Go names it: <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Variant">A variant of it, such as <c>v7</c> of <c>arm</c>; null for any.</param>
public sealed record ImagePlatform(string System, string Architecture, string? Variant = null)
{
    /// <summary>That of this machine.</summary>
    public static ImagePlatform Current { get; } = new("linux", RuntimeInformation.OSArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    });

    /// <summary>As <c>linux/arm64/v8</c>.</summary>
    public override string ToString() => Variant is null ? $"{System}/{Architecture}" : $"{System}/{Architecture}/{Variant}";

    internal bool Serves(ImagePlatform wanted)
        => System == wanted.System && Architecture == wanted.Architecture && (wanted.Variant is null || Variant is null || Variant == wanted.Variant);
}
