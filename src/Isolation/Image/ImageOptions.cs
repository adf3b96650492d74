using Isolation.Fs;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;

namespace Isolation;

/// <summary>How a container uses an image: see <see cref="ContainerBuilder.WithImage"/>.</summary>
public sealed record ImageOptions
{
    /// <summary>
    /// What becomes of changes: <see cref="RootFsMode.Overlay"/> and <see cref="RootFsMode.Copy"/> throw them away, <see cref="RootFsMode.ReadOnly"/> refuses them.
    /// The unpacked image is that of all containers, so it is not written to.
    /// </summary>
    public RootFsMode Mode { get; init; } = RootFsMode.Overlay;

    /// <summary>Where images are unpacked to, each once; null for <see cref="ImageCache.DefaultFolder"/>. It is made if it is missing, and is the caller's alone.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>What the image has to be for; null for this machine.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>How much a layer may hold.</summary>
    public LayerLimits Limits { get; init; } = new();

    /// <summary>While the image is unpacked, is told the bytes of its layers, as they are stored, that have been read so far.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// Is told what came of the unpacking, when the image was not there yet: an ordinary user reads in it what was left out
    /// (<see cref="LayerResult.Omissions"/>), such as the owners of files.
    /// </summary>
    public Action<LayerResult>? Unpacked { get; init; }
}
